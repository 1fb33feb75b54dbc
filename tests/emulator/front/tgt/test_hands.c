/* SPDX-License-Identifier: MIT */
/* What hosts see of hands on a drive: media events, unit attentions, the locked tray. */
#include "world.h"

#include <string.h>

#include "serve/control_client.h"

enum { NO_CHANGE, EJECT_REQUEST, NEW_MEDIA, REMOVAL };

/* False: refused, `why` says why. */
static bool hand(struct world *world, const char *what, const char *disc, char why[CONTROL_WHY])
{
    struct control_place place = {.url = world->urls[0]};
    json_t *request = json_pack("{s:s}", "do", what);

    if (disc)
        json_object_set_new(request, "disc", json_string(disc));
    return control_ask(&place, request, NULL, why);
}

static void do_hand(struct world *world, const char *what, const char *disc)
{
    char why[CONTROL_WHY];

    if (!hand(world, what, disc, why))
        fail_msg("%s: %s", what, why);
}

/* GET EVENT STATUS NOTIFICATION, polled, media class: the event code that this nexus has not seen.
 */
static int media_event(struct initiator *initiator)
{
    static const uint8_t cdb[10] = {0x4A, 0x01, 0, 0, 0x10, 0, 0, 0, 8, 0};
    uint8_t data[8] = {0};
    struct reply reply = initiator_execute(initiator, 0, cdb, 10, NULL, 0, data, sizeof(data));

    assert_int_equal(reply.status, 0);
    assert_int_equal(data[2], 0x04); /* media */
    return data[4] & 0x0F;
}

static void prevent(struct initiator *initiator, uint8_t on)
{
    const uint8_t cdb[6] = {0x1E, 0, 0, 0, on, 0};

    assert_int_equal(initiator_execute(initiator, 0, cdb, 6, NULL, 0, NULL, 0).status, 0);
}

static void every_host_is_told_once_of_another_disc(void **state)
{
    struct world *world = *state;
    struct initiator *hosts[2] = {log_in_ready(world, 0, "one"), log_in_ready(world, 0, "two")};

    do_hand(world, "eject", NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(test_unit_ready(hosts[i]).sense, 0x023A02); /* no medium, tray open */
        assert_int_equal(media_event(hosts[i]), REMOVAL);
        assert_int_equal(media_event(hosts[i]), NO_CHANGE);
    }
    do_hand(world, "insert", world->discs[1]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(media_event(hosts[i]), NEW_MEDIA);
        assert_int_equal(media_event(hosts[i]), NO_CHANGE);
        assert_int_equal(test_unit_ready(hosts[i]).sense, 0x062800);
        assert_int_equal(test_unit_ready(hosts[i]).status, 0);
        initiator_logout(hosts[i]);
    }
}

static void a_host_that_locks_the_tray_is_asked(void **state)
{
    struct world *world = *state;
    struct initiator *host = log_in_ready(world, 0, "one");
    char why[CONTROL_WHY];

    prevent(host, 1);
    assert_false(hand(world, "button", NULL, why));
    assert_int_equal(media_event(host), EJECT_REQUEST);
    assert_false(hand(world, "eject", NULL, why));
    assert_false(hand(world, "reset", NULL, why));
    assert_int_equal(test_unit_ready(host).status, 0); /* the disc is in it */
    prevent(host, 0);
    do_hand(world, "button", NULL);
    assert_int_equal(test_unit_ready(host).sense, 0x023A02);
    initiator_logout(host);
}

static void a_lost_host_locks_nothing(void **state)
{
    struct world *world = *state;
    struct initiator *host = log_in_ready(world, 0, "one");

    prevent(host, 1);
    initiator_drop(host);
    record_await(world, "\"event\":\"nexus-close\"", 1);
    do_hand(world, "eject", NULL);
}

static void a_disc_that_is_being_written_stays(void **state)
{
    struct world *world = *state;
    struct initiator *host = log_in_ready(world, 0, "one");
    char why[CONTROL_WHY];

    write_audio(host, 3);
    assert_false(hand(world, "eject", NULL, why));
    assert_false(hand(world, "snapshot", NULL, why));
    assert_false(hand(world, "restore", NULL, why));
    assert_int_equal(initiator_execute(host, 0, (uint8_t[10]){0x35}, 10, NULL, 0, NULL, 0).status,
                     0);
    do_hand(world, "eject", NULL);
    initiator_logout(host);
}

static void a_disc_wound_back_is_another_disc(void **state)
{
    struct world *world = *state;
    struct initiator *host = log_in_ready(world, 0, "one");

    do_hand(world, "snapshot", NULL);
    assert_int_equal(media_event(host), NO_CHANGE);
    do_hand(world, "restore", NULL);
    assert_int_equal(media_event(host), NEW_MEDIA);
    assert_int_equal(test_unit_ready(host).sense, 0x062800);
    initiator_logout(host);
}

/* Disc 1 lies beside the only drive. */
static int one_with_a_disc_beside(void **state)
{
    struct world *world = test_malloc(sizeof(*world));

    world_make(world, 2);
    world->options.drive_count = 1;
    world_start(world);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    world_stop(world);
    world_remove(world);
    test_free(world);
    return 0;
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, one_with_a_disc_beside, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(every_host_is_told_once_of_another_disc),
        ONE(a_host_that_locks_the_tray_is_asked),
        ONE(a_lost_host_locks_nothing),
        ONE(a_disc_that_is_being_written_stays),
        ONE(a_disc_wound_back_is_another_disc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
