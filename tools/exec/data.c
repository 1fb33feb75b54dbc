/* SPDX-License-Identifier: MIT */
/* The uniform CD-ROM driver's ioctls that read a disc (the kernel's drivers/cdrom/cdrom.c). */
#include <errno.h>
#include <linux/cdrom.h>
#include <stdint.h>
#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "drive.h"
#include "ioctls.h"

static int get_toc(unsigned drive, struct mmc_toc *toc)
{
    uint8_t cdb[16], reply[MMC_TOC_BYTES];
    uint8_t len = mmc_cdb_read_toc(cdb, MMC_TOC, false, 0, sizeof(reply));
    int got = drive_read(drive, cdb, len, reply, sizeof(reply));

    if (got < 0) {
        return got;
    }
    return mmc_toc_parse(reply, (size_t)got, false, toc) == MMC_OK ? 0 : -EIO;
}

static int disc_status(const struct call *call)
{
    struct mmc_toc toc;
    unsigned audio = 0, data = 0;
    int error = get_toc(call->node.drive, &toc);

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

static int read_toc_header(const struct call *call)
{
    struct cdrom_tochdr *header = call->arg;
    struct mmc_toc toc;
    int error = get_toc(call->node.drive, &toc);

    if (!error) {
        header->cdth_trk0 = toc.first_track;
        header->cdth_trk1 = toc.last_track;
    }
    return error;
}

static int32_t from_msf(const struct cdrom_msf0 *msf)
{
    return (msf->minute * CD_SECS + msf->second) * CD_FRAMES + msf->frame - CD_MSF_OFFSET;
}

static void to_msf(int32_t lba, struct cdrom_msf0 *out)
{
    lba += CD_MSF_OFFSET;
    out->minute = (uint8_t)(lba / CD_FRAMES / CD_SECS);
    out->second = (uint8_t)(lba / CD_FRAMES % CD_SECS);
    out->frame = (uint8_t)(lba % CD_FRAMES);
}

static int read_toc_entry(const struct call *call)
{
    struct cdrom_tocentry *entry = call->arg;
    struct mmc_toc toc;
    int error = get_toc(call->node.drive, &toc);

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

static int multi_session(const struct call *call)
{
    struct cdrom_multisession *ms = call->arg;
    uint8_t cdb[16], reply[12];
    uint8_t len = mmc_cdb_read_toc(cdb, MMC_TOC_SESSION_INFORMATION, false, 0, sizeof(reply));
    struct mmc_session_information info;
    int got = drive_read(call->node.drive, cdb, len, reply, sizeof(reply));

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
static int read_audio(const struct call *call)
{
    struct cdrom_read_audio *audio = call->arg;
    uint8_t *to = audio->buf;
    int32_t lba = audio->addr.lba;

    if (audio->addr_format == CDROM_MSF) {
        lba = from_msf(&audio->addr.msf);
    }
    if (audio->nframes <= 0 || lba < 0) {
        return -EINVAL;
    }
    for (int left = audio->nframes; left > 0;) {
        int piece = left > 27 ? 27 : left;
        uint8_t cdb[16];
        uint8_t len = mmc_cdb_read_cd(cdb, lba, (uint32_t)piece, MMC_SECTOR_CD_DA,
                                      MMC_READ_WHOLE_SECTOR, MMC_SUB_NONE);
        int got = drive_read(call->node.drive, cdb, len, to, (size_t)piece * CD_FRAMESIZE_RAW);

        if (got < 0) {
            return got;
        }
        lba += piece;
        left -= piece;
        to += piece * CD_FRAMESIZE_RAW;
    }
    return 0;
}

/* mmc_ioctl_cdrom_read_data: one block, at the address that lies at the buffer's start */
static int read_block(const struct call *call, uint8_t main_channel, size_t bytes)
{
    uint8_t block[CD_FRAMESIZE_RAW], cdb[16];
    struct cdrom_msf0 msf;
    uint8_t len;
    int got;

    memcpy(&msf, call->arg, sizeof(msf));
    len = mmc_cdb_read_cd(cdb, from_msf(&msf), 1, MMC_SECTOR_ANY, main_channel, MMC_SUB_NONE);
    got = drive_read(call->node.drive, cdb, len, block, bytes);
    if (got < 0) {
        return got;
    }
    memcpy(call->arg, block, (size_t)got);
    return got == (int)bytes ? 0 : -EIO;
}

static int read_raw(const struct call *call)
{
    return read_block(call, MMC_READ_WHOLE_SECTOR, CD_FRAMESIZE_RAW);
}

static int read_mode_1(const struct call *call)
{
    return read_block(call, MMC_READ_USER_DATA, CD_FRAMESIZE);
}

/* all that follows the header of a mode 2 sector */
static int read_mode_2(const struct call *call)
{
    return read_block(call, MMC_READ_SUB_HEADER | MMC_READ_USER_DATA | MMC_READ_EDC_ECC,
                      CD_FRAMESIZE_RAW0);
}

/* READ SUB-CHANNEL, MMC-6 6.20 in MSF form with SUBQ: format 1 is 16 bytes, format 2 is 24 */
static int read_sub_channel(const struct call *call, uint8_t format, uint8_t *reply, uint8_t size)
{
    const uint8_t cdb[10] = {OP_READ_SUB_CHANNEL, 0x02, 0x40, format, 0, 0, 0, 0, size, 0};
    int got = drive_read(call->node.drive, cdb, sizeof(cdb), reply, size);

    return got < 0 ? got : got == size ? 0 : -EIO;
}

static void take_address(uint8_t format, const uint8_t *from, union cdrom_addr *to)
{
    struct cdrom_msf0 msf = {from[1], from[2], from[3]};

    if (format == CDROM_MSF) {
        to->msf = msf;
    } else {
        to->lba = from_msf(&msf);
    }
}

static int sub_channel(const struct call *call)
{
    struct cdrom_subchnl *q = call->arg;
    uint8_t reply[16];
    int error;

    if (q->cdsc_format != CDROM_LBA && q->cdsc_format != CDROM_MSF) {
        return -EINVAL;
    }
    error = read_sub_channel(call, 1, reply, sizeof(reply));
    if (error) {
        return error;
    }
    q->cdsc_audiostatus = reply[1];
    q->cdsc_adr = reply[5] >> 4;
    q->cdsc_ctrl = reply[5] & 0x0F;
    q->cdsc_trk = reply[6];
    q->cdsc_ind = reply[7];
    take_address(q->cdsc_format, reply + 8, &q->cdsc_absaddr);
    take_address(q->cdsc_format, reply + 12, &q->cdsc_reladdr);
    if (q->cdsc_format == CDROM_LBA) {
        q->cdsc_reladdr.lba += CD_MSF_OFFSET; /* within the track nothing is offset */
    }
    return 0;
}

/* sr_get_mcn: thirteen digits, whether there are any or not */
static int catalog_number(const struct call *call)
{
    struct cdrom_mcn *mcn = call->arg;
    uint8_t reply[24];
    int error = read_sub_channel(call, 2, reply, sizeof(reply));

    if (!error) {
        memcpy(mcn->medium_catalog_number, reply + 9, 13);
        mcn->medium_catalog_number[13] = 0;
    }
    return error;
}

static int last_track(const struct call *call, struct mmc_track_information *track)
{
    uint8_t cdb[16], reply[64];
    uint8_t len = mmc_cdb_read_disc_information(cdb, sizeof(reply));
    struct mmc_disc_information disc;
    int got = drive_read(call->node.drive, cdb, len, reply, sizeof(reply));

    if (got < 0) {
        return got;
    }
    if (mmc_disc_information_parse(reply, (size_t)got, &disc) != MMC_OK) {
        return -EIO;
    }
    len = mmc_cdb_read_track_information(cdb, MMC_TRACK_BY_NUMBER, disc.last_track_last_session,
                                         sizeof(reply));
    got = drive_read(call->node.drive, cdb, len, reply, sizeof(reply));
    if (got < 0) {
        return got;
    }
    return mmc_track_information_parse(reply, (size_t)got, track) == MMC_OK ? 0 : -EIO;
}

static int last_written(const struct call *call)
{
    struct mmc_track_information track;
    int error = last_track(call, &track);

    if (!error) {
        *(long *)call->arg = track.start_lba + (long)track.blocks - (long)track.free_blocks;
    }
    return error;
}

static int next_writable(const struct call *call)
{
    struct mmc_track_information track;
    int error = last_track(call, &track);

    if (!error && !track.has_next_writable) {
        return -EIO;
    }
    if (!error) {
        *(long *)call->arg = track.next_writable_lba;
    }
    return error;
}

const struct ioctl_row data_ioctls[] = {
    {CDROM_DISC_STATUS, disc_status},     {CDROMREADTOCHDR, read_toc_header},
    {CDROMREADTOCENTRY, read_toc_entry},  {CDROMMULTISESSION, multi_session},
    {CDROMREADAUDIO, read_audio},         {CDROMREADRAW, read_raw},
    {CDROMREADMODE1, read_mode_1},        {CDROMREADMODE2, read_mode_2},
    {CDROMREADCOOKED, read_mode_1},       {CDROMSUBCHNL, sub_channel},
    {CDROM_GET_MCN, catalog_number},      {CDROM_LAST_WRITTEN, last_written},
    {CDROM_NEXT_WRITABLE, next_writable}, {0, NULL},
};
