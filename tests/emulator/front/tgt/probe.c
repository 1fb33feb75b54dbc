/* SPDX-License-Identifier: MIT */
/* probe URL: what an initiator finds there, in one line; ends with 1 when it gets no answer. */
#include <stdint.h>
#include <stdio.h>

#include "measure/initiator.h"

int main(int argc, char **argv)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    static const uint8_t report_luns[12] = {0xA0, [9] = 64};
    static const uint8_t ready[6] = {0x00};
    struct initiator *initiator = argc > 1 ? initiator_open(argv[1], "probe", NULL) : NULL;
    uint8_t data[64];
    unsigned attentions = 0;
    struct reply reply;

    if (!initiator)
        return 1;
    if (initiator_execute(initiator, 0, inquiry, 6, NULL, 0, data, 36).status != 0)
        return 1;
    printf("type %02x, ", data[0]);
    if (initiator_execute(initiator, 0, report_luns, 12, NULL, 0, data, 64).status != 0)
        return 1;
    printf("%d unit, ", data[3] / 8);
    while ((reply = initiator_execute(initiator, 0, ready, 6, NULL, 0, NULL, 0)).sense >> 16 ==
           0x06)
        attentions++;
    printf("%u attention, ", attentions);
    printf("%s\n", reply.sense >> 8 == 0x023A ? "no medium" : "medium");
    initiator_logout(initiator);
    return 0;
}
