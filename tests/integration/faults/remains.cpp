#include "remains.hpp"

#include <chrono>
#include <fstream>
#include <ostream>
#include <thread>

#include <unistd.h>

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;

std::set<std::string> open_descriptors() {
    std::set<std::string> out;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;  // the one that lists the folder
        const auto target = fs::read_symlink(entry.path(), gone);
        if (!gone && !target.string().starts_with("/proc/")) {
            out.insert(entry.path().filename().string() + " " + target.string());
        }
    }
    return out;
}

std::size_t mapped_channels() {
    std::size_t count = 0;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        count += line.find("instdrv-channel") != std::string::npos ? 1 : 0;
    return count;
}

std::set<std::string> files_in(const fs::path& folder) {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        out.insert(entry.path().string());
    return out;
}

void print(std::ostream& out, const char* name, const std::set<std::string>& things) {
    out << name << ":";
    for (const auto& thing : things)
        out << " [" << thing << "]";
    out << "; ";
}

template <class Condition>
void wait_until(const Condition& condition) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace

std::set<std::string> children_of(pid_t process) {
    std::set<std::string> out;
    for (const auto& task :
         fs::directory_iterator(fs::path("/proc") / std::to_string(process) / "task")) {
        std::ifstream file(task.path() / "children");
        for (std::string child; file >> child;)
            out.insert(child);
    }
    return out;
}

Remains what_remains(const fs::path& folder) {
    return {.descriptors = open_descriptors(),
            .children = children_of(::getpid()),
            .channels = mapped_channels(),
            .files = files_in(folder)};
}

Remains remains_of_monitor(const Remains& before, const fs::path& folder) {
    const auto without_its_events = [](Remains remains) {
        std::erase_if(remains.descriptors, [](const std::string& descriptor) {
            return descriptor.find("anon_inode:[event") != std::string::npos;
        });
        remains.files.clear();
        return remains;
    };
    const auto earlier = without_its_events(before);
    auto remains = what_remains(folder);
    wait_until([&] {
        remains = what_remains(folder);
        return without_its_events(remains) == earlier;
    });
    return remains;
}

Remains wait_for_remains(const Remains& before, const fs::path& folder) {
    wait_until([&] { return what_remains(folder) == before; });
    return what_remains(folder);
}

void PrintTo(const Remains& remains, std::ostream* out) {
    print(*out, "descriptors", remains.descriptors);
    print(*out, "children", remains.children);
    print(*out, "files", remains.files);
    *out << "channels: " << remains.channels;
}

}  // namespace instdrv::test
