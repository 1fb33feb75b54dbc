/* SPDX-License-Identifier: MIT */
/* The scenarios that files and folders name, and folders of our own. */
#ifndef VCDR_TOOLS_SCENARIO_FILES_H
#define VCDR_TOOLS_SCENARIO_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct files {
    char **paths;
    size_t count;
};

/* A file stands for itself, a folder for all files NAME.lua below it, sorted. 0, or an exit status
 * after one line on stderr. */
int files_add(struct files *files, const char *path);
void files_free(struct files *files);

/* A new folder for what scenarios need while they run: in TMPDIR, else in memory, else in /tmp. */
bool folder_make_base(char *path, size_t size);
/* Removes a folder and all in it, but for what is named record... if that is to be kept. */
void folder_remove(const char *path, bool keep_records);

#endif
