#include "processors.hpp"

#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>

#include <sched.h>
#include <unistd.h>

namespace instdrv::bench {

void run_on(pid_t process, unsigned processor) {
    if (::sysconf(_SC_NPROCESSORS_ONLN) < 2) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    std::error_code gone;
    const auto threads = "/proc/" + std::to_string(process) + "/task";
    for (const auto& thread : std::filesystem::directory_iterator(threads, gone)) {
        const auto name = thread.path().filename().string();
        pid_t id = 0;
        std::from_chars(name.data(), name.data() + name.size(), id);
        ::sched_setaffinity(id, sizeof set, &set);
    }
}

}  // namespace instdrv::bench
