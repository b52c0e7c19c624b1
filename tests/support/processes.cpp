#include "support/processes.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;

std::size_t entries(const char* folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// The sum of the lines "Name:   123 kB" of a file in /proc, in bytes.
std::uint64_t sum_of(pid_t process, const char* name,
                     std::initializer_list<std::string_view> wanted) {
    std::ifstream file("/proc/" + std::to_string(process) + "/" + name);
    std::uint64_t kib = 0;
    for (std::string line; std::getline(file, line);) {
        for (const auto begin : wanted) {
            if (line.starts_with(begin)) kib += std::stoull(line.substr(begin.size()));
        }
    }
    return kib * 1024;
}

}  // namespace

std::vector<pid_t> children(pid_t process) {
    std::vector<pid_t> out;
    for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        std::ifstream file(task.path() / "children");
        for (pid_t child = 0; file >> child;)
            out.push_back(child);
    }
    return out;
}

std::size_t threads() { return entries("/proc/self/task"); }

// One of them is the look itself.
std::size_t open_descriptors() { return entries("/proc/self/fd") - 1; }

std::uint64_t resident_bytes(pid_t process) { return sum_of(process, "status", {"VmRSS:"}); }

std::uint64_t private_bytes(pid_t process) {
    return sum_of(process, "smaps_rollup", {"Private_Clean:", "Private_Dirty:"});
}

}  // namespace instdrv::test
