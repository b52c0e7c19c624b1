// Which processor a process runs on while it is measured.
#pragma once

#include <sys/types.h>

namespace instdrv::bench {

// Keeps all threads that the process has now, and what they start, on one processor. Two processes
// that wait for each other are otherwise put on one or on two as the scheduler sees fit, which
// changes a round trip tenfold. Does nothing on a machine with one processor.
void run_on(pid_t process, unsigned processor);

}  // namespace instdrv::bench
