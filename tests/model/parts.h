/* SPDX-License-Identifier: MIT */
/* What the parts of the model say to each other. */
#ifndef TESTS_MODEL_PARTS_H
#define TESTS_MODEL_PARTS_H

#include "model.h"

enum { GOOD = 0x00, CHECK = 0x02, CONFLICT = 0x18 };
enum { EVENT_NEW = 2, EVENT_REMOVAL = 3 };
enum { ATTENTION_RESET = 0x062900, ATTENTION_MEDIUM = 0x062800, ATTENTION_MODE = 0x062A01 };

/* To every nexus but one (or NOBODY); 0 for no attention, no event. Repeats coalesce. */
void attention_tell(struct model *m, int but, uint32_t attention, uint8_t event);

void attention_tell_one(struct model *m, unsigned nexus, uint32_t attention);

/* persist.c */
/* What a reservation of another leaves of a command. */
enum under { UNDER_NONE, UNDER_WRITE_EXCLUSIVE, UNDER_ANY };
bool persist_keeps_out(const struct model *m, unsigned nexus, enum under under);
/* RESERVE where keys are registered: true when that is what answers it. */
bool persist_answers_reserve(struct model *m, struct answer *a);
void persist_nexus_lost(struct model *m, unsigned nexus);
void persist_forget(struct model *m);
void ask_persist(struct model *m, const struct ask *ask, struct answer *a);
void ask_persist_keys(struct model *m, const struct ask *ask, struct answer *a);
void ask_persist_reservation(struct model *m, const struct ask *ask, struct answer *a);

/* lock.c */
void lose_holds(struct model *m, int nexus); /* NOBODY: whosever they are */
bool name_allowed(const char *name);
/* What is shown of an initiator that holds the drive by RESERVE. */
void show_initiator(char shown[NAME_ROOM], const char *initiator);
void ask_lock(struct model *m, const struct ask *ask, struct answer *a);
void ask_unlock(struct model *m, const struct ask *ask, struct answer *a);
void ask_page_wrong(struct model *m, const struct ask *ask, struct answer *a);
void ask_reserve(struct model *m, const struct ask *ask, struct answer *a);
void ask_release(struct model *m, const struct ask *ask, struct answer *a);

/* burning.c */
void ask_write_page(struct model *m, const struct ask *ask, struct answer *a);
void ask_write(struct model *m, const struct ask *ask, struct answer *a);
void ask_synchronize(struct model *m, const struct ask *ask, struct answer *a);
void ask_close_track(struct model *m, const struct ask *ask, struct answer *a);
void ask_close_session(struct model *m, const struct ask *ask, struct answer *a);
void ask_close_wrong(struct model *m, const struct ask *ask, struct answer *a);
void ask_reserve_track(struct model *m, const struct ask *ask, struct answer *a);

/* answers.c: bytes, big-endian, each with what of it is demanded */
void answer_put(struct answer *a, unsigned bytes, uint64_t value);
void answer_any(struct answer *a, unsigned bytes);
void answer_text(struct answer *a, const char *text, size_t len); /* NUL behind the text */
void answer_refuse(struct answer *a, uint32_t reason);            /* one of what may be said */
void ask_disc_information(struct model *m, const struct ask *ask, struct answer *a);
void ask_track_information(struct model *m, const struct ask *ask, struct answer *a);
void ask_toc(struct model *m, const struct ask *ask, struct answer *a);
void ask_capacity(struct model *m, const struct ask *ask, struct answer *a);
void ask_read(struct model *m, const struct ask *ask, struct answer *a);
void ask_log(struct model *m, const struct ask *ask, struct answer *a);
void ask_owner(struct model *m, const struct ask *ask, struct answer *a);

#endif
