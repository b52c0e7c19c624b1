// A program that confines itself exactly as a worker does and then tries one thing.
//
//   caged PLAN ATTEMPT WORLD      caged --list
//
// It prints what came of it, a line: "done", "errno NUMBER", or "denied NUMBER AUDIT_ARCHITECTURE"
// where the filter raised SIGSYS.
#pragma once

#include <span>
#include <string>

#include <sys/types.h>

namespace instdrv::caged {

// What there is to attack. Folders are made by the test; all but `driver` and `state` are outside.
struct World {
    std::string driver;   // the driver's folder: driver.acm
    std::string state;    // the state folder: kept.txt, closed.txt (of mode 0), sub/, link ->
                          // outside/secret.txt, up -> ..
    std::string outside;  // secret.txt, which the user may read and write
    pid_t parent = 0;
    int ends[2] = {-1, -1};  // of a socket pair, as the control socket is one
};

// Negative: errno was set by what was tried.
struct Attempt {
    const char* name;
    long (*run)(const World& world);
};

std::span<const Attempt> file_attempts();
std::span<const Attempt> process_attempts();
std::span<const Attempt> machine_attempts();  // the machine code itself: other entries, W^X
std::span<const Attempt> work_attempts();     // what has to go on working

// System calls that are denied whatever their arguments; the arguments are plausible ones.
struct RawCall {
    const char* name;
    long number;
    long arguments[4];
};
std::span<const RawCall> raw_calls();

}  // namespace instdrv::caged
