/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* tgt's circular lists, as far as a module walks and changes them. */
#ifndef VCDR_FRONT_TGT_LIST_H
#define VCDR_FRONT_TGT_LIST_H

#include "tgt_facts.h"

#define LIST_OWNER(node, type, member) ((type *)((char *)(node)-offsetof(type, member)))

static inline void list_insert_after(struct tgt_list *place, struct tgt_list *node)
{
    node->prev = place;
    node->next = place->next;
    place->next->prev = node;
    place->next = node;
}

static inline void list_remove(struct tgt_list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    node->next = node->prev = NULL;
}

static inline int list_is_empty(const struct tgt_list *list)
{
    return list->next == list;
}

/* Empties `from` into `to`, whatever that was. */
static inline void list_move_all(struct tgt_list *from, struct tgt_list *to)
{
    if (from->next == from) {
        to->next = to->prev = to;
        return;
    }
    *to = *from;
    to->next->prev = to;
    to->prev->next = to;
    from->next = from->prev = from;
}

#endif
