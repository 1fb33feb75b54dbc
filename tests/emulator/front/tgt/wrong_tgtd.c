/* SPDX-License-Identifier: MIT */
/*
 * A program that is almost a tgtd: it exports what the module looks for, but one thing is not as
 * the module knows it (DIFFERENCE). It loads the module as tgtd does, and tells by its exit status
 * whether the module registered nevertheless (1) or refused (0); what the module says is on stderr.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define SIZE_OF_TYPE 1
#define LAYOUT_OF_STORE 2
#define MISSING_FUNCTION 3
#define NOTHING 4

#define SHOWN __attribute__((visibility("default"), used))

SHOWN int system_active;
SHOWN struct list {
    struct list *next, *prev;
} iscsi_portals_list;
SHOWN char smc_template[DIFFERENCE == SIZE_OF_TYPE ? 6208 : 6216];

static int registered;

struct store {
    const char *name;
    char other[40];
    int (*submit)(void *);
};

struct driver {
    const char *name;
    char other[112];
    int (*transport_id)(void);
};

#define EMPTY(name)                                                                                \
    SHOWN int name(void);                                                                          \
    int name(void)                                                                                 \
    {                                                                                              \
        return 0;                                                                                  \
    }

EMPTY(tgt_init_sched_event)
EMPTY(tgt_add_sched_event)
EMPTY(tgt_target_create)
EMPTY(tgt_device_create)
EMPTY(tgt_device_destroy)
EMPTY(tgt_portal_create)
EMPTY(tgt_portal_destroy)
EMPTY(acl_add)
EMPTY(account_add)
EMPTY(account_ctl)
EMPTY(iscsi_transportid)
EMPTY(target_cmd_perform)
EMPTY(target_cmd_io_done)
EMPTY(ua_sense_del)
EMPTY(get_driver_index)
EMPTY(tgt_event_add)
EMPTY(tgt_event_del)
#if DIFFERENCE != MISSING_FUNCTION
EMPTY(it_nexus_lookup)
#endif

SHOWN struct driver *tgt_drivers[2];
SHOWN int bs_null_cmd_submit(void *cmd);
int bs_null_cmd_submit(void *cmd)
{
    return cmd != NULL;
}

SHOWN int register_backingstore_template(void *store);
int register_backingstore_template(void *store)
{
    (void)store;
    registered = 1;
    return 0;
}

SHOWN void *get_backingstore_template(const char *name);
void *get_backingstore_template(const char *name)
{
    static struct store null_store = {.name = "null", .submit = bs_null_cmd_submit};

    if (DIFFERENCE == LAYOUT_OF_STORE)
        null_store.submit = NULL;
    return strcmp(name, "null") == 0 ? &null_store : NULL;
}

int main(int argc, char **argv)
{
    static struct driver iscsi = {.name = "iscsi"};
    void *module = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void (*enter)(void);

    iscsi.transport_id = iscsi_transportid;
    tgt_drivers[0] = &iscsi;
    if (!module) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    *(void **)&enter = dlsym(module, "register_bs_module");
    if (!enter)
        return 3;
    enter();
    return registered;
}
