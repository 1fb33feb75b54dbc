/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "verbs.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_CANNOT_BE_RUN = 126, STATUS_NOT_FOUND = 127, STATUS_SIGNAL = 128 };

int command_failed(const char *name, int error)
{
    fail(name, "%s", strerror(error));
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_BE_RUN;
}

int command_status(int wait_status)
{
    return WIFSIGNALED(wait_status) ? STATUS_SIGNAL + WTERMSIG(wait_status)
                                    : WEXITSTATUS(wait_status);
}

void command_become(char *const command[], pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* dead already */
        _exit(EXIT_FAILED);
    execvp(command[0], command);
    _exit(command_failed(command[0], errno));
}

int command_run(char *const command[])
{
    static const int of_the_terminal[] = {SIGINT, SIGQUIT};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before[2];
    pid_t parent = getpid(), child;
    int state, status;
    fflush(NULL);
    for (size_t i = 0; i < 2; i++)
        sigaction(of_the_terminal[i], &ignore, &before[i]);
    child = fork();
    if (child <= 0)
        for (size_t i = 0; i < 2; i++)
            sigaction(of_the_terminal[i], &before[i], NULL);
    if (child == 0)
        command_become(command, parent);
    if (child < 0)
        return command_failed(command[0], errno);
    while (waitpid(child, &state, 0) < 0 && errno == EINTR)
        ;
    status = command_status(state);
    for (size_t i = 0; i < 2; i++)
        sigaction(of_the_terminal[i], &before[i], NULL);
    return status;
}
