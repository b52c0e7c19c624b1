/* What drivers/neighbour.c does to others, and how long it computes for a message that is work. */
#ifndef INSTDRV_BENCH_NEIGHBOUR_H
#define INSTDRV_BENCH_NEIGHBOUR_H

enum { rounds_of_work = 100000 };

enum attack {
    attack_compute,   /* computes */
    attack_memory,    /* takes 256 MiB, touches and gives them back */
    attack_print,     /* prints as fast as its pipe takes it */
    attack_files,     /* writes 20,000 files again and again */
    attack_flush,     /* writes a file and flushes it, again and again */
    attack_requests,  /* asks the host */
    attack_opens,     /* opens and closes another driver, which stays loaded */
    attack_workers,   /* the same with one that is loaded and unloaded each time */
    attack_instances, /* opens another driver as often as it may */
    attack_rings      /* rings in lanes of its channel */
};

#endif
