/* SPDX-License-Identifier: MIT */
/* Who the logical unit is: TEST UNIT READY, REQUEST SENSE, INQUIRY, REPORT LUNS (SPC-3 6). */
#include "core.h"

#include <string.h>

enum { SENSE_KEY_SPECIFIC_VALID = 0x80 };
enum { PERIPHERAL_MMC = 0x05, VPD_PAGES = 0x00, VPD_SERIAL = 0x80, VPD_IDENTIFICATION = 0x83 };

uint32_t test_unit_ready(struct command *c)
{
    (void)c; /* the gate has asked for the medium */
    return SENSE_NONE;
}

uint32_t request_sense(struct command *c)
{
    uint8_t data[VCDR_SENSE_BYTES];
    uint32_t sense;

    if (c->cdb[1] & 0x01) /* DESC: descriptor format, not supported */
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, c->cdb[4]);
    sense = attention_take(c->nexus);
    if (sense == SENSE_NONE)
        sense = work_sense(c->drive);
    sense_put(data, sense, NULL);
    if (sense == work_sense(c->drive) && work_busy(c->drive)) { /* SPC-3 4.5.2.4.4: progress */
        data[15] = SENSE_KEY_SPECIFIC_VALID;
        put_be16(data + 16, work_progress(c->drive));
    }
    writer_put(&c->in, data, sizeof(data));
    return SENSE_NONE;
}

/* Text left-aligned in a field of spaces (SPC-3 4.4.1). */
static void put_text(struct writer *w, const char *text, size_t field)
{
    size_t len = strlen(text);

    writer_put(w, text, len);
    for (; len < field; len++)
        writer_u8(w, ' ');
}

static void standard_inquiry(struct command *c)
{
    /* removable; SPC-3; response data format 2; length of what follows; CmdQue */
    static const uint8_t head[8] = {PERIPHERAL_MMC, 0x80, 0x05, 0x02, 36 - 5, 0x00, 0x00, 0x02};

    writer_put(&c->in, head, sizeof(head));
    put_text(&c->in, c->drive->vendor, 8);
    put_text(&c->in, c->drive->product, 16);
    put_text(&c->in, c->drive->revision, 4);
}

static void vpd_head(struct command *c, uint8_t page, size_t len)
{
    writer_u8(&c->in, PERIPHERAL_MMC);
    writer_u8(&c->in, page);
    writer_be16(&c->in, (uint16_t)len);
}

static void vpd_pages(struct command *c)
{
    static const uint8_t pages[] = {VPD_PAGES, VPD_SERIAL, VPD_IDENTIFICATION};

    vpd_head(c, VPD_PAGES, sizeof(pages));
    writer_put(&c->in, pages, sizeof(pages));
}

static void vpd_serial(struct command *c)
{
    size_t len = strlen(c->drive->serial);

    vpd_head(c, VPD_SERIAL, len);
    writer_put(&c->in, c->drive->serial, len);
}

/* One designator: T10 vendor identification, made unique by product and serial (SPC-3 7.6.3.4). */
static void vpd_identification(struct command *c)
{
    size_t len = 8 + 16 + strlen(c->drive->serial);

    vpd_head(c, VPD_IDENTIFICATION, 4 + len);
    writer_u8(&c->in, 0x02); /* code set: ASCII */
    writer_u8(&c->in, 0x01); /* association: logical unit; type: T10 vendor identification */
    writer_u8(&c->in, 0x00);
    writer_u8(&c->in, (uint8_t)len);
    put_text(&c->in, c->drive->vendor, 8);
    put_text(&c->in, c->drive->product, 16);
    put_text(&c->in, c->drive->serial, 0);
}

struct vpd_page {
    uint8_t code;
    void (*put)(struct command *c);
};

static const struct vpd_page vpd[] = {
    {VPD_PAGES, vpd_pages},
    {VPD_SERIAL, vpd_serial},
    {VPD_IDENTIFICATION, vpd_identification},
};

uint32_t inquiry(struct command *c)
{
    limit_in(c, get_be16(c->cdb + 3));
    if (c->cdb[1] & 0x02) /* CmdDt, obsolete */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (!(c->cdb[1] & 0x01)) {
        if (c->cdb[2] != 0)
            return SENSE_INVALID_FIELD_IN_CDB;
        standard_inquiry(c);
        return SENSE_NONE;
    }
    for (size_t i = 0; i < sizeof(vpd) / sizeof(vpd[0]); i++) {
        if (vpd[i].code == c->cdb[2]) {
            vpd[i].put(c);
            return SENSE_NONE;
        }
    }
    return SENSE_INVALID_FIELD_IN_CDB;
}

uint32_t report_luns(struct command *c)
{
    /* SELECT REPORT: 0 addressable units, 1 well-known ones (we have none), 2 all of them */
    uint8_t select = c->cdb[2];
    uint32_t list = select == 1 ? 0 : 8;

    if (select > 2)
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, get_be32(c->cdb + 6));
    writer_be32(&c->in, list);
    writer_zero(&c->in, 4 + list); /* LUN 0 */
    return SENSE_NONE;
}
