// A round: one message to every open instance, drivers of different modules in parallel, newest
// instance first within one module, all within one budget. A driver that does not answer in time
// delays no other; it is reported as timed out, and goes on running.
#pragma once

#include <instdrv/exit.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace instdrv {

struct RoundDriver {
    std::string name;  // as it was opened
    std::string file;
    std::string kind;
    HDRVR instance = nullptr;
    DWORD_PTR driver_id = 0;
    ExitMessage message;  // what became of it; its phase is notify
};

struct RoundReport {
    UINT message = 0;
    LPARAM lparam1 = 0;
    std::chrono::milliseconds budget{0};
    std::vector<RoundDriver> drivers;   // newest instance first, as they were told
    std::chrono::microseconds took{0};  // until the last one had answered or was given up
};

}  // namespace instdrv
