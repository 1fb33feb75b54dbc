/* SPDX-License-Identifier: MIT */
#include "scenario/process.h"
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "scenario/drive.h"
#include "scenario/expect.h"
#include "scenario/result.h"
#include "scenario/scenario.h"
#include "scenario/sockets.h"

#define PROCESSES "processes"

/* A message is one packet: what it is, and a text. */
enum { TOLD = 'T', FAILED_THERE = 'F', ENDED = 'E', MESSAGE_ROOM = SLATE_TEXT };

/* Shared with the process, which cuts itself off when it is told to, whatever it is doing. */
struct cutting {
    sem_t done;
    unsigned count;
    int ports[8]; /* of the daemons, then 0 */
};

struct process {
    pid_t pid; /* 0: ended */
    int fd;
    struct cutting *cutting;
};

/* ---- messages ---- */

static void put(lua_State *L, int fd, char what, const char *text)
{
    char message[MESSAGE_ROOM];
    int length = snprintf(message, sizeof(message), "%c%s", what, text);

    if (length >= MESSAGE_ROOM)
        length = MESSAGE_ROOM - 1;
    if (send(fd, message, (size_t)length + 1, MSG_NOSIGNAL) < 0)
        luaL_error(L, "tell: nobody hears it: %s", strerror(errno));
}

/* What it is; 0 at the end of the other side. */
static char take(int fd, char *text, size_t size)
{
    ssize_t length;

    do {
        length = recv(fd, text, size - 1, 0);
    } while (length < 0 && errno == EINTR);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    return text[0];
}

/* ---- the process itself ---- */

static void leave(lua_State *L, int fd, int status)
{
    if (status == LUA_OK)
        put(L, fd, ENDED, "");
    else
        put(L, fd, FAILED_THERE, luaL_tolstring(L, -1, NULL));
    _exit(status == LUA_OK ? 0 : 1);
}

/* The function, and what a scenario's end asks. */
static int run_whole(lua_State *L)
{
    result_forget(L);
    expect_forget(L);
    lua_call(L, 0, 0);
    return result_push_unseen(L) || expect_push_unsaid(L) ? lua_error(L) : 0;
}

static struct cutting *own_cutting; /* a handler has no argument */

static void cut_off(int number)
{
    int before = errno;

    (void)number;
    own_cutting->count = 0;
    for (const int *port = own_cutting->ports; *port != 0; port++)
        own_cutting->count += sockets_cut_at_once(*port);
    sem_post(&own_cutting->done);
    errno = before;
}

/* Connections, daemons and the slate are the parent's; ours is a copy of the state. */
static void live(lua_State *L, int fd, struct cutting *cutting)
{
    struct sigaction action = {.sa_handler = cut_off, .sa_flags = SA_RESTART};
    struct world *world = world_of(L);
    struct slate *slate = calloc(1, sizeof(*slate));

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!slate)
        _exit(1);
    world->slate = slate;
    world->thread = pthread_self();
    world->to_parent = fd;
    own_cutting = cutting;
    sigaction(SIGUSR1, &action, NULL);
    for (struct drive *drive = world->drives; drive; drive = drive->next)
        if (drive->port != 0)
            sockets_forget(drive->port);
    lua_pushcfunction(L, scenario_message);
    lua_pushcfunction(L, run_whole);
    lua_pushvalue(L, 1);
    leave(L, fd, lua_pcall(L, 1, 0, -3));
}

static struct process *process_push(lua_State *L)
{
    struct process *process = lua_newuserdatauv(L, sizeof(*process), 0);

    *process = (struct process){.fd = -1};
    luaL_setmetatable(L, KIND_PROCESS);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, PROCESSES);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
    return process;
}

static struct cutting *cutting_new(const struct world *world)
{
    struct cutting *cutting =
        mmap(NULL, sizeof(*cutting), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    size_t count = 0;

    if (cutting == MAP_FAILED)
        return NULL;
    sem_init(&cutting->done, 1, 0);
    for (const struct drive *drive = world->drives; drive; drive = drive->next)
        if (drive->port != 0 && count + 1 < sizeof(cutting->ports) / sizeof(cutting->ports[0]))
            cutting->ports[count++] = drive->port;
    return cutting;
}

int scene_process(lua_State *L)
{
    struct world *world = world_of(L);
    struct process *process;
    int ends[2];

    luaL_checktype(L, 1, LUA_TFUNCTION);
    if (!drive_in_daemon(world))
        return luaL_error(L, "process: a drive in this process is nobody else's "
                             "(needs { \"daemon\" })");
    process = process_push(L);
    process->cutting = cutting_new(world);
    if (!process->cutting)
        return luaL_error(L, "out of memory");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return luaL_error(L, "process: %s", strerror(errno));
    process->pid = fork();
    if (process->pid == 0) {
        close(ends[0]);
        process->pid = 0;
        live(L, ends[1], process->cutting);
    }
    close(ends[1]);
    process->fd = ends[0];
    if (process->pid < 0) {
        process->pid = 0;
        return luaL_error(L, "process: %s", strerror(errno));
    }
    return 1;
}

static int own_fd(lua_State *L, const char *verb)
{
    int fd = world_of(L)->to_parent;

    if (fd < 0)
        luaL_error(L, "%s is for the function of a process", verb);
    return fd;
}

int scene_tell(lua_State *L)
{
    put(L, own_fd(L, "tell"), TOLD, luaL_checkstring(L, 1));
    return 0;
}

int scene_hear(lua_State *L)
{
    char text[MESSAGE_ROOM];

    if (take(own_fd(L, "hear"), text, sizeof(text)) != TOLD)
        _exit(1); /* the scenario is over */
    lua_pushstring(L, text + 1);
    return 1;
}

int scene_stay(lua_State *L)
{
    own_fd(L, "stay");
    for (;;)
        pause();
}

/* ---- from outside ---- */

bool process_test(lua_State *L, int index)
{
    return luaL_testudata(L, index, KIND_PROCESS) != NULL;
}

static struct process *process_check(lua_State *L, int index)
{
    struct process *process = luaL_checkudata(L, index, KIND_PROCESS);

    if (process->pid == 0)
        luaL_error(L, "this process has ended");
    return process;
}

unsigned process_cut(lua_State *L, int index)
{
    struct process *process = process_check(L, index);

    if (kill(process->pid, SIGUSR1) != 0)
        return 0;
    while (sem_wait(&process->cutting->done) != 0 && errno == EINTR)
        ;
    return process->cutting->count;
}

static void bury(struct process *process)
{
    while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    process->pid = 0;
    close(process->fd);
    process->fd = -1;
    munmap(process->cutting, sizeof(*process->cutting));
    process->cutting = NULL;
}

int scene_kill(lua_State *L)
{
    struct process *process;

    if (drive_test(L, 1))
        return drive_kill(L);
    process = process_check(L, 1);

    kill(process->pid, SIGKILL);
    bury(process);
    return 0;
}

int scene_process_tell(lua_State *L)
{
    put(L, process_check(L, 1)->fd, TOLD, luaL_checkstring(L, 2));
    return 0;
}

/* Its failure is the scenario's. */
static char listen_to(lua_State *L, struct process *process, char *text, size_t size)
{
    char what = take(process->fd, text, size);

    if (what == FAILED_THERE) {
        bury(process);
        lua_pushfstring(L, "%s\n  in a process of its own", text + 1);
        lua_error(L);
    }
    return what;
}

int scene_process_hear(lua_State *L)
{
    struct process *process = process_check(L, 1);
    char text[MESSAGE_ROOM];

    scenario_doing(L, "process:hear()");
    if (listen_to(L, process, text, sizeof(text)) != TOLD)
        return luaL_error(L, "hear: the process has ended without a word");
    lua_pushstring(L, text + 1);
    return 1;
}

int scene_process_finish(lua_State *L)
{
    struct process *process = process_check(L, 1);
    char text[MESSAGE_ROOM], what;

    scenario_doing(L, "process:finish()");
    what = listen_to(L, process, text, sizeof(text));
    if (what == TOLD)
        return luaL_error(L, "finish: the process told \"%s\", which nobody heard", text + 1);
    bury(process);
    if (what != ENDED)
        return luaL_error(L, "finish: the process did not end by itself");
    world_of(L)->expectations++;
    return 0;
}

void process_check_all(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, PROCESSES);
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
        const struct process *process = luaL_testudata(L, -1, KIND_PROCESS);

        if (process->pid != 0)
            luaL_error(L, "%s: a process was neither finished nor killed", world_of(L)->file);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

void process_install(lua_State *L)
{
    kind_create(L, KIND_PROCESS, NULL);
}
