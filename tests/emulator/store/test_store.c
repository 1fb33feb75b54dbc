/* SPDX-License-Identifier: MIT */
/* Both stores against the contract of vcdr/store.h, and what only a file has: names and locks. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/store.h>

#include "alloc_fault.h"

struct fixture {
    char folder[64];
    char path[96];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f)
        return -1;
    snprintf(f->folder, sizeof(f->folder), "vcdr-store-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->path, sizeof(f->path), "%s/disc", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

static void must_write(struct vcdr_store s, uint64_t at, const void *data, size_t len)
{
    assert_int_equal(s.ops->write(s.ctx, at, data, len), VCDR_OK);
}

static void must_read(struct vcdr_store s, uint64_t at, void *data, size_t len)
{
    assert_int_equal(s.ops->read(s.ctx, at, data, len), VCDR_OK);
}

static uint64_t size_of(struct vcdr_store s)
{
    uint64_t size = 99;

    assert_int_equal(s.ops->size(s.ctx, &size), VCDR_OK);
    return size;
}

/* ---- the contract, for each store ---- */

static void check_contract(struct vcdr_store s)
{
    static const uint8_t zeros[6];
    uint8_t buf[6] = {1, 1, 1, 1, 1, 1};

    assert_int_equal(size_of(s), 0);
    must_read(s, 5, buf, 6); /* beyond the end: zeros */
    assert_memory_equal(buf, zeros, 6);
    must_write(s, 0x40000 - 2, "abcd", 4); /* across two chunks of the memory store */
    assert_int_equal(size_of(s), 0x40002);
    must_read(s, 0x40000 - 3, buf, 6); /* before, across, behind */
    assert_memory_equal(buf, "\0abcd\0", 6);
    must_write(s, 0x40000 - 1, "B", 1);
    must_read(s, 0x40000 - 2, buf, 4);
    assert_memory_equal(buf, "aBcd", 4);
    assert_int_equal(size_of(s), 0x40002);
    must_write(s, 3000000000u, "z", 1); /* 3 GB: beyond 31 bits, and sparse */
    assert_int_equal(size_of(s), 3000000001u);
    must_read(s, 2999999999u, buf, 2);
    assert_memory_equal(buf, "\0z", 2);
    must_write(s, 7, "", 0);
    must_read(s, 7, buf, 0);
    assert_int_equal(s.ops->flush(s.ctx), VCDR_OK);
}

static void memory_keeps_the_contract(void **state)
{
    struct vcdr_store s;

    (void)state;
    assert_int_equal(vcdr_store_memory(&s), VCDR_OK);
    check_contract(s);
    s.ops->close(s.ctx);
}

static void a_file_keeps_the_contract(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_OK);
    check_contract(s);
    s.ops->close(s.ctx);
}

static void memory_refuses_an_absurd_offset(void **state)
{
    struct vcdr_store s;

    (void)state;
    assert_int_equal(vcdr_store_memory(&s), VCDR_OK);
    assert_int_equal(s.ops->write(s.ctx, UINT64_MAX - 1, "ab", 2), VCDR_EIO);
    assert_int_equal(s.ops->write(s.ctx, (uint64_t)1 << 62, "ab", 2), VCDR_EIO);
    assert_int_equal(size_of(s), 0);
    s.ops->close(s.ctx);
}

static void memory_without_memory_writes_nothing(void **state)
{
    struct vcdr_store s;
    char *both = calloc(1, 600000);
    char byte = 1;
    unsigned n;

    (void)state;
    assert_non_null(both);
    memset(both, 'x', 600000);
    alloc_fail_at(1);
    assert_int_equal(vcdr_store_memory(&s), VCDR_ENOMEM);
    alloc_fail_at(0);
    assert_int_equal(vcdr_store_memory(&s), VCDR_OK);
    for (n = 1;; n++) { /* the table, then three chunks */
        int rc;

        alloc_fail_at(n);
        rc = s.ops->write(s.ctx, 100, both, 600000);
        alloc_fail_at(0);
        if (rc == VCDR_OK)
            break;
        assert_int_equal(rc, VCDR_ENOMEM);
        assert_int_equal(size_of(s), 0);
        must_read(s, 100, &byte, 1);
        assert_int_equal(byte, 0);
    }
    assert_true(n >= 3); /* a failed try keeps the chunks that it got */
    assert_int_equal(size_of(s), 600100);
    s.ops->close(s.ctx);
    free(both);
}

/* ---- files ---- */

static void a_file_lasts(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;
    char buf[4];

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_OK);
    must_write(s, 10, "disc", 4);
    s.ops->close(s.ctx);
    assert_int_equal(vcdr_store_file(f->path, 0, &s), VCDR_OK);
    must_read(s, 10, buf, 4);
    assert_memory_equal(buf, "disc", 4);
    assert_int_equal(size_of(s), 14);
    s.ops->close(s.ctx);
}

static void creating_never_takes_a_file_that_is_there(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_OK);
    must_write(s, 0, "x", 1);
    s.ops->close(s.ctx);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_EEXIST);
    assert_int_equal(vcdr_store_file(f->path, 0, &s), VCDR_OK);
    assert_int_equal(size_of(s), 1);
    s.ops->close(s.ctx);
}

static void names_that_cannot_be_opened_say_why(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;
    char deep[160];

    assert_int_equal(vcdr_store_file(f->path, 0, &s), VCDR_ENOENT);
    assert_int_equal(vcdr_store_file(f->folder, 0, &s), VCDR_ENOTDISC);
    assert_int_equal(vcdr_store_file(f->folder, VCDR_STORE_READ_ONLY, &s), VCDR_ENOTDISC);
    assert_int_equal(vcdr_store_file("/dev/null", 0, &s), VCDR_ENOTDISC);
    snprintf(deep, sizeof(deep), "%s/none/disc", f->folder);
    assert_int_equal(vcdr_store_file(deep, VCDR_STORE_CREATE, &s), VCDR_ENOENT);
    assert_int_equal(vcdr_store_file(NULL, 0, &s), VCDR_EINVAL);
    assert_int_equal(vcdr_store_file(f->path, 4, &s), VCDR_EINVAL);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE | VCDR_STORE_READ_ONLY, &s),
                     VCDR_EINVAL);
    assert_int_equal(access(f->path, F_OK), -1);
}

static void a_fifo_is_refused_and_does_not_hang(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;

    assert_int_equal(mkfifo(f->path, 0600), 0);
    assert_int_equal(vcdr_store_file(f->path, 0, &s), VCDR_ENOTDISC);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_READ_ONLY, &s), VCDR_ENOTDISC);
}

static void reading_only_never_writes(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_OK);
    s.ops->close(s.ctx);
    assert_int_equal(chmod(f->path, 0444), 0);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_READ_ONLY, &s), VCDR_OK);
    assert_int_equal(s.ops->write(s.ctx, 0, "x", 1), VCDR_EACCESS);
    assert_int_equal(size_of(s), 0);
    s.ops->close(s.ctx);
}

static void a_writer_keeps_everyone_away_in_this_process_too(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store writer, other;
    char link_path[128];

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &writer), VCDR_OK);
    assert_int_equal(vcdr_store_file(f->path, 0, &other), VCDR_EBUSY);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_READ_ONLY, &other), VCDR_EBUSY);
    snprintf(link_path, sizeof(link_path), "%s/other-name", f->folder);
    assert_int_equal(link(f->path, link_path), 0);
    assert_int_equal(vcdr_store_file(link_path, 0, &other), VCDR_EBUSY);
    assert_int_equal(unlink(link_path), 0);
    writer.ops->close(writer.ctx);
    assert_int_equal(vcdr_store_file(f->path, 0, &other), VCDR_OK);
    other.ops->close(other.ctx);
}

static void readers_share_and_keep_writers_away(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store a, b, writer;

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &a), VCDR_OK);
    a.ops->close(a.ctx);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_READ_ONLY, &a), VCDR_OK);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_READ_ONLY, &b), VCDR_OK);
    assert_int_equal(vcdr_store_file(f->path, 0, &writer), VCDR_EBUSY);
    b.ops->close(b.ctx);
    a.ops->close(a.ctx);
}

/* Opens in a child, which says "open" and then waits to be killed. */
static pid_t holder(const char *path, int *ready)
{
    int ends[2];
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        struct vcdr_store s;
        char ok = vcdr_store_file(path, 0, &s) == VCDR_OK;

        if (write(ends[1], &ok, 1) == 1)
            pause();
        _exit(1);
    }
    close(ends[1]);
    *ready = ends[0];
    return pid;
}

static void another_process_holds_the_file_until_it_is_killed(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;
    int ready, status;
    char ok = 0;
    pid_t pid;

    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_OK);
    s.ops->close(s.ctx);
    pid = holder(f->path, &ready);
    assert_int_equal(read(ready, &ok, 1), 1);
    assert_int_equal(ok, 1);
    assert_int_equal(vcdr_store_file(f->path, 0, &s), VCDR_EBUSY);
    assert_int_equal(kill(pid, 9), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(vcdr_store_file(f->path, 0, &s), VCDR_OK);
    s.ops->close(s.ctx);
    close(ready);
}

static void a_file_without_memory_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    struct vcdr_store s;

    alloc_fail_at(1);
    assert_int_equal(vcdr_store_file(f->path, VCDR_STORE_CREATE, &s), VCDR_ENOMEM);
    alloc_fail_at(0);
    assert_int_equal(access(f->path, F_OK), -1);
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_keeps_the_contract),
        cmocka_unit_test(memory_refuses_an_absurd_offset),
        cmocka_unit_test(memory_without_memory_writes_nothing),
        WITH_FOLDER(a_file_keeps_the_contract),
        WITH_FOLDER(a_file_lasts),
        WITH_FOLDER(creating_never_takes_a_file_that_is_there),
        WITH_FOLDER(names_that_cannot_be_opened_say_why),
        WITH_FOLDER(a_fifo_is_refused_and_does_not_hang),
        WITH_FOLDER(reading_only_never_writes),
        WITH_FOLDER(a_writer_keeps_everyone_away_in_this_process_too),
        WITH_FOLDER(readers_share_and_keep_writers_away),
        WITH_FOLDER(another_process_holds_the_file_until_it_is_killed),
        WITH_FOLDER(a_file_without_memory_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
