/* SPDX-License-Identifier: MIT */
/* The uniform CD-ROM driver's ioctls (the kernel's drivers/cdrom/cdrom.c, linux/cdrom.h). */
#include <errno.h>
#include <linux/cdrom.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "drive.h"
#include "ioctls.h"

#define LOAD_MS 60000

static int start_stop(enum mmc_start_stop action)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_start_stop(cdb, action, false);

    return drive_command(cdb, len, LOAD_MS);
}

static int lock_door(bool locked)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_prevent_allow(cdb, locked, false);

    return drive_command(cdb, len, 0);
}

static int eject(enum node node, void *arg)
{
    int error = lock_door(false);

    (void)node;
    (void)arg;
    return error ? error : start_stop(MMC_EJECT);
}

static int close_tray(enum node node, void *arg)
{
    (void)node;
    (void)arg;
    return start_stop(MMC_LOAD);
}

static int door(enum node node, void *arg)
{
    (void)node;
    return lock_door(arg != NULL); /* the argument is the value */
}

static int start(enum node node, void *arg)
{
    (void)node;
    (void)arg;
    return start_stop(MMC_START);
}

static int stop(enum node node, void *arg)
{
    (void)node;
    (void)arg;
    return start_stop(MMC_STOP);
}

static int drive_status(enum node node, void *arg)
{
    uint8_t cdb[16], reply[MMC_EVENT_BYTES];
    uint8_t len = mmc_cdb_get_event_status(cdb, MMC_EVENT_MASK_MEDIA, sizeof(reply));
    struct mmc_event event;
    int got;

    (void)node;
    (void)arg;
    if (drive_ready() == 0) {
        return CDS_DISC_OK;
    }
    got = drive_read(cdb, len, reply, sizeof(reply));
    if (got < 0 || mmc_event_parse(reply, (size_t)got, &event) != MMC_OK ||
        event.notification_class != 4) {
        return CDS_NO_INFO;
    }
    return event.medium_present ? CDS_DRIVE_NOT_READY
           : event.tray_open    ? CDS_TRAY_OPEN
                                : CDS_NO_DISC;
}

static int get_toc(struct mmc_toc *toc)
{
    uint8_t cdb[16], reply[MMC_TOC_BYTES];
    uint8_t len = mmc_cdb_read_toc(cdb, MMC_TOC, false, 0, sizeof(reply));
    int got = drive_read(cdb, len, reply, sizeof(reply));

    if (got < 0) {
        return got;
    }
    return mmc_toc_parse(reply, (size_t)got, false, toc) == MMC_OK ? 0 : -EIO;
}

static int disc_status(enum node node, void *arg)
{
    struct mmc_toc toc;
    unsigned audio = 0, data = 0;
    int error = get_toc(&toc);

    (void)node;
    (void)arg;
    if (error) {
        return error == -ENOMEDIUM ? CDS_NO_DISC : CDS_NO_INFO;
    }
    for (unsigned i = 0; i < toc.count; i++) {
        if (toc.entries[i].track != MMC_TOC_LEAD_OUT) {
            *(toc.entries[i].control & CONTROL_DATA ? &data : &audio) += 1;
        }
    }
    return audio && data ? CDS_MIXED : audio ? CDS_AUDIO : data ? CDS_DATA_1 : CDS_NO_INFO;
}

static int read_toc_header(enum node node, void *arg)
{
    struct cdrom_tochdr *header = arg;
    struct mmc_toc toc;
    int error = get_toc(&toc);

    (void)node;
    if (!error) {
        header->cdth_trk0 = toc.first_track;
        header->cdth_trk1 = toc.last_track;
    }
    return error;
}

static void to_msf(int32_t lba, struct cdrom_msf0 *out)
{
    lba += CD_MSF_OFFSET;
    out->minute = (uint8_t)(lba / CD_FRAMES / CD_SECS);
    out->second = (uint8_t)(lba / CD_FRAMES % CD_SECS);
    out->frame = (uint8_t)(lba % CD_FRAMES);
}

static int read_toc_entry(enum node node, void *arg)
{
    struct cdrom_tocentry *entry = arg;
    struct mmc_toc toc;
    int error = get_toc(&toc);

    (void)node;
    if (error) {
        return error;
    }
    if (entry->cdte_format != CDROM_LBA && entry->cdte_format != CDROM_MSF) {
        return -EINVAL;
    }
    for (unsigned i = 0; i < toc.count; i++) {
        if (toc.entries[i].track == entry->cdte_track) {
            entry->cdte_adr = toc.entries[i].adr & 0x0F;
            entry->cdte_ctrl = toc.entries[i].control & 0x0F;
            entry->cdte_datamode = 0;
            if (entry->cdte_format == CDROM_LBA) {
                entry->cdte_addr.lba = toc.entries[i].lba;
            } else {
                to_msf(toc.entries[i].lba, &entry->cdte_addr.msf);
            }
            return 0;
        }
    }
    return -EINVAL;
}

static int multi_session(enum node node, void *arg)
{
    struct cdrom_multisession *ms = arg;
    uint8_t cdb[16], reply[12];
    uint8_t len = mmc_cdb_read_toc(cdb, MMC_TOC_SESSION_INFORMATION, false, 0, sizeof(reply));
    struct mmc_session_information info;
    int got = drive_read(cdb, len, reply, sizeof(reply));

    (void)node;
    if (got < 0) {
        return got;
    }
    if (mmc_session_information_parse(reply, (size_t)got, false, &info) != MMC_OK) {
        return -EIO;
    }
    ms->xa_flag = info.last_session > info.first_session;
    if (ms->addr_format == CDROM_LBA) {
        ms->addr.lba = ms->xa_flag ? info.lba : 0;
    } else {
        to_msf(ms->xa_flag ? info.lba : 0, &ms->addr.msf);
    }
    return 0;
}

/* nframes of 2352 bytes from an address, some at a time */
static int read_audio(enum node node, void *arg)
{
    struct cdrom_read_audio *audio = arg;
    uint8_t *to = audio->buf;
    int32_t lba = audio->addr.lba;

    (void)node;
    if (audio->addr_format == CDROM_MSF) {
        lba = (audio->addr.msf.minute * CD_SECS + audio->addr.msf.second) * CD_FRAMES +
              audio->addr.msf.frame - CD_MSF_OFFSET;
    }
    if (audio->nframes <= 0 || lba < 0) {
        return -EINVAL;
    }
    for (int left = audio->nframes; left > 0;) {
        int piece = left > 27 ? 27 : left;
        uint8_t cdb[16];
        uint8_t len = mmc_cdb_read_cd(cdb, lba, (uint32_t)piece, MMC_SECTOR_CD_DA,
                                      MMC_READ_WHOLE_SECTOR, MMC_SUB_NONE);
        int got = drive_read(cdb, len, to, (size_t)piece * CD_FRAMESIZE_RAW);

        if (got < 0) {
            return got;
        }
        lba += piece;
        left -= piece;
        to += piece * CD_FRAMESIZE_RAW;
    }
    return 0;
}

static int select_speed(enum node node, void *arg)
{
    uint8_t cdb[16];
    uintptr_t times = (uintptr_t)arg; /* the argument is the value; 0 asks for the fastest */
    uint16_t kb_s = times == 0 || times > 370 ? MMC_SPEED_MAXIMUM : (uint16_t)(times * 177);
    uint8_t len = mmc_cdb_set_cd_speed(cdb, MMC_ROTATION_CLV, kb_s, MMC_SPEED_MAXIMUM);

    (void)node;
    return drive_command(cdb, len, 0);
}

static int get_capability(enum node node, void *arg)
{
    (void)node;
    (void)arg;
    return CDC_CLOSE_TRAY | CDC_OPEN_TRAY | CDC_LOCK | CDC_SELECT_SPEED | CDC_MULTI_SESSION |
           CDC_MEDIA_CHANGED | CDC_PLAY_AUDIO | CDC_RESET | CDC_DRIVE_STATUS | CDC_GENERIC_PACKET |
           CDC_CD_R;
}

static int send_packet(enum node node, void *arg)
{
    struct cdrom_generic_command *packet = arg;
    struct transport_task task = {.cdb_len = 12, .timeout_ms = 60000};
    int error;

    (void)node;
    memcpy(task.cdb, packet->cmd, 12);
    /* the opcode's group has its own length; the rest of the packet is padding */
    task.cdb_len = task.cdb[0] < 0x20 ? 6 : task.cdb[0] < 0x60 ? 10 : 12;
    if (packet->data_direction == CGC_DATA_WRITE) {
        task.out = packet->buffer;
        task.out_len = packet->buflen;
    } else if (packet->data_direction == CGC_DATA_READ) {
        task.in = packet->buffer;
        task.in_size = packet->buflen;
    }
    error = drive_task(&task);
    if (error) {
        return error;
    }
    if (packet->sense && task.sense_len > 0) {
        memcpy(packet->sense, task.sense,
               task.sense_len < sizeof(*packet->sense) ? task.sense_len : sizeof(*packet->sense));
    }
    packet->stat = task.result != TRANSPORT_OK || task.status != SAM_GOOD;
    packet->buflen = task.in_size ? (unsigned)(task.in_size - task.in_len) : 0; /* what is left */
    return packet->stat ? -EIO : 0;
}

static int nothing_changed(enum node node, void *arg)
{
    (void)node;
    (void)arg;
    return 0;
}

const struct ioctl_row cdrom_ioctls[] = {
    {CDROMEJECT, eject},
    {CDROMCLOSETRAY, close_tray},
    {CDROM_LOCKDOOR, door},
    {CDROMSTART, start},
    {CDROMSTOP, stop},
    {CDROM_DRIVE_STATUS, drive_status},
    {CDROM_DISC_STATUS, disc_status},
    {CDROMREADTOCHDR, read_toc_header},
    {CDROMREADTOCENTRY, read_toc_entry},
    {CDROMMULTISESSION, multi_session},
    {CDROMREADAUDIO, read_audio},
    {CDROM_SELECT_SPEED, select_speed},
    {CDROM_GET_CAPABILITY, get_capability},
    {CDROM_SEND_PACKET, send_packet},
    {CDROM_MEDIA_CHANGED, nothing_changed},
    {CDROM_SET_OPTIONS, nothing_changed},
    {CDROM_CLEAR_OPTIONS, nothing_changed},
    {CDROMRESET, nothing_changed},
    {0, NULL},
};
