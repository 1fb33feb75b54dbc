/* SPDX-License-Identifier: MIT */
/* The module in programs that are not the tgtd that it knows: it says so in one line and refuses.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern void __asan_init(void) __attribute__((weak));

/* Runs a command; its stderr into buf; returns the exit status. */
static int run(const char *command, char *buf, size_t size)
{
    char line[2048];
    FILE *in;
    size_t len;

    snprintf(line, sizeof(line), "%s 2>&1 >/dev/null", command);
    in = popen(line, "r");
    assert_non_null(in);
    len = fread(buf, 1, size - 1, in);
    buf[len] = '\0';
    return WEXITSTATUS(pclose(in));
}

static void assert_refused_by(const char *program, const char *clause)
{
    char command[1024], text[1024], expected[512];

    snprintf(command, sizeof(command), "%s %s", program, getenv("VCDR_TGT_MODULE"));
    assert_int_equal(run(command, text, sizeof(text)), 0);
    snprintf(expected, sizeof(expected),
             "vcdr: tgtd: %s: this tgtd is not one that the module knows (64 bit, 1.0.46 to "
             "1.0.97)\n",
             clause);
    assert_string_equal(text, expected);
}

static void another_size_of_the_device_type_is_refused(void **state)
{
    (void)state;
    assert_refused_by(WRONG_TGTD "_1", "struct device_type_template has another size");
}

static void another_layout_of_the_store_is_refused(void **state)
{
    (void)state;
    assert_refused_by(WRONG_TGTD "_2", "struct backingstore_template has another layout");
}

static void a_missing_function_is_refused(void **state)
{
    (void)state;
    assert_refused_by(WRONG_TGTD "_3", "a function that this module needs is missing");
}

static void the_same_program_without_a_difference_is_accepted(void **state)
{
    char command[1024], text[1024];

    (void)state;
    snprintf(command, sizeof(command), WRONG_TGTD "_4 %s", getenv("VCDR_TGT_MODULE"));
    assert_int_equal(run(command, text, sizeof(text)), 1); /* registered */
    assert_string_equal(text, "");
}

static void a_program_that_is_no_tgtd_runs_as_if_nothing_were_loaded(void **state)
{
    char command[1024], text[1024];
    Dl_info sanitizer;

    (void)state;
    if (__asan_init) /* its library has to come first */
        assert_int_not_equal(dladdr((void *)(uintptr_t)__asan_init, &sanitizer), 0);
    snprintf(command, sizeof(command), "VCDR_TGT_SETTINGS=9 LD_PRELOAD=\"%s %s\" /bin/true",
             __asan_init ? sanitizer.dli_fname : "", getenv("VCDR_TGT_MODULE"));
    assert_int_equal(run(command, text, sizeof(text)), 0);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_size_of_the_device_type_is_refused),
        cmocka_unit_test(another_layout_of_the_store_is_refused),
        cmocka_unit_test(a_missing_function_is_refused),
        cmocka_unit_test(the_same_program_without_a_difference_is_accepted),
        cmocka_unit_test(a_program_that_is_no_tgtd_runs_as_if_nothing_were_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
