/* SPDX-License-Identifier: MIT */
#include "host/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/cdrom.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "exec/protocol.h"

#define TEXT_BYTES 4096

/* Where one drive's rows of the tables below are made; `error` is the first errno. */
struct maker {
    const char *folder;
    const struct tree_drive *drives;
    unsigned count;
    unsigned number; /* of the drive at hand */
    char id[80];     /* as udev would make it of vendor, model and serial */
    int error;
};

/* ---- files, folders, links ---- */

static void make_parents(char *path, size_t from)
{
    for (char *at = path + from; (at = strchr(at + 1, '/')) != NULL;) {
        *at = '\0';
        mkdir(path, 0755);
        *at = '/';
    }
}

/* The path below the folder, its parents made. */
static bool place(struct maker *maker, char *path, size_t size, const char *name)
{
    if (maker->error || (size_t)snprintf(path, size, "%s/%s", maker->folder, name) >= size) {
        maker->error = maker->error ? maker->error : ENAMETOOLONG;
        return false;
    }
    make_parents(path, strlen(maker->folder));
    return true;
}

static void make_file(struct maker *maker, const char *name, const char *text, mode_t mode)
{
    char path[PATH_MAX];
    FILE *file;

    if (!place(maker, path, sizeof(path), name)) {
        return;
    }
    file = fopen(path, "w");
    if (!file || fputs(text, file) < 0) {
        maker->error = errno;
    }
    if (file && fclose(file) != 0) {
        maker->error = errno;
    }
    chmod(path, mode);
}

static void make_link(struct maker *maker, const char *name, const char *target)
{
    char path[PATH_MAX];

    if (place(maker, path, sizeof(path), name) && symlink(target, path) != 0 && errno != EEXIST) {
        maker->error = errno;
    }
}

/* ---- text with fields ---- */

static const char *field(const struct maker *maker, char letter, char number[20])
{
    const struct tree_drive *drive = &maker->drives[maker->number];

    switch (letter) {
    case 'n':
        snprintf(number, 20, "%u", maker->number);
        return number;
    case 's':
        snprintf(number, 20, "%llu", (unsigned long long)drive->sectors);
        return number;
    case 'o': /* of sr: read-only unless something can be rewritten */
        return drive->identity.capability & CDC_CD_RW ? "0" : "1";
    case 'V':
        return drive->identity.vendor;
    case 'M':
        return drive->identity.model;
    case 'R':
        return drive->identity.revision;
    case 'v': /* as INQUIRY has them, with their blanks */
        snprintf(number, 20, "%-8s", drive->identity.vendor);
        return number;
    case 'm':
        snprintf(number, 20, "%-16s", drive->identity.model);
        return number;
    case 'r':
        snprintf(number, 20, "%-4s", drive->identity.revision);
        return number;
    case 'I':
        return maker->id;
    default:
        return "";
    }
}

/* %n the drive's number, and the letters above. */
static void expand(const struct maker *maker, const char *form, char *out, size_t size)
{
    size_t used = 0;
    char number[20], one[2] = "";

    for (; *form && used + 1 < size; form++) {
        const char *text = one;

        if (*form == '%' && form[1]) {
            text = field(maker, *++form, number);
        } else {
            one[0] = *form;
        }
        used += (size_t)snprintf(out + used, size - used, "%s", text);
    }
}

enum kind { TEXT, LINK, BLOCK_NODE };

struct row {
    enum kind kind;
    const char *name;
    const char *content;
};

#define DEVICE "sys/devices/platform/host%n/session1/target%n:0:0/%n:0:0:0/"
#define TO_DEVICE "devices/platform/host%n/session1/target%n:0:0/%n:0:0:0"

/* One drive (the kernel's Documentation/ABI; udev's 60-cdrom_id and 60-persistent-storage rules).
 */
static const struct row rows[] = {
    {BLOCK_NODE, "dev/sr%n", ""},
    {BLOCK_NODE, "dev/sg%n", ""},
    {LINK, "dev/scd%n", "sr%n"},
    {LINK, "dev/block/11:%n", "../sr%n"},
    {LINK, "dev/char/21:%n", "../sg%n"},
    {LINK, "dev/disk/by-id/scsi-%I", "../../sr%n"},
    {LINK, "dev/disk/by-path/platform-host%n-scsi-0:0:0:0", "../../sr%n"},

    {TEXT, DEVICE "type", "5\n"},
    {TEXT, DEVICE "vendor", "%v\n"},
    {TEXT, DEVICE "model", "%m\n"},
    {TEXT, DEVICE "rev", "%r\n"},
    {TEXT, DEVICE "scsi_level", "6\n"},
    {TEXT, DEVICE "state", "running\n"},
    {TEXT, DEVICE "device_blocked", "0\n"},
    {TEXT, DEVICE "queue_depth", "1\n"},
    {TEXT, DEVICE "queue_type", "none\n"},
    {TEXT, DEVICE "timeout", "30\n"},
    {TEXT, DEVICE "modalias", "scsi:t-0x05\n"},
    {TEXT, DEVICE "uevent", "DEVTYPE=scsi_device\nDRIVER=sr\nMODALIAS=scsi:t-0x05\n"},
    {LINK, DEVICE "subsystem", "../../../../../../bus/scsi"},
    {LINK, DEVICE "driver", "../../../../../../bus/scsi/drivers/sr"},
    {LINK, DEVICE "generic", "scsi_generic/sg%n"},
    {TEXT, DEVICE "block/sr%n/dev", "11:%n\n"},
    {TEXT, DEVICE "block/sr%n/size", "%s\n"},
    {TEXT, DEVICE "block/sr%n/removable", "1\n"},
    {TEXT, DEVICE "block/sr%n/ro", "%o\n"},
    {TEXT, DEVICE "block/sr%n/range", "1\n"},
    {TEXT, DEVICE "block/sr%n/ext_range", "1\n"},
    {TEXT, DEVICE "block/sr%n/hidden", "0\n"},
    {TEXT, DEVICE "block/sr%n/capability", "119\n"},
    {TEXT, DEVICE "block/sr%n/events", "media_change eject_request\n"},
    {TEXT, DEVICE "block/sr%n/events_async", "\n"},
    {TEXT, DEVICE "block/sr%n/events_poll_msecs", "-1\n"},
    {TEXT, DEVICE "block/sr%n/alignment_offset", "0\n"},
    {TEXT, DEVICE "block/sr%n/uevent", "MAJOR=11\nMINOR=%n\nDEVNAME=sr%n\nDEVTYPE=disk\n"},
    {TEXT, DEVICE "block/sr%n/queue/logical_block_size", "2048\n"},
    {TEXT, DEVICE "block/sr%n/queue/physical_block_size", "2048\n"},
    {TEXT, DEVICE "block/sr%n/queue/hw_sector_size", "2048\n"},
    {TEXT, DEVICE "block/sr%n/queue/max_sectors_kb", "512\n"},
    {TEXT, DEVICE "block/sr%n/queue/read_ahead_kb", "128\n"},
    {TEXT, DEVICE "block/sr%n/queue/rotational", "1\n"},
    {LINK, DEVICE "block/sr%n/device", "../../../%n:0:0:0"},
    {LINK, DEVICE "block/sr%n/subsystem", "../../../../../../../../class/block"},
    {TEXT, DEVICE "scsi_generic/sg%n/dev", "21:%n\n"},
    {TEXT, DEVICE "scsi_generic/sg%n/uevent", "MAJOR=21\nMINOR=%n\nDEVNAME=sg%n\n"},
    {LINK, DEVICE "scsi_generic/sg%n/device", "../../../%n:0:0:0"},
    {LINK, DEVICE "scsi_generic/sg%n/subsystem", "../../../../../../../../class/scsi_generic"},
    {LINK, DEVICE "scsi_device/%n:0:0:0/device", "../../../%n:0:0:0"},

    {TEXT, "sys/bus/scsi/drivers/sr/module", ""},
    {LINK, "sys/bus/scsi/drivers/sr/%n:0:0:0", "../../../../" TO_DEVICE},
    {LINK, "sys/bus/scsi/devices/%n:0:0:0", "../../../" TO_DEVICE},
    {LINK, "sys/class/block/sr%n", "../../" TO_DEVICE "/block/sr%n"},
    {LINK, "sys/block/sr%n", "../" TO_DEVICE "/block/sr%n"},
    {LINK, "sys/class/scsi_generic/sg%n", "../../" TO_DEVICE "/scsi_generic/sg%n"},
    {LINK, "sys/class/scsi_device/%n:0:0:0", "../../" TO_DEVICE "/scsi_device/%n:0:0:0"},
    {LINK, "sys/dev/block/11:%n", "../../" TO_DEVICE "/block/sr%n"},
    {LINK, "sys/dev/char/21:%n", "../../" TO_DEVICE "/scsi_generic/sg%n"},

    {TEXT, "run/udev/data/b11:%n",
     "S:disk/by-id/scsi-%I\nI:1\nE:ID_CDROM=1\nE:ID_CDROM_CD=1\nE:ID_CDROM_CD_R=1\n"
     "E:ID_CDROM_CD_RW=1\nE:ID_VENDOR=%V\nE:ID_MODEL=%M\nE:ID_REVISION=%R\nE:ID_SERIAL=%I\n"
     "E:ID_TYPE=cd\nE:ID_BUS=scsi\nG:systemd\nG:uaccess\n"},
};

static void make_id(struct maker *maker)
{
    const struct unit_identity *identity = &maker->drives[maker->number].identity;

    snprintf(maker->id, sizeof(maker->id), "1%s_%s_%s", identity->vendor, identity->model,
             identity->serial);
    for (char *at = maker->id; *at; at++) {
        if (*at == ' ' || *at == '/') {
            *at = '_';
        }
    }
}

static void make_drive(struct maker *maker)
{
    make_id(maker);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char name[512], content[TEXT_BYTES];

        expand(maker, rows[i].name, name, sizeof(name));
        expand(maker, rows[i].content, content, sizeof(content));
        switch (rows[i].kind) {
        case TEXT:
            make_file(maker, name, content, 0644);
            break;
        case LINK:
            make_link(maker, name, content);
            break;
        case BLOCK_NODE:
            make_file(maker, name, content, 0660);
            break;
        }
    }
}

/* ---- what lists all drives ---- */

struct text {
    char *at;
    size_t left;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(text->at, text->left, format, args);
    va_end(args);
    if (length > 0 && (size_t)length < text->left) {
        text->at += length;
        text->left -= (size_t)length;
    }
}

static void add_names(struct text *text, const struct maker *maker)
{
    for (unsigned i = maker->count; i-- > 0;) {
        add(text, "\tsr%u", i);
    }
}

static void add_speeds(struct text *text, const struct maker *maker)
{
    for (unsigned i = maker->count; i-- > 0;) {
        add(text, "\t%u", maker->drives[i].identity.speed);
    }
}

static void add_ones(struct text *text, const struct maker *maker)
{
    for (unsigned i = maker->count; i-- > 0;) {
        add(text, "\t1");
    }
}

static void add_capability(struct text *text, const struct maker *maker, unsigned bit)
{
    for (unsigned i = maker->count; i-- > 0;) {
        add(text, "\t%d", (maker->drives[i].identity.capability & bit) != 0);
    }
}

/* cdrom_sysctl_info of drivers/cdrom/cdrom.c: a column a drive, the newest first */
static void make_cdrom_info(struct maker *maker)
{
    static const struct {
        const char *name;
        unsigned bit;
    } lines[] = {
        {"Can close tray:\t", CDC_CLOSE_TRAY}, {"Can open tray:\t", CDC_OPEN_TRAY},
        {"Can lock tray:\t", CDC_LOCK},        {"Can change speed:", CDC_SELECT_SPEED},
        {"Can select disk:", CDC_SELECT_DISC}, {"Can read multisession:", CDC_MULTI_SESSION},
        {"Can read MCN:\t", CDC_MCN},          {"Reports media changed:", CDC_MEDIA_CHANGED},
        {"Can play audio:\t", CDC_PLAY_AUDIO}, {"Can write CD-R:\t", CDC_CD_R},
        {"Can write CD-RW:", CDC_CD_RW},       {"Can read DVD:\t", CDC_DVD},
        {"Can write DVD-R:", CDC_DVD_R},       {"Can write DVD-RAM:", CDC_DVD_RAM},
        {"Can read MRW:\t", CDC_MRW},          {"Can write MRW:\t", CDC_MRW_W},
        {"Can write RAM:\t", CDC_RAM},
    };
    char buf[TEXT_BYTES];
    struct text text = {buf, sizeof(buf)};

    add(&text, "CD-ROM information, Id: cdrom.c 3.20 2003/12/17\n\ndrive name:\t");
    add_names(&text, maker);
    add(&text, "\ndrive speed:\t");
    add_speeds(&text, maker);
    add(&text, "\ndrive # of slots:");
    add_ones(&text, maker);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        add(&text, "\n%s", lines[i].name);
        add_capability(&text, maker, lines[i].bit);
    }
    add(&text, "\n\n\n");
    make_file(maker, "proc/sys/dev/cdrom/info", buf, 0444);
}

static void make_lists(struct maker *maker)
{
    static const struct row switches[] = {
        {TEXT, "proc/sys/dev/cdrom/autoclose", "1\n"},
        {TEXT, "proc/sys/dev/cdrom/autoeject", "0\n"},
        {TEXT, "proc/sys/dev/cdrom/check_media", "0\n"},
        {TEXT, "proc/sys/dev/cdrom/debug", "0\n"},
        {TEXT, "proc/sys/dev/cdrom/lock", "1\n"},
        {TEXT, "proc/scsi/sg/version", "30536\t3.5.36 [20140603]\n"},
        {TEXT, "proc/scsi/sg/device_hdr",
         "host\tchan\tid\tlun\ttype\topens\tqdepth\tbusy\tonline\n"},
    };
    char scsi[TEXT_BYTES], devices[TEXT_BYTES], names[TEXT_BYTES];
    struct text text = {scsi, sizeof(scsi)}, numbers = {devices, sizeof(devices)},
                strings = {names, sizeof(names)};

    add(&text, "Attached devices:\n");
    for (unsigned i = 0; i < maker->count; i++) {
        const struct unit_identity *identity = &maker->drives[i].identity;

        add(&text, "Host: scsi%u Channel: 00 Id: 00 Lun: 00\n", i);
        add(&text, "  Vendor: %-8s Model: %-16s Rev: %-4s\n", identity->vendor, identity->model,
            identity->revision);
        add(&text, "  Type:   CD-ROM                           ANSI  SCSI revision: 05\n");
        add(&numbers, "%u\t0\t0\t0\t5\t1\t1\t0\t1\n", i);
        add(&strings, "%-8s\t%-16s\t%-4s\n", identity->vendor, identity->model, identity->revision);
    }
    make_file(maker, "proc/scsi/scsi", scsi, 0644);
    make_file(maker, "proc/scsi/sg/devices", devices, 0444);
    make_file(maker, "proc/scsi/sg/device_strs", names, 0444);
    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        make_file(maker, switches[i].name, switches[i].content, 0444);
    }
    make_cdrom_info(maker);
    make_link(maker, "dev/cdrom", "sr0"); /* what readers open when they are told nothing */
    make_link(maker, "dev/cdrw", "sr0");
}

/* ---- the whole ---- */

static int new_folder(char folder[TREE_NAME_BYTES])
{
    const char *places[] = {getenv("TMPDIR"), "/tmp"};
    char place[PATH_MAX]; /* without links, as the kernel tells it */

    for (unsigned i = 0; i < 2; i++) {
        if (places[i] && realpath(places[i], place) &&
            snprintf(folder, TREE_NAME_BYTES, "%s/vcdr-exec-XXXXXX", place) < TREE_NAME_BYTES &&
            mkdtemp(folder)) {
            return 0;
        }
    }
    return errno;
}

int tree_make(const struct tree_drive *drives, unsigned count, char folder[TREE_NAME_BYTES])
{
    struct maker maker = {.folder = folder, .drives = drives, .count = count};
    mode_t mask = umask(022);

    maker.error = new_folder(folder);
    for (unsigned i = 0; i < count && !maker.error; i++) {
        maker.number = i;
        make_drive(&maker);
    }
    if (!maker.error) {
        make_lists(&maker);
        if (maker.error) {
            tree_remove(folder);
        }
    }
    umask(mask);
    return maker.error;
}

void tree_set_size(const char *folder, unsigned drive, uint64_t sectors)
{
    char path[PATH_MAX];
    FILE *file;

    snprintf(path, sizeof(path),
             "%s/sys/devices/platform/host%u/session1/target%u:0:0/%u:0:0:0/block/sr%u/size",
             folder, drive, drive, drive, drive);
    file = fopen(path, "r+");
    if (file) {
        fprintf(file, "%llu\n", (unsigned long long)sectors);
        (void)ftruncate(fileno(file), ftell(file));
        fclose(file);
    }
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *where)
{
    (void)st;
    (void)flag;
    (void)where;
    return remove(path);
}

void tree_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
