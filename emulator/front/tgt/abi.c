/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "abi.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>

#include "tgt_facts.h"

bool abi_is_tgtd(void)
{
    return register_backingstore_template && tgt_init_sched_event && tgt_add_sched_event &&
           target_cmd_io_done;
}

/* Every function and variable that is used: one that is missing shall be one clear refusal instead
 * of a jump to nowhere. */
static bool symbols_are_there(void)
{
    return &system_active && &iscsi_portals_list && tgt_drivers && &smc_template && tgt_event_add &&
           tgt_event_del && get_driver_index && tgt_target_create && tgt_device_create &&
           tgt_device_destroy && tgt_portal_create && tgt_portal_destroy && acl_add &&
           account_add && account_ctl && get_backingstore_template && bs_null_cmd_submit &&
           iscsi_transportid && target_cmd_perform && ua_sense_del && it_nexus_lookup;
}

static size_t symbol_size(const void *address)
{
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;

    if (!dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) || !symbol)
        return 0;
    return symbol->st_size;
}

const char *abi_mismatch_early(void)
{
    if (!abi_is_tgtd() || !symbols_are_there())
        return "a function that this module needs is missing";
    if (symbol_size(&smc_template) != sizeof(struct tgt_device_type))
        return "struct device_type_template has another size";
    return NULL;
}

const char *abi_mismatch(void)
{
    const char *early = abi_mismatch_early();
    const struct tgt_backing_store *null_store;
    int iscsi;

    if (early)
        return early;
    null_store = get_backingstore_template("null");
    if (!null_store || strcmp(null_store->name, "null") != 0 ||
        null_store->submit != bs_null_cmd_submit)
        return "struct backingstore_template has another layout";
    iscsi = get_driver_index("iscsi");
    if (iscsi < 0 || tgt_drivers[iscsi]->transport_id != iscsi_transportid)
        return "struct tgt_driver has another layout, or there is no iSCSI";
    return NULL;
}
