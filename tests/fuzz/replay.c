/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over the inputs of the folders and files named, once each: the place of
 * libFuzzer's main for a compiler without libFuzzer.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tests/fuzz/input.h"

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long size = -1;
    int rc = -1;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
        goto out;
    data = malloc((size_t)size + 1);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size)
        goto out;
    fprintf(stderr, "%s: %ld bytes\n", path, size); /* the last one named is the one that failed */
    LLVMFuzzerTestOneInput(data, (size_t)size);
    rc = 0;
out:
    if (rc != 0)
        perror(path);
    if (file != NULL)
        fclose(file);
    free(data);
    return rc;
}

static int run_folder(const char *path, unsigned *count)
{
    DIR *folder = opendir(path);
    int rc = folder != NULL ? 0 : -1;

    for (struct dirent *entry; rc == 0 && (entry = readdir(folder)) != NULL;) {
        char name[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        rc = run_file(name);
        *count += 1;
    }
    if (folder == NULL)
        perror(path);
    else
        closedir(folder);
    return rc;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    int rc = 0;

    for (int i = 1; rc == 0 && i < argc; i++) {
        struct stat st;

        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
            rc = run_folder(argv[i], &count);
        } else {
            rc = run_file(argv[i]);
            count++;
        }
    }
    if (rc == 0 && count == 0)
        fprintf(stderr, "no input at all\n");
    return rc == 0 && count > 0 ? 0 : 1;
}
