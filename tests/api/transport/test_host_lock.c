/* SPDX-License-Identifier: MIT */
/* Exclusive access among the programs of a host: the lock file, its content, and who dies. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "api/transport/host_lock.h"

static char folder[64], file[128];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/vcdr-locks-XXXXXX");
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(file, sizeof(file), "%s/vcdr-11:3.lock", folder);
    return setenv("VCDR_LOCK_FOLDER", folder, 1);
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

/* sr3, without its node: the file alone */
static void open_lock(struct host_lock *lock)
{
    host_lock_init(lock, makedev(11, 3), "");
}

static void the_file_is_named_by_device_and_holds_the_name(void **state)
{
    struct host_lock lock, asking;
    char name[64];

    (void)state;
    open_lock(&lock);
    open_lock(&asking);
    assert_false(host_lock_owner(&asking, name, sizeof(name)));
    assert_int_equal(host_lock_acquire(&lock, false, "First Burner 1.0"), TRANSPORT_OK);
    assert_int_equal(access(file, F_OK), 0);
    assert_true(host_lock_owner(&asking, name, sizeof(name)));
    assert_string_equal(name, "First Burner 1.0");
    host_lock_release(&lock);
    assert_false(host_lock_owner(&asking, name, sizeof(name)));
    assert_string_equal(name, "");
}

static void a_second_lock_is_refused_in_one_process_too(void **state)
{
    struct host_lock first, second;

    (void)state;
    open_lock(&first);
    open_lock(&second);
    assert_int_equal(host_lock_acquire(&first, false, "A"), TRANSPORT_OK);
    assert_int_equal(host_lock_acquire(&second, true, "B"), TRANSPORT_HELD);
    assert_int_equal(host_lock_acquire(&first, true, "B"), TRANSPORT_HELD);
    host_lock_release(&first);
    assert_int_equal(host_lock_acquire(&second, false, "B"), TRANSPORT_OK);
    host_lock_release(&second);
}

static void everybody_may_write_the_file_whatever_the_umask(void **state)
{
    struct host_lock lock;
    mode_t before = umask(077);
    struct stat st;

    (void)state;
    open_lock(&lock);
    assert_int_equal(host_lock_acquire(&lock, false, "A"), TRANSPORT_OK);
    umask(before);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0666);
    host_lock_release(&lock);
}

static void an_owner_that_is_killed_frees_it_and_his_name_means_nothing(void **state)
{
    struct host_lock lock;
    int ready[2], status;
    char name[64], byte;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    pid = fork();
    if (pid == 0) {
        open_lock(&lock);
        if (host_lock_acquire(&lock, false, "A Very Long Name") == TRANSPORT_OK &&
            write(ready[1], "x", 1) == 1) {
            pause();
        }
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    open_lock(&lock);
    assert_true(host_lock_owner(&lock, name, sizeof(name)));
    assert_string_equal(name, "A Very Long Name");
    assert_int_equal(host_lock_acquire(&lock, false, "B"), TRANSPORT_HELD);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_false(host_lock_owner(&lock, name, sizeof(name)));
    assert_int_equal(host_lock_acquire(&lock, false, "B"), TRANSPORT_OK);
    assert_true(host_lock_owner(&lock, name, sizeof(name)));
    assert_string_equal(name, "B");
    host_lock_release(&lock);
    close(ready[0]);
    close(ready[1]);
}

static void what_is_no_plain_file_is_not_written_to(void **state)
{
    struct host_lock lock;
    char victim[128], text[8] = "";
    int fd;

    (void)state;
    open_lock(&lock);
    unlink(file);
    snprintf(victim, sizeof(victim), "%s/victim", folder);
    fd = open(victim, O_RDWR | O_CREAT, 0600);
    assert_int_equal(write(fd, "secret", 6), 6);
    assert_int_equal(symlink(victim, file), 0);
    assert_int_equal(host_lock_acquire(&lock, false, "A"), TRANSPORT_REFUSED);
    unlink(file);
    assert_int_equal(link(victim, file), 0); /* a second name of it */
    assert_int_equal(host_lock_acquire(&lock, false, "A"), TRANSPORT_REFUSED);
    assert_int_equal(pread(fd, text, 6, 0), 6);
    assert_string_equal(text, "secret");
    close(fd);
    unlink(victim);
    unlink(file);
    assert_int_equal(mkfifo(file, 0666), 0);
    assert_int_equal(host_lock_acquire(&lock, false, "A"), TRANSPORT_REFUSED);
    unlink(file);
}

static void a_folder_that_is_not_there_is_no_device(void **state)
{
    struct host_lock lock;

    (void)state;
    open_lock(&lock);
    setenv("VCDR_LOCK_FOLDER", "/nonexistent", 1);
    assert_int_equal(host_lock_acquire(&lock, false, "A"), TRANSPORT_NO_DEVICE);
    setenv("VCDR_LOCK_FOLDER", folder, 1);
}

static void a_node_that_is_gone_leaves_nothing_held(void **state)
{
    struct host_lock lock, other;

    (void)state;
    host_lock_init(&lock, makedev(11, 3), "/nonexistent/sr3");
    open_lock(&other);
    assert_int_equal(host_lock_acquire(&lock, false, "A"), TRANSPORT_NO_DEVICE);
    assert_int_equal(host_lock_acquire(&other, false, "B"), TRANSPORT_OK);
    host_lock_release(&other);
    assert_int_equal(host_lock_acquire(&lock, true, "A"), TRANSPORT_OK); /* forced: not opened */
    host_lock_release(&lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_named_by_device_and_holds_the_name),
        cmocka_unit_test(a_second_lock_is_refused_in_one_process_too),
        cmocka_unit_test(everybody_may_write_the_file_whatever_the_umask),
        cmocka_unit_test(an_owner_that_is_killed_frees_it_and_his_name_means_nothing),
        cmocka_unit_test(what_is_no_plain_file_is_not_written_to),
        cmocka_unit_test(a_folder_that_is_not_there_is_no_device),
        cmocka_unit_test(a_node_that_is_gone_leaves_nothing_held),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
