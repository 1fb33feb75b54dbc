/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What this module knows of tgtd: names of its exported symbols, and of each of its structures the
 * few members that are used, at their offsets, the rest being padding. tgt ships no headers for
 * modules, so these are facts written down by us; facts.def holds the offsets a second time, for
 * the compiler here and for the test that compares them with the headers of a tgt source package.
 * The layouts were the same in every sampled release from 1.0.46 to 1.0.97 (64 bit).
 *
 * All symbols are weak: a program that is no tgtd (a wrapper with LD_PRELOAD) loads the module too.
 */
#ifndef VCDR_FRONT_TGT_FACTS_H
#define VCDR_FRONT_TGT_FACTS_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct tgt_list {
    struct tgt_list *next, *prev;
};

struct tgt_cmd;
struct tgt_unit;
struct tgt_target;

/* ---- one SCSI command ---- */

struct tgt_data {
    uint64_t buffer; /* a pointer */
    uint32_t length;
    uint32_t transfer_len;
    int32_t resid;
    uint32_t pad;
};

enum { TGT_SENSE_ROOM = 252, TGT_STATE_PROCESSED = 1 << 1 };

struct tgt_cmd {
    struct tgt_target *target;
    struct tgt_list nexus_link; /* on tgt_nexus.commands */
    struct tgt_list queue_link; /* free for whoever queues the command */
    uint64_t wanted_lun;
    struct tgt_unit *unit;
    unsigned long state;
    uint32_t direction;
    uint32_t pad_68;
    struct tgt_data in;
    struct tgt_data out;
    uint64_t nexus_id;
    uint8_t pad_128[144 - 128];
    uint8_t *cdb; /* 16 bytes, more with an extended CDB */
    int cdb_len;
    uint8_t pad_156[184 - 156];
    void *task_management; /* the request that wants this command aborted, or NULL */
    uint8_t sense[TGT_SENSE_ROOM];
    int sense_len;
    uint8_t pad_448[464 - 448];
    struct tgt_nexus *nexus;
    struct tgt_nexus_unit *nexus_unit;
};

/* What a command of the iSCSI driver is part of. */
struct tgt_connection {
    int state;
    uint8_t pad_4[48 - 4];
    int tid;
};

struct tgt_task {
    uint8_t pad_0[104];
    struct tgt_connection *connection;
    uint8_t pad_112[208 - 112];
    struct tgt_cmd cmd;
};

/* ---- a logical unit and its types ---- */

struct tgt_device_type {
    uint8_t pad_0[24];
    int (*configure)(struct tgt_unit *unit, char *parameters);
    int (*online)(struct tgt_unit *unit);
    int (*offline)(struct tgt_unit *unit);
    uint8_t pad_48[6216 - 48];
};

struct tgt_backing_store {
    const char *name;
    int private_size;
    uint32_t pad_12;
    int (*open)(struct tgt_unit *unit, char *path, int *fd, uint64_t *size);
    void (*close)(struct tgt_unit *unit);
    int (*init)(struct tgt_unit *unit, char *options);
    void (*exit)(struct tgt_unit *unit);
    int (*submit)(struct tgt_cmd *cmd);
    uint8_t pad_56[96 - 56];
    struct tgt_list link;
};

struct tgt_unit {
    uint8_t pad_0[24];
    uint64_t lun;
    char *path;
    uint64_t pad_40;
    struct tgt_list target_link; /* on tgt_target.units */
    struct tgt_list nexuses;     /* of tgt_nexus_unit.unit_link */
    int active_commands;         /* a unit with some is not deleted */
    uint8_t pad_84[120 - 84];
    struct tgt_device_type type;
    struct tgt_backing_store *store;
    struct tgt_target *target;
    uint8_t pad_6352[6512 - 6352];
    uint8_t device_type;
    uint8_t pad_6513;
    uint8_t removable;
    uint8_t pad_6515[6518 - 6515];
    uint8_t online;
    uint8_t pad_6519[7584 - 6519];
    void *private_data;
    int (*perform)(int tid, struct tgt_cmd *cmd);
    void (*done)(struct tgt_target *target, struct tgt_cmd *cmd);
};

struct tgt_target {
    char *name;
    int tid;
    int driver; /* index in tgt_drivers */
    uint8_t pad_16[40 - 16];
    struct tgt_list units;
    uint8_t pad_56[152 - 56];
};

/* ---- nexuses ---- */

struct tgt_nexus {
    uint64_t id;
    uint64_t pad_8;
    struct tgt_list commands;
    uint8_t pad_32[80 - 32];
    char *info; /* for people: "...Initiator: NAME alias: ALIAS\n..." */
};

struct tgt_nexus_unit {
    struct tgt_unit *unit;
    uint64_t nexus_id;
    uint8_t pad_16[96 - 16];
    struct tgt_list unit_link;
    struct tgt_list attentions;
    int prevent; /* bits 0 and 1 are tgt's; it zeroes all at nexus creation and at LUN reset */
    int pad_132;
};
enum { TGT_PREVENT_BITS = 2 };

/* ---- the iSCSI driver ---- */

struct tgt_driver {
    const char *name;
    uint8_t pad_8[72 - 8];
    int (*update)(int mode, int op, int tid, uint64_t sid, uint64_t lun, uint32_t cid, char *name);
    uint8_t pad_80[120 - 80];
    int (*transport_id)(int tid, uint64_t nexus, char *buf, int size);
    uint8_t pad_128[152 - 128];
};

struct tgt_portal {
    struct tgt_list link;
    char *address;
    int port;
    int pad_28;
    int fd;
    int family;
};

enum tgt_numbers {
    TGT_OP_UPDATE = 5,
    TGT_OP_DELETE = 1,
    TGT_MODE_TARGET = 1,
    TGT_MODE_CONNECTION = 6,
    TGT_CONNECTION_CLOSED = 10,
    TGT_ACCOUNT_INCOMING = 0,
    TGT_TYPE_PASSTHROUGH = 0xFF,
    TGT_SUCCESS = 0,
    TGT_ERROR_NO_MEMORY = 2,
    TGT_ERROR_INVALID_REQUEST = 17,
    TGT_ERROR_UNSUPPORTED = 22,
};

/* ---- the event loop ---- */

struct tgt_event {
    void *handler;
    int scheduled;
    uint32_t pad_12;
    void *data;
    struct tgt_list link;
};

#define TGT_FACT(ours, our_member, theirs, their_member, offset)                                   \
    static_assert(offsetof(struct ours, our_member) == (offset), #ours "." #our_member);
#define TGT_SIZE(ours, theirs, size) static_assert(sizeof(struct ours) == (size), #ours);
#define TGT_NUMBER(ours, theirs)
#include "facts.def"
#undef TGT_FACT
#undef TGT_SIZE
#undef TGT_NUMBER

/* ---- symbols ---- */

#define TGT_SYMBOL extern __attribute__((weak, visibility("default")))

TGT_SYMBOL int system_active;
TGT_SYMBOL struct tgt_list iscsi_portals_list;
TGT_SYMBOL struct tgt_driver *tgt_drivers[];
TGT_SYMBOL char smc_template; /* only its size in the symbol table is looked at */

TGT_SYMBOL void tgt_init_sched_event(struct tgt_event *event, void (*handler)(struct tgt_event *),
                                     void *data);
TGT_SYMBOL void tgt_add_sched_event(struct tgt_event *event);
TGT_SYMBOL int tgt_event_add(int fd, int events, void (*handler)(int fd, int events, void *data),
                             void *data);
TGT_SYMBOL void tgt_event_del(int fd);
TGT_SYMBOL int tgt_event_modify(int fd, int events);

TGT_SYMBOL int get_driver_index(char *name);
TGT_SYMBOL int tgt_target_create(int driver, int tid, char *arguments);
TGT_SYMBOL int tgt_device_create(int tid, int type, uint64_t lun, char *arguments, int backing);
TGT_SYMBOL int tgt_device_destroy(int tid, uint64_t lun, int force);
TGT_SYMBOL int tgt_portal_create(int driver, char *arguments);
TGT_SYMBOL int tgt_portal_destroy(int driver, char *arguments);
TGT_SYMBOL int acl_add(int tid, char *address);
TGT_SYMBOL int account_add(char *user, char *password);
TGT_SYMBOL int account_ctl(int tid, int direction, char *user, int bind);

TGT_SYMBOL int register_backingstore_template(struct tgt_backing_store *store);
TGT_SYMBOL struct tgt_backing_store *get_backingstore_template(const char *name);
TGT_SYMBOL int bs_null_cmd_submit(struct tgt_cmd *cmd);
TGT_SYMBOL int iscsi_transportid(int tid, uint64_t nexus, char *buf, int size);

TGT_SYMBOL int target_cmd_perform(int tid, struct tgt_cmd *cmd);
TGT_SYMBOL void target_cmd_io_done(struct tgt_cmd *cmd, int status);
TGT_SYMBOL int ua_sense_del(struct tgt_cmd *cmd, int remove);
TGT_SYMBOL struct tgt_nexus *it_nexus_lookup(int tid, uint64_t id);

#endif
