/* SPDX-License-Identifier: MIT */
/* What a program needs to have a drive in itself: <vcdr/embedded.h> and `pkg-config vcdr`. */
#include <stdio.h>
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/embedded.h>

int main(void)
{
    struct vcdr_embedded *drive = NULL;
    struct vcdr_command command;
    unsigned char data[36];
    if (vcdr_embedded_open(NULL, &drive) != 0)
        return 1;
    memset(&command, 0, sizeof command);
    command.cdb[0] = OP_INQUIRY;
    command.cdb[4] = sizeof data;
    command.in = data;
    command.in_size = sizeof data;
    vcdr_embedded_execute(drive, &command);
    vcdr_embedded_close(drive);
    if (command.status != SAM_GOOD || command.in_len != sizeof data)
        return 1;
    printf("%.8s\n", (char *)data + 8);
    return 0;
}
