/* SPDX-License-Identifier: MIT */
/* The program `vcdr`: finds the verb's row and runs it. It knows nothing of drives. */
#include "verbs.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct verb verbs[] = {
    {
        .name = "disc",
        .summary = "makes disc files, looks into them, turns them into images and back",
        .usage = "disc new FILE [--capacity 74min|80min|90min] [--rw]\n"
                 "disc info FILE [--json]\n"
                 "disc snapshot|restore|reset FILE\n"
                 "disc export FILE --cue OUT.cue | --toc OUT.toc | --iso OUT.iso [--track N]\n"
                 "disc import IN.cue|IN.toc|IN.iso FILE [--capacity 74min|80min|90min] [--rw]",
        .options =
            "Without --capacity, new makes a disc of 80 minutes, and import the smallest one\n"
            "that holds the image. An export writes beside OUT.cue a file OUT.bin.",
        .run = verb_disc,
    },
    {
        .name = "serve",
        .summary = "starts tgtd with virtual drives in it and prints their URLs",
        .usage = "serve [--disc FILE]... [--portal 127.0.0.1:0] [--record FILE]\n"
                 "      [--ready-file FILE] [-- COMMAND...]",
        .options = "--disc FILE              a drive with this disc; without any, one empty drive\n"
                   "--portal HOST:PORT       where tgtd listens; port 0 takes a free one\n"
                   "--record FILE            what happens to the drives, line by line\n"
                   "--record-commands        every command as well\n"
                   "--ready-file FILE        gets the URLs once a login would succeed\n"
                   "--name, --iqn, --serial  of the drives, in the order of the discs\n"
                   "--chap-user USER         only this account may log in; its secret comes from\n"
                   "--chap-secret-file FILE  or from the environment, VCDR_CHAP_SECRET\n"
                   "--dead-peer SECONDS      until an initiator whose host is gone is dropped\n"
                   "--silent-peer SECONDS    until one that answers nothing is dropped; 0 never\n"
                   "--fault RULE             makes drives fail by this rule (vcdr-fault(1))\n"
                   "--timing none|real       how long things take; none without it\n"
                   "--control PATH           a control socket there (vcdr-status(1)), beside the\n"
                   "                         one that is found by a drive's URL\n"
                   "--exit-with-parent       ends when the process that started it does\n"
                   "The drives' URLs go to stdout, and to the command as VCDR_URL and VCDR_URLS.",
        .run = verb_serve,
    },
    {
        .name = "status",
        .summary = "shows the drives of a running daemon: disc, tray, owner, state",
        .usage = "status URL|--socket PATH [--drive DRIVE] [--json]",
        .options = "URL          of a drive that a vcdr serve of yours on this machine has\n"
                   "--socket PATH  what the daemon was given as --control\n"
                   "--drive DRIVE  its number from 1, serial number or target name",
        .run = verb_status,
    },
    {
        .name = "insert",
        .summary = "lays a disc into a drive of a running daemon",
        .usage = "insert URL|--socket PATH [--drive DRIVE] FILE",
        .options = "The drive must be empty. URL, --socket and --drive are those of vcdr status.",
        .run = verb_insert,
    },
    {
        .name = "eject",
        .summary = "takes the disc out of a drive of a running daemon",
        .usage = "eject URL|--socket PATH [--drive DRIVE]",
        .options = "Refused as the button is, while a host prevents it or the drive writes.",
        .run = verb_eject,
    },
    {
        .name = "button",
        .summary = "presses the eject button of a drive of a running daemon",
        .usage = "button URL|--socket PATH [--drive DRIVE]",
        .options = "A closed tray opens, an open one closes. Where a host prevents it, that host\n"
                   "is told of the request, and the status is 1.",
        .run = verb_button,
    },
    {
        .name = "fault",
        .summary = "makes the drives of a running daemon fail, by rule",
        .usage = "fault URL|--socket PATH [--drive DRIVE] RULE... | --clear",
        .options = "--clear  takes all rules away; more may follow",
        .run = verb_fault,
    },
    {
        .name = "info",
        .summary = "shows a drive: identity, medium, write state, who holds it",
        .usage = "info URL [--json]",
        .run = verb_info,
    },
    {
        .name = "owner",
        .summary = "prints who holds the drive; status 1 and no word when it is free",
        .usage = "owner URL",
        .run = verb_owner,
    },
    {
        .name = "lock",
        .summary = "holds the drive under a name while a command runs",
        .usage = "lock URL --client-name NAME [--force] -- COMMAND...",
        .options = "--force takes the lock even where a mounted file system would keep it away.\n"
                   "The exit status is the command's.",
        .run = verb_lock,
    },
    {
        .name = "send",
        .summary = "sends one raw CDB and shows status, sense and data",
        .usage = "send URL CDB-HEX [--in N] [--out FILE] [--data FILE] [--timeout SECONDS]\n"
                 "     [--keep-attention]",
        .options = "--in N       room for N bytes of data-in, shown in hex\n"
                   "--out FILE   puts the data-in into FILE instead\n"
                   "--data FILE  the data-out\n"
                   "--keep-attention  does not pass over what greets a new nexus",
        .run = verb_send,
    },
    {
        .name = "burn",
        .summary = "burns audio files as the tracks of a blank disc",
        .usage = "burn URL FILE... --client-name NAME [--no-finalize] [--speed N] [--yes]",
        .options = "A FILE is anything that libsndfile reads: 44.1 kHz, stereo, 16 bits.\n"
                   "--no-finalize  leaves the disc open for another session\n"
                   "--speed N      N times 75 sectors a second; the drive's fastest otherwise\n"
                   "--yes          a recorder of this host (sg:) is meant",
        .run = verb_burn,
    },
    {
        .name = "rip",
        .summary = "reads every track: audio to .wav, data to .iso",
        .usage = "rip URL OUT-DIR",
        .run = verb_rip,
    },
    {
        .name = "scenario",
        .summary = "runs scenarios against a fresh drive each, and tells what came of them",
        .usage = "scenario [--drive embedded|daemon|URL] [--tap] [--junit FILE] [--jobs N]\n"
                 "         [--time-limit SECONDS] [--keep DIR] FILE|FOLDER...\n"
                 "scenario --verbs",
        .options =
            "A FOLDER stands for all files NAME.lua below it.\n"
            "--drive embedded  each scenario has a drive of its own process (so by default)\n"
            "--drive daemon    ... a drive in a daemon of its own, over iSCSI\n"
            "--drive URL       all have this one, one after the other\n"
            "--yes             a recorder of this host (sg:) is meant\n"
            "--tap             TAP version 14 instead of words for people\n"
            "--junit FILE      JUnit's XML to FILE as well\n"
            "--jobs N          so many at a time; as many as there are processors otherwise\n"
            "--time-limit S    after which a scenario has failed; 60 seconds otherwise\n"
            "--keep DIR        keeps discs and records of those that fail, not records alone\n"
            "--verbs           prints the vocabulary\n"
            "Status 77: every scenario was skipped.",
        .run = verb_scenario,
    },
    {
        .name = "record",
        .summary = "prints a record of what happened to a drive, for people",
        .usage = "record FILE [--follow] [--event E]... [--json]",
        .options = "--follow   waits for further lines until it is interrupted\n"
                   "--event E  only events of this name; may be given again\n"
                   "--json     passes the lines through as they are",
        .run = verb_record,
    },
    {
        .name = "exec",
        .summary = "runs an unmodified program that sees the drive as /dev/sr0 and /dev/sg0",
        .usage = "exec [--drive URL]... -- COMMAND...",
        .options = "--drive URL  may be given again: the second drive is /dev/sr1 and /dev/sg1\n"
                   "Without --drive the drive is that of VCDR_URL, or else one with a blank disc.\n"
                   "The exit status is the command's.",
        .run = verb_exec,
    },
};

static void print_usage(const struct verb *verb, FILE *to)
{
    const char *line = verb->usage;
    const char *prefix = "usage: vcdr ";
    while (*line != '\0') {
        int length = (int)strcspn(line, "\n");
        fprintf(to, "%s%.*s\n", line[0] == ' ' ? "           " : prefix, length, line);
        prefix = "       vcdr ";
        line += length + (line[length] == '\n');
    }
}

static void print_help(const struct verb *verb)
{
    print_usage(verb, stdout);
    printf("\n%s: %s.\n", verb->name, verb->summary);
    if (verb->options != NULL)
        printf("\n%s\n", verb->options);
}

static void print_verbs(FILE *to)
{
    fputs("usage: vcdr VERB ...      (vcdr VERB --help says more)\n\n", to);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        fprintf(to, "  %-9s %s\n", verbs[i].name, verbs[i].summary);
    fputs("\nA drive is named by URL: iscsi://[user%password@]host:port/iqn/lun, embedded:DISC,\n"
          "sg:/dev/sr0.\n"
          "Exit status: 0 done, 1 the thing asked for failed, 2 usage, 77 cannot run here.\n",
          to);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* What follows "--" belongs to a command that the verb runs. */
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_verbs(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_verbs(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("vcdr " VCDR_VERSION);
        return EXIT_DONE;
    }
    const struct verb *verb = find_verb(argv[1]);
    if (verb == NULL) {
        fprintf(stderr, "vcdr: %s: no such verb (see vcdr --help)\n", argv[1]);
        return EXIT_USAGE;
    }
    if (asks_for_help(argc - 1, argv + 1)) {
        print_help(verb);
        return EXIT_DONE;
    }
    return verb->run(argc - 1, argv + 1);
}

/* What was asked for and did not arrive, on a full file system for one, was not done. */
int main(int argc, char **argv)
{
    int status = run(argc, argv);
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    int lost = fail("standard output", "%s", errno != 0 ? strerror(errno) : "cannot be written");
    return status == EXIT_DONE ? lost : status;
}
