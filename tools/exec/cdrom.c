/* SPDX-License-Identifier: MIT */
/* The uniform CD-ROM driver's ioctls (the kernel's drivers/cdrom/cdrom.c, linux/cdrom.h). */
#include <errno.h>
#include <linux/cdrom.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "drive.h"
#include "exec/answer.h"
#include "ioctls.h"

#define LOAD_MS 60000

static int start_stop(const struct call *call, enum mmc_start_stop action)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_start_stop(cdb, action, false);

    return drive_command(call->node.drive, cdb, len, LOAD_MS);
}

static int lock_door(const struct call *call, bool locked)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_prevent_allow(cdb, locked, false);

    return drive_command(call->node.drive, cdb, len, 0);
}

static int keep_locked(const struct call *call, bool keep)
{
    const struct host_request request = {
        .op = HOST_KEEP_LOCKED, .drive = call->node.drive, .argument = keep};

    return drive_ask(&request, NULL);
}

/* cdrom_ioctl_eject: not while somebody else has the drive open */
static int eject(const struct call *call)
{
    int error;

    if (node_is_shared(call->fd)) {
        return -EBUSY;
    }
    error = lock_door(call, false);
    return error ? error : start_stop(call, MMC_EJECT);
}

static int close_tray(const struct call *call)
{
    return start_stop(call, MMC_LOAD);
}

/* cdrom_ioctl_lock_door: the argument is the value, and the lock outlives the last close */
static int door(const struct call *call)
{
    bool locked = call->arg != NULL;
    int error;

    if (!locked && node_is_shared(call->fd) && geteuid() != 0) {
        return -EBUSY;
    }
    error = keep_locked(call, locked);
    return error ? error : lock_door(call, locked);
}

static int start(const struct call *call)
{
    return start_stop(call, MMC_START);
}

static int stop(const struct call *call)
{
    return start_stop(call, MMC_STOP);
}

static int drive_status(const struct call *call)
{
    const struct host_request request = {.op = HOST_STATUS, .drive = call->node.drive};
    int64_t value;
    int error = drive_ask(&request, &value);

    return error ? error : (int)value;
}

/* Once after each change, whoever asks. */
static int media_changed(const struct call *call)
{
    const struct host_request request = {.op = HOST_CHANGED, .drive = call->node.drive};
    int64_t value;
    int error = drive_ask(&request, &value);

    return error ? error : (int)value;
}

static int options(const struct call *call, uint32_t set, uint32_t clear)
{
    const struct host_request request = {
        .op = HOST_OPTIONS, .drive = call->node.drive, .argument = set | (uint64_t)clear << 32};
    int64_t value;
    int error = drive_ask(&request, &value);

    return error ? error : (int)value;
}

static int set_options(const struct call *call)
{
    return options(call, (uint32_t)(uintptr_t)call->arg, 0);
}

static int clear_options(const struct call *call)
{
    return options(call, 0, (uint32_t)(uintptr_t)call->arg);
}

static int select_speed(const struct call *call)
{
    uint8_t cdb[16];
    uintptr_t times = (uintptr_t)call->arg; /* the argument is the value; 0 asks for the fastest */
    uint16_t kb_s = times == 0 || times > 370 ? MMC_SPEED_MAXIMUM : (uint16_t)(times * 177);
    uint8_t len = mmc_cdb_set_cd_speed(cdb, MMC_ROTATION_CLV, kb_s, MMC_SPEED_MAXIMUM);

    return drive_command(call->node.drive, cdb, len, 0);
}

/* What the host learnt of mode page 2Ah stands in its table. */
static int get_capability(const struct call *call)
{
    const struct host_request request = {.op = HOST_CAPABILITY, .drive = call->node.drive};
    int64_t value;
    int error = drive_ask(&request, &value);

    return error ? error : (int)value;
}

static int send_packet(const struct call *call)
{
    struct cdrom_generic_command *packet = call->arg;
    struct transport_task task = {.cdb_len = 12, .timeout_ms = 60000};
    int error;

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
    error = drive_task(call->node.drive, &task);
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

/* ---- playing: audio that nobody hears, if the drive has it ---- */

#define AUDIO_PAGE 0x0E
#define AUDIO_PAGE_BYTES 16
#define HEADER_BYTES 8

/* The mode data of page 0Eh with its header: 0 or a negative errno. */
static int read_audio_page(const struct call *call, uint8_t data[HEADER_BYTES + AUDIO_PAGE_BYTES])
{
    const size_t size = HEADER_BYTES + AUDIO_PAGE_BYTES;
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_mode_sense(cdb, 0, AUDIO_PAGE, (uint16_t)size);
    int got = drive_read(call->node.drive, cdb, len, data, size);

    return got < 0 ? got : got == (int)size ? 0 : -EIO;
}

/* Ports 0 to 3: channel and volume each, from byte 8 of the page on (MMC-3 5.5.5). */
static uint8_t *volume_of_port(uint8_t *data, unsigned port)
{
    return data + HEADER_BYTES + 9 + 2 * (size_t)port;
}

static int read_volume(const struct call *call)
{
    struct cdrom_volctrl *volume = call->arg;
    uint8_t data[HEADER_BYTES + AUDIO_PAGE_BYTES];
    int error = read_audio_page(call, data);

    if (!error) {
        volume->channel0 = *volume_of_port(data, 0);
        volume->channel1 = *volume_of_port(data, 1);
        volume->channel2 = *volume_of_port(data, 2);
        volume->channel3 = *volume_of_port(data, 3);
    }
    return error;
}

static int set_volume(const struct call *call)
{
    const struct cdrom_volctrl *volume = call->arg;
    uint8_t data[HEADER_BYTES + AUDIO_PAGE_BYTES];
    struct transport_task task = {.out = data, .out_len = sizeof(data), .timeout_ms = LOAD_MS};
    int error = read_audio_page(call, data);

    if (error) {
        return error;
    }
    memset(data, 0, HEADER_BYTES);
    data[HEADER_BYTES] &= 0x3F; /* PS is for reading */
    *volume_of_port(data, 0) = volume->channel0;
    *volume_of_port(data, 1) = volume->channel1;
    *volume_of_port(data, 2) = volume->channel2;
    *volume_of_port(data, 3) = volume->channel3;
    task.cdb_len = mmc_cdb_mode_select(task.cdb, sizeof(data));
    error = drive_task(call->node.drive, &task);
    return error ? error : answer_errno(&task);
}

/* PAUSE/RESUME, PLAY AUDIO MSF and TRACK INDEX: ten bytes and no data */
static int play(const struct call *call, uint8_t opcode, const uint8_t *fields, size_t count)
{
    uint8_t cdb[10] = {opcode};

    memcpy(cdb + 3, fields, count);
    return drive_command(call->node.drive, cdb, sizeof(cdb), LOAD_MS);
}

static int play_msf(const struct call *call)
{
    return play(call, 0x47, call->arg, sizeof(struct cdrom_msf));
}

static int play_tracks(const struct call *call)
{
    const struct cdrom_ti *ti = call->arg;
    const uint8_t fields[] = {0, ti->cdti_trk0, ti->cdti_ind0, 0, ti->cdti_trk1, ti->cdti_ind1};

    return play(call, 0x48, fields, sizeof(fields));
}

static int pause_or_resume(const struct call *call, uint8_t resume)
{
    const uint8_t fields[] = {0, 0, 0, 0, 0, resume};

    return play(call, 0x4B, fields, sizeof(fields));
}

static int pause_audio(const struct call *call)
{
    return pause_or_resume(call, 0);
}

static int resume_audio(const struct call *call)
{
    return pause_or_resume(call, 1);
}

static int slots(const struct call *call)
{
    (void)call;
    return 1;
}

static int reset(const struct call *call)
{
    (void)call;
    return geteuid() == 0 ? 0 : -EACCES;
}

const struct ioctl_row cdrom_ioctls[] = {
    {CDROMEJECT, eject},
    {CDROMCLOSETRAY, close_tray},
    {CDROM_LOCKDOOR, door},
    {CDROMSTART, start},
    {CDROMSTOP, stop},
    {CDROM_DRIVE_STATUS, drive_status},
    {CDROM_SELECT_SPEED, select_speed},
    {CDROM_GET_CAPABILITY, get_capability},
    {CDROMVOLREAD, read_volume},
    {CDROMVOLCTRL, set_volume},
    {CDROMPLAYMSF, play_msf},
    {CDROMPLAYTRKIND, play_tracks},
    {CDROMPAUSE, pause_audio},
    {CDROMRESUME, resume_audio},
    {CDROM_CHANGER_NSLOTS, slots},
    {CDROM_SEND_PACKET, send_packet},
    {CDROM_MEDIA_CHANGED, media_changed},
    {CDROM_SET_OPTIONS, set_options},
    {CDROM_CLEAR_OPTIONS, clear_options},
    {CDROMRESET, reset},
    {0, NULL},
};
