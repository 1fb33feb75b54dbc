/* SPDX-License-Identifier: MIT */
/* The record in a file: appended, numbered without gap, never torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/record.h>

/* ---- allocation and write that can fail, in the library only ---- */

static int fail_allocation = -1; /* how many succeed before one fails; -1: none fails */
static ssize_t write_limit = -1; /* bytes that the next write takes; -1: all */
static int writes;

static bool allocation_fails(void)
{
    return fail_allocation >= 0 && fail_allocation-- == 0;
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return allocation_fails() ? NULL : __real_calloc(n, size);
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return allocation_fails() ? NULL : __real_malloc(size);
}

char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);
char *__wrap_strdup(const char *s)
{
    return allocation_fails() ? NULL : __real_strdup(s);
}

ssize_t __real_write(int fd, const void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len)
{
    writes++;
    if (write_limit == 0) {
        errno = ENOSPC;
        return -1;
    }
    return __real_write(fd, buf, write_limit > 0 ? (size_t)write_limit : len);
}

/* ---- a folder of its own for each test ---- */

static char folder[256], path[288];

static int make_folder(void **state)
{
    const char *where = getenv("TMPDIR");

    (void)state;
    snprintf(folder, sizeof(folder), "%s/vcdr-record-XXXXXX", where != NULL ? where : P_tmpdir);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/record.jsonl", folder);
    fail_allocation = -1;
    write_limit = -1;
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void put_bytes(const char *text, size_t len)
{
    FILE *f = fopen(path, "a");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static void put(const char *text)
{
    put_bytes(text, strlen(text));
}

static char *whole_file(void)
{
    static char text[1 << 20];
    FILE *f = fopen(path, "r");
    size_t n;

    assert_non_null(f);
    n = fread(text, 1, sizeof(text) - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

/* Every line is JSON and the numbers run from 1; returns how many there are. */
static unsigned check_file(void)
{
    unsigned n = 0;

    for (char *line = strtok(whole_file(), "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *json = json_loads(line, 0, NULL);

        assert_non_null(json);
        assert_int_equal(json_integer_value(json_object_get(json, "seq")), ++n);
        json_decref(json);
    }
    return n;
}

static void emit(struct vcdr_record_file *file, const char *drive)
{
    struct vcdr_record sink = vcdr_record_file_sink(file);
    struct vcdr_event event = {.name = "power-on", .drive = drive, .members = ",\"disc\":null"};

    sink.emit(sink.ctx, &event);
}

static struct vcdr_record_file *opened(void)
{
    struct vcdr_record_file *file;

    assert_int_equal(vcdr_record_file_open(path, &file), VCDR_OK);
    return file;
}

static void a_new_file_starts_at_1_and_each_line_is_one_write(void **state)
{
    struct vcdr_record_file *file = opened();

    (void)state;
    writes = 0;
    emit(file, "A");
    emit(file, "B"); /* several drives, one file */
    assert_int_equal(writes, 2);
    assert_int_equal(vcdr_record_file_error(file), VCDR_OK);
    vcdr_record_file_close(file);
    assert_int_equal(check_file(), 2);
}

static void seq_goes_on_when_the_file_is_taken_up_again(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct vcdr_record_file *file = opened();

        emit(file, "A");
        emit(file, "A");
        vcdr_record_file_close(file);
    }
    assert_int_equal(check_file(), 6);
}

static void a_torn_last_line_is_cut_off_wherever_it_is_torn(void **state)
{
    struct vcdr_record_file *file = opened();
    char *whole;
    size_t two, three;

    (void)state;
    emit(file, "A");
    emit(file, "A");
    two = strlen(whole_file());
    emit(file, "A");
    vcdr_record_file_close(file);
    whole = strdup(whole_file());
    three = strlen(whole);
    for (size_t len = two; len <= three; len++) {
        unlink(path);
        put_bytes(whole, len);
        file = opened();
        assert_int_equal(strlen(whole_file()), len == three ? three : two);
        emit(file, "A");
        vcdr_record_file_close(file);
        assert_int_equal(check_file(), len == three ? 4 : 3);
    }
    free(whole);
}

static void a_torn_first_line_is_cut_off(void **state)
{
    static const char first[] = "{\"seq\":1,\"time_us\":0,\"wall\":\"20";

    (void)state;
    for (size_t len = 1; len < sizeof(first); len++) {
        struct vcdr_record_file *file;

        unlink(path);
        put_bytes(first, len);
        file = opened();
        assert_string_equal(whole_file(), "");
        emit(file, "A");
        vcdr_record_file_close(file);
        assert_int_equal(check_file(), 1);
    }
}

static void a_last_line_longer_than_the_step_of_the_search_is_found(void **state)
{
    struct vcdr_record_file *file;
    char line[20000];
    int n = snprintf(line, sizeof(line), "{\"seq\":1,\"x\":\"");

    (void)state;
    memset(line + n, 'x', sizeof(line) - (size_t)n);
    strcpy(line + sizeof(line) - 4, "\"}\n");
    put(line);
    file = opened();
    emit(file, "A");
    vcdr_record_file_close(file);
    assert_int_equal(check_file(), 2);
}

static void a_file_that_is_no_record_is_refused_and_left_alone(void **state)
{
    static const char *const others[] = {
        "dear diary",
        "dear diary\n",
        "{\"sequence\":1}\n",
        "\n",
        "{\"seq\":1}\nbut no more\n",
        "{\"seq\":x,\n",
        "{\"seq\":99999999999999999999999,\"a\":1}\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct vcdr_record_file *file = NULL;

        unlink(path);
        put(others[i]);
        assert_int_equal(vcdr_record_file_open(path, &file), VCDR_EINVAL);
        assert_null(file);
        assert_string_equal(whole_file(), others[i]);
    }
}

static void a_folder_that_is_not_there_has_an_error(void **state)
{
    struct vcdr_record_file *file = NULL;

    (void)state;
    assert_int_equal(vcdr_record_file_open("/nonexistent/folder/record", &file), VCDR_ENOENT);
    assert_int_equal(vcdr_record_file_open(folder, &file), VCDR_EIO); /* a folder itself */
    assert_null(file);
}

static void two_handles_on_one_file_share_the_numbers(void **state)
{
    struct vcdr_record_file *one = opened(), *two = opened();

    (void)state;
    for (int i = 0; i < 10; i++) {
        emit(one, "A");
        emit(two, "B");
        emit(two, "B");
    }
    vcdr_record_file_close(one);
    vcdr_record_file_close(two);
    assert_int_equal(check_file(), 30);
}

static void *emit_many(void *file)
{
    for (int i = 0; i < 200; i++)
        emit(file, "T");
    return NULL;
}

static void threads_of_one_handle_share_the_numbers(void **state)
{
    struct vcdr_record_file *file = opened();
    pthread_t threads[4];

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, emit_many, file), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    vcdr_record_file_close(file);
    assert_int_equal(check_file(), 800);
}

static void processes_share_the_numbers_and_survive_each_others_death(void **state)
{
    struct vcdr_record_file *file = opened();
    pid_t children[3];
    int status;

    (void)state;
    for (int i = 0; i < 3; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct vcdr_record_file *own;

            if (vcdr_record_file_open(path, &own) != VCDR_OK)
                _exit(1);
            for (int k = 0; k < 50; k++)
                emit(own, "P");
            _exit(0);
        }
    }
    for (int k = 0; k < 50; k++)
        emit(file, "A");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    put("{\"seq\":201,\"time_us\":1"); /* a writer was killed within its line */
    emit(file, "A");
    vcdr_record_file_close(file);
    assert_int_equal(check_file(), 201);
}

static void a_full_disc_ends_the_record_and_tears_nothing(void **state)
{
    static const ssize_t limits[] = {0, 1, 20};

    (void)state;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct vcdr_record_file *file;

        unlink(path);
        file = opened();
        emit(file, "A");
        write_limit = limits[i];
        emit(file, "A");
        write_limit = -1;
        assert_int_equal(vcdr_record_file_error(file), VCDR_EIO);
        emit(file, "A"); /* there is room again, but a record with a hole is none */
        vcdr_record_file_close(file);
        assert_int_equal(check_file(), 1);
    }
}

static void a_pipe_has_no_past(void **state)
{
    struct vcdr_record_file *file;
    char buf[4096] = "";
    int reader;

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    file = opened();
    emit(file, "A");
    assert_true(read(reader, buf, sizeof(buf) - 1) > 0);
    assert_non_null(strstr(buf, "{\"seq\":1,"));
    vcdr_record_file_close(file);
    close(reader);
}

static void out_of_memory_opens_nothing(void **state)
{
    struct vcdr_record_file *file = NULL;
    struct vcdr_record_lines *lines = NULL;

    (void)state;
    for (int n = 0; n < 2; n++) {
        fail_allocation = n;
        assert_int_equal(vcdr_record_file_open(path, &file), VCDR_ENOMEM);
        assert_null(file);
    }
    fail_allocation = 0;
    assert_int_equal(vcdr_record_lines_new(NULL, NULL, &lines), VCDR_ENOMEM);
    assert_null(lines);
    fail_allocation = -1;
    vcdr_record_file_close(NULL);
}

static void a_line_longer_than_the_room_is_written_whole(void **state)
{
    struct vcdr_record_file *file = opened();
    struct vcdr_record sink = vcdr_record_file_sink(file);
    struct vcdr_event event = {.name = "long", .drive = "A"};
    char *members = calloc(1, 40000);

    (void)state;
    assert_non_null(members);
    memset(members, 'x', 39990);
    memcpy(members, ",\"x\":\"", 6);
    members[39989] = '"';
    event.members = members;
    sink.emit(sink.ctx, &event);
    emit(file, "A");
    assert_int_equal(check_file(), 2);
    fail_allocation = 0;
    sink.emit(sink.ctx, &event);
    fail_allocation = -1;
    assert_int_equal(vcdr_record_file_error(file), VCDR_ENOMEM);
    assert_int_equal(check_file(), 2);
    vcdr_record_file_close(file);
    free(members);
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_folder(a_new_file_starts_at_1_and_each_line_is_one_write),
        with_folder(seq_goes_on_when_the_file_is_taken_up_again),
        with_folder(a_torn_last_line_is_cut_off_wherever_it_is_torn),
        with_folder(a_torn_first_line_is_cut_off),
        with_folder(a_last_line_longer_than_the_step_of_the_search_is_found),
        with_folder(a_file_that_is_no_record_is_refused_and_left_alone),
        with_folder(a_folder_that_is_not_there_has_an_error),
        with_folder(two_handles_on_one_file_share_the_numbers),
        with_folder(threads_of_one_handle_share_the_numbers),
        with_folder(processes_share_the_numbers_and_survive_each_others_death),
        with_folder(a_full_disc_ends_the_record_and_tears_nothing),
        with_folder(a_pipe_has_no_past),
        with_folder(out_of_memory_opens_nothing),
        with_folder(a_line_longer_than_the_room_is_written_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
