/* SPDX-License-Identifier: MIT */
#include "host/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "exec/answer.h"
#include "exec/protocol.h"

#define TASK_MS 30000
#define LOAD_MS 60000
#define SENSE_BYTES 18
#define EVENT_CLASS_MEDIA 4
#define SENSE_BECOMING_READY 0x020401

struct unit {
    char *url, *name;
    struct unit_identity identity;
    size_t max_transfer;
    int node; /* -1: none */

    pthread_rwlock_t
        gate; /* held for reading during a command, for writing to change `transport` */
    struct transport *transport; /* NULL once detached */

    pthread_mutex_t lock; /* of what follows */
    unsigned options;     /* CDO_ */
    bool changed, door_locked, keep_locked;
};

/* ---- commands ---- */

int unit_execute(struct unit *unit, struct transport_task *task)
{
    int error = 0;

    pthread_rwlock_rdlock(&unit->gate);
    if (unit->transport) {
        transport_execute(unit->transport, task);
    } else {
        error = -ENODEV;
    }
    pthread_rwlock_unlock(&unit->gate);
    return error;
}

static void saw_attention(struct unit *unit, const struct transport_task *task)
{
    struct mmc_sense sense;

    if (mmc_sense_parse(task->sense, task->sense_len, &sense) == MMC_OK && sense.asc == 0x28) {
        pthread_mutex_lock(&unit->lock);
        unit->changed = true;
        pthread_mutex_unlock(&unit->lock);
    }
}

/* The kernel repeats a command of its own that met a unit attention. */
static int command(struct unit *unit, struct transport_task *task)
{
    for (int i = 0; i < ANSWER_MOST_ATTENTIONS; i++) {
        int error = unit_execute(unit, task);

        error = error ? error : answer_errno(task);
        if (error != -EAGAIN) {
            return error;
        }
        saw_attention(unit, task);
    }
    return -EIO;
}

/* Bytes that came, or a negative errno. */
static int inquire(struct unit *unit, const uint8_t *cdb, uint8_t cdb_len, void *in, size_t size)
{
    struct transport_task task = {
        .cdb_len = cdb_len, .in = in, .in_size = size, .timeout_ms = TASK_MS};
    int error;

    memcpy(task.cdb, cdb, cdb_len);
    error = command(unit, &task);
    return error ? error : (int)task.in_len;
}

static int order(struct unit *unit, const uint8_t *cdb, uint8_t cdb_len, unsigned timeout_ms)
{
    struct transport_task task = {.cdb_len = cdb_len, .timeout_ms = timeout_ms};

    memcpy(task.cdb, cdb, cdb_len);
    return command(unit, &task);
}

/* ---- attaching ---- */

/* Where somebody else holds the drive TEST UNIT READY is not for us, and REQUEST SENSE is (SPC-2
 * 5.5.1); it takes an attention away by telling it. */
static uint8_t pending_key(struct unit *unit)
{
    uint8_t data[SENSE_BYTES];
    struct transport_task task = {.cdb_len = 6, .timeout_ms = TASK_MS};
    struct mmc_sense sense;
    enum mmc_result parsed;

    mmc_cdb_test_unit_ready(task.cdb);
    if (unit_execute(unit, &task) || task.result != TRANSPORT_OK) {
        return SENSE_KEY_NO_SENSE;
    }
    if (task.status == SAM_RESERVATION_CONFLICT) {
        task = (struct transport_task){.in = data, .in_size = sizeof(data), .timeout_ms = TASK_MS};
        task.cdb_len = mmc_cdb_request_sense(task.cdb, sizeof(data));
        if (unit_execute(unit, &task) || task.result != TRANSPORT_OK || task.status != SAM_GOOD) {
            return SENSE_KEY_NO_SENSE;
        }
        parsed = mmc_sense_parse(data, task.in_len, &sense);
    } else {
        parsed = mmc_sense_parse(task.sense, task.sense_len, &sense);
    }
    return parsed == MMC_OK ? sense.key : SENSE_KEY_NO_SENSE;
}

/* The kernel takes the attentions of power-on and medium when it finds the drive; programs behind
 * it never see them, and some take one for a failure. */
static void take_attentions(struct unit *unit)
{
    for (int i = 0; i < ANSWER_MOST_ATTENTIONS; i++) {
        if (pending_key(unit) != SENSE_KEY_UNIT_ATTENTION) {
            return;
        }
    }
}

static unsigned capability_of(const struct mmc_capabilities *page)
{
    /* what sr has for every drive (drivers/scsi/sr.c, sr_dops and get_capabilities) */
    unsigned all = CDC_MULTI_SESSION | CDC_MCN | CDC_MEDIA_CHANGED | CDC_PLAY_AUDIO | CDC_RESET |
                   CDC_DRIVE_STATUS | CDC_GENERIC_PACKET | CDC_LOCK | CDC_SELECT_SPEED;

    return all | (page->mechanism ? CDC_CLOSE_TRAY : 0) | (page->can_eject ? CDC_OPEN_TRAY : 0) |
           (page->writes_cd_r ? CDC_CD_R : 0) | (page->writes_cd_rw ? CDC_CD_RW : 0);
}

static void learn_capabilities(struct unit *unit)
{
    uint8_t cdb[16], reply[256];
    uint8_t len = mmc_cdb_mode_sense(cdb, 0, 0x2A, sizeof(reply));
    int got = inquire(unit, cdb, len, reply, sizeof(reply));
    struct mmc_capabilities page;
    size_t begin = 8;

    if (got >= 8) {
        begin += (size_t)(reply[6] << 8 | reply[7]); /* block descriptors */
    }
    if (got > (int)begin &&
        mmc_capabilities_parse(reply + begin, (size_t)got - begin, &page) == MMC_OK) {
        unit->identity.speed = page.max_read_kb_s / 176u;
        unit->identity.capability = capability_of(&page);
    }
}

/* An empty name where the drive tells none. */
static void learn_identity(struct unit *unit)
{
    uint8_t cdb[16], reply[252];
    uint8_t len = mmc_cdb_inquiry(cdb, sizeof(reply));
    int got = inquire(unit, cdb, len, reply, sizeof(reply));
    struct mmc_inquiry inquiry;

    if (got > 0 && mmc_inquiry_parse(reply, (size_t)got, &inquiry) == MMC_OK) {
        memcpy(unit->identity.vendor, inquiry.vendor, sizeof(inquiry.vendor));
        memcpy(unit->identity.model, inquiry.product, sizeof(inquiry.product));
        memcpy(unit->identity.revision, inquiry.revision, sizeof(inquiry.revision));
    }
    len = mmc_cdb_inquiry_vpd(cdb, MMC_VPD_SERIAL, sizeof(reply));
    got = inquire(unit, cdb, len, reply, sizeof(reply));
    if (got > 0) {
        (void)mmc_vpd_serial(reply, (size_t)got, unit->identity.serial,
                             sizeof(unit->identity.serial));
    }
    learn_capabilities(unit);
}

static struct unit *make(const char *url, const char *name)
{
    struct unit *unit = calloc(1, sizeof(*unit));

    if (!unit) {
        return NULL;
    }
    unit->url = strdup(url);
    unit->name = strdup(name);
    unit->node = -1;
    unit->options = CDO_AUTO_CLOSE | CDO_USE_FFLAGS | CDO_LOCK; /* the kernel's defaults */
    pthread_rwlock_init(&unit->gate, NULL);
    pthread_mutex_init(&unit->lock, NULL);
    if (!unit->url || !unit->name) {
        unit_detach(unit);
        return NULL;
    }
    return unit;
}

int unit_attach(const char *url, const char *name, struct unit **out, char **why)
{
    struct unit *unit = make(url, name);
    enum transport_result result;

    *why = NULL;
    if (!unit) {
        return -ENOMEM;
    }
    result = transport_open(url, name, &unit->transport, why);
    if (result != TRANSPORT_OK) {
        unit->transport = NULL;
        unit_detach(unit);
        return result == TRANSPORT_NO_MEMORY ? -ENOMEM
               : result == TRANSPORT_REFUSED ? -EBUSY
                                             : -ENXIO;
    }
    unit->max_transfer = transport_max_transfer(unit->transport);
    take_attentions(unit);
    learn_identity(unit);
    *out = unit;
    return 0;
}

void unit_detach(struct unit *unit)
{
    struct transport *transport;

    if (!unit) {
        return;
    }
    pthread_rwlock_wrlock(&unit->gate);
    transport = unit->transport;
    unit->transport = NULL;
    pthread_rwlock_unlock(&unit->gate);
    transport_close(transport);
    /* a thread of a program that goes on may still ask, and hears -ENODEV: the rest stays */
}

const struct unit_identity *unit_identity(const struct unit *unit)
{
    return &unit->identity;
}

size_t unit_max_transfer(const struct unit *unit)
{
    return unit->max_transfer;
}

void unit_set_node(struct unit *unit, int fd)
{
    unit->node = fd;
}

/* ---- the door ---- */

static int lock_door(struct unit *unit, bool locked)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_prevent_allow(cdb, locked, false);

    return order(unit, cdb, len, TASK_MS);
}

static bool is_open(const struct unit *unit)
{
    struct flock64 lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = HOST_LOCK_USER, .l_len = 1};

    return unit->node >= 0 && fcntl(unit->node, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void unit_closed(struct unit *unit)
{
    bool unlock;

    pthread_mutex_lock(&unit->lock);
    unlock = unit->door_locked && !unit->keep_locked && !is_open(unit);
    if (unlock) {
        unit->door_locked = false;
    }
    pthread_mutex_unlock(&unit->lock);
    if (unlock) {
        (void)lock_door(unit, false);
    }
}

void unit_keep_locked(struct unit *unit, bool keep)
{
    pthread_mutex_lock(&unit->lock);
    unit->keep_locked = keep;
    pthread_mutex_unlock(&unit->lock);
}

/* ---- the medium ---- */

static bool media_event(struct unit *unit, struct mmc_event *event)
{
    uint8_t cdb[16], reply[MMC_EVENT_BYTES];
    uint8_t len = mmc_cdb_get_event_status(cdb, MMC_EVENT_MASK_MEDIA, sizeof(reply));
    int got = inquire(unit, cdb, len, reply, sizeof(reply));

    if (got < 0 || mmc_event_parse(reply, (size_t)got, event) != MMC_OK ||
        event->notification_class != EVENT_CLASS_MEDIA) {
        return false;
    }
    if (event->code == MMC_MEDIA_NEW || event->code == MMC_MEDIA_REMOVAL ||
        event->code == MMC_MEDIA_CHANGED) {
        pthread_mutex_lock(&unit->lock);
        unit->changed = true;
        pthread_mutex_unlock(&unit->lock);
    }
    return true;
}

/* sr_drive_status of drivers/scsi/sr_ioctl.c */
int unit_status(struct unit *unit)
{
    struct transport_task task = {.timeout_ms = TASK_MS};
    struct mmc_event event;
    struct mmc_sense sense;
    int error;

    task.cdb_len = mmc_cdb_test_unit_ready(task.cdb);
    error = command(unit, &task);
    if (!error) {
        return CDS_DISC_OK;
    }
    if (error == -ENODEV || task.result != TRANSPORT_OK) {
        return CDS_NO_INFO;
    }
    if (mmc_sense_parse(task.sense, task.sense_len, &sense) == MMC_OK &&
        sense.code == SENSE_BECOMING_READY) {
        return CDS_DRIVE_NOT_READY;
    }
    if (!media_event(unit, &event)) {
        return error == -ENOMEDIUM ? CDS_NO_DISC : CDS_NO_INFO;
    }
    return event.medium_present ? CDS_DISC_OK : event.tray_open ? CDS_TRAY_OPEN : CDS_NO_DISC;
}

bool unit_changed(struct unit *unit)
{
    struct mmc_event event;
    bool changed;

    (void)media_event(unit, &event);
    pthread_mutex_lock(&unit->lock);
    changed = unit->changed;
    unit->changed = false;
    pthread_mutex_unlock(&unit->lock);
    return changed;
}

unsigned unit_options(struct unit *unit, unsigned set, unsigned clear)
{
    unsigned now;

    pthread_mutex_lock(&unit->lock);
    unit->options = (unit->options | set) & ~clear;
    now = unit->options;
    pthread_mutex_unlock(&unit->lock);
    return now;
}

/* A target that was restarted is found again when a node is opened, as the kernel's initiator
 * would; what the old connection held is gone. */
static void reconnect_if_lost(struct unit *unit)
{
    struct transport_task task = {.timeout_ms = TASK_MS};
    struct transport *fresh;

    task.cdb_len = mmc_cdb_test_unit_ready(task.cdb);
    if (unit_execute(unit, &task) || task.result != TRANSPORT_LOST) {
        return;
    }
    pthread_rwlock_wrlock(&unit->gate);
    if (unit->transport && transport_open(unit->url, unit->name, &fresh, NULL) == TRANSPORT_OK) {
        transport_close(unit->transport);
        unit->transport = fresh;
    }
    pthread_rwlock_unlock(&unit->gate);
}

/* open_for_data of drivers/cdrom/cdrom.c */
static int open_for_data(struct unit *unit)
{
    unsigned options = unit_options(unit, 0, 0);
    int status = unit_status(unit);

    if (status == CDS_TRAY_OPEN && (options & CDO_AUTO_CLOSE)) {
        uint8_t cdb[16];
        uint8_t len = mmc_cdb_start_stop(cdb, MMC_LOAD, false);

        if (order(unit, cdb, len, LOAD_MS)) {
            return -ENOMEDIUM;
        }
        status = unit_status(unit);
    }
    if (status != CDS_DISC_OK) {
        return -ENOMEDIUM;
    }
    if ((options & CDO_LOCK) && lock_door(unit, true) == 0) {
        pthread_mutex_lock(&unit->lock);
        unit->door_locked = true;
        pthread_mutex_unlock(&unit->lock);
    }
    return 0;
}

int unit_open(struct unit *unit, bool for_data)
{
    struct mmc_event event;

    reconnect_if_lost(unit);
    (void)media_event(unit, &event);
    take_attentions(unit);
    return for_data ? open_for_data(unit) : 0;
}

uint64_t unit_sectors(struct unit *unit)
{
    uint8_t cdb[16], reply[MMC_CAPACITY_BYTES];
    uint8_t len = mmc_cdb_read_capacity(cdb);
    struct mmc_capacity capacity;
    int got = inquire(unit, cdb, len, reply, sizeof(reply));

    if (got < 0 || mmc_capacity_parse(reply, (size_t)got, &capacity) != MMC_OK) {
        return UNIT_SECTORS_UNKNOWN;
    }
    return ((uint64_t)capacity.last_lba + 1) * 4;
}
