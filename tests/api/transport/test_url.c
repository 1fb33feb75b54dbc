/* SPDX-License-Identifier: MIT */
/* The URLs of drives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "api/transport/url.h"

static struct transport_url good(const char *text)
{
    struct transport_url url;

    assert_int_equal(transport_url_parse(text, &url, NULL), TRANSPORT_OK);
    return url;
}

static void an_iscsi_url_has_host_port_target_and_unit(void **state)
{
    struct transport_url url = good("iscsi://10.0.0.1:3261/iqn.2026-11.a:b/7");

    (void)state;
    assert_int_equal(url.kind, TRANSPORT_KIND_ISCSI);
    assert_string_equal(url.host, "10.0.0.1");
    assert_int_equal(url.port, 3261);
    assert_string_equal(url.target, "iqn.2026-11.a:b");
    assert_int_equal(url.lun, 7);
    assert_null(url.user);
    assert_null(url.password);
    transport_url_free(&url);
}

static void the_port_is_3260_unless_told(void **state)
{
    struct transport_url url = good("iscsi://host/iqn.x/0");

    (void)state;
    assert_string_equal(url.host, "host");
    assert_int_equal(url.port, 3260);
    transport_url_free(&url);
}

static void an_ipv6_address_stands_in_brackets(void **state)
{
    struct transport_url url = good("iscsi://[::1]:99/iqn.x/0");
    struct transport_url bare;

    (void)state;
    assert_string_equal(url.host, "::1");
    assert_int_equal(url.port, 99);
    transport_url_free(&url);
    assert_int_equal(transport_url_parse("iscsi://::1/iqn.x/0", &bare, NULL), TRANSPORT_BAD_URL);
}

static void an_account_stands_before_the_at(void **state)
{
    struct transport_url url = good("iscsi://joe%p@ss/w%rd@host/iqn.x/0");

    (void)state;
    assert_string_equal(url.user, "joe");
    assert_string_equal(url.password, "p@ss/w%rd");
    assert_string_equal(url.host, "host");
    transport_url_free(&url);
}

static void an_account_may_come_from_the_environment(void **state)
{
    struct transport_url url;

    (void)state;
    setenv("LIBISCSI_CHAP_USERNAME", "ann", 1);
    setenv("LIBISCSI_CHAP_PASSWORD", "twelve chars", 1);
    url = good("iscsi://host/iqn.x/0");
    assert_string_equal(url.user, "ann");
    assert_string_equal(url.password, "twelve chars");
    transport_url_free(&url);
    unsetenv("LIBISCSI_CHAP_PASSWORD");
    url = good("iscsi://host/iqn.x/0");
    assert_null(url.user);
    transport_url_free(&url);
    unsetenv("LIBISCSI_CHAP_USERNAME");
}

static void a_target_name_may_be_percent_coded(void **state)
{
    struct transport_url url = good("iscsi://host/iqn.x%3Ay/0");

    (void)state;
    assert_string_equal(url.target, "iqn.x:y");
    transport_url_free(&url);
}

static void an_embedded_url_names_a_disc_or_none(void **state)
{
    struct transport_url disc = good("embedded:/a b/disc.vcdr");
    struct transport_url empty = good("embedded:");

    (void)state;
    assert_int_equal(disc.kind, TRANSPORT_KIND_EMBEDDED);
    assert_string_equal(disc.disc, "/a b/disc.vcdr");
    assert_int_equal(empty.kind, TRANSPORT_KIND_EMBEDDED);
    assert_null(empty.disc);
    transport_url_free(&disc);
    transport_url_free(&empty);
}

static void a_drive_of_the_host_is_a_path(void **state)
{
    static const char *const same[] = {"sg:/dev/sr0", "/dev/sr0"};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct transport_url url;

        assert_int_equal(transport_url_parse(same[i], &url, NULL), TRANSPORT_OK);
        assert_int_equal(url.kind, TRANSPORT_KIND_SG);
        assert_string_equal(url.node, "/dev/sr0");
        transport_url_free(&url);
    }
}

static void what_is_no_url_is_refused_with_a_reason(void **state)
{
    static const char *const bad[] = {
        "",
        "disc.vcdr",
        "http://host/",
        "sg:",
        "sg:sr0",
        "iscsi:",
        "iscsi://",
        "iscsi://host",
        "iscsi://host/iqn.x",
        "iscsi://host/iqn.x/",
        "iscsi://host/iqn.x/x",
        "iscsi://host/iqn.x/256",
        "iscsi://host/iqn.x/-1",
        "iscsi://host/iqn.x/0/1",
        "iscsi://host//0",
        "iscsi:///iqn.x/0",
        "iscsi://host:/iqn.x/0",
        "iscsi://host:0/iqn.x/0",
        "iscsi://host:65536/iqn.x/0",
        "iscsi://host:12x/iqn.x/0",
        "iscsi://[::1/iqn.x/0",
        "iscsi://[::1]x/iqn.x/0",
        "iscsi://[[::1]/iqn.x/0",
        "iscsi://ho]st/iqn.x/0",
        "iscsi://joe@host/iqn.x/0",
        "iscsi://%secret@host/iqn.x/0",
        "iscsi://joe%@host/iqn.x/0",
        "iscsi://host/iqn.%zz/0",
        "iscsi://host/iqn.%00/0",
        "iscsi://host/iqn.%4/0",
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct transport_url url;
        char *why = NULL;

        if (transport_url_parse(bad[i], &url, &why) != TRANSPORT_BAD_URL || !why || !why[0]) {
            fail_msg("%s was accepted, or without a reason", bad[i]);
        }
        free(why);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_iscsi_url_has_host_port_target_and_unit),
        cmocka_unit_test(the_port_is_3260_unless_told),
        cmocka_unit_test(a_drive_of_the_host_is_a_path),
        cmocka_unit_test(an_ipv6_address_stands_in_brackets),
        cmocka_unit_test(an_account_stands_before_the_at),
        cmocka_unit_test(an_account_may_come_from_the_environment),
        cmocka_unit_test(a_target_name_may_be_percent_coded),
        cmocka_unit_test(an_embedded_url_names_a_disc_or_none),
        cmocka_unit_test(what_is_no_url_is_refused_with_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
