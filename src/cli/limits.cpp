#include "cli/limits.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

namespace instdrv::cli {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

// Version 2 has the line "0::/path". https://docs.kernel.org/admin-guide/cgroup-v2.html
std::string group_in(std::string_view own_groups) {
    constexpr std::string_view start = "0::";
    const auto begin = own_groups.starts_with(start) ? 0 : own_groups.find("\n0::");
    if (begin == std::string_view::npos) return {};
    const auto path = own_groups.substr(own_groups.find(start, begin) + start.size());
    return std::string(path.substr(0, path.find('\n')));
}

// "max" is none.
std::optional<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

MachineLimit own_limit(int resource, std::string set_by) {
    rlimit64 limit{};
    if (::getrlimit64(static_cast<__rlimit_resource>(resource), &limit) != 0) return {};
    if (limit.rlim_cur == RLIM64_INFINITY) return {};
    return {.name = {}, .value = limit.rlim_cur, .set_by = std::move(set_by)};
}

MachineLimit lowest(std::string name, std::initializer_list<MachineLimit> limits) {
    MachineLimit lowest;
    for (const auto& limit : limits) {
        if (limit.value && (!lowest.value || *limit.value < *lowest.value)) lowest = limit;
    }
    lowest.name = std::move(name);
    return lowest;
}

}  // namespace

MachineLimit group_limit(const fs::path& hierarchy, std::string_view own_groups,
                         std::string_view file) {
    MachineLimit lowest{.name = std::string(file), .value = {}, .set_by = {}};
    // The root has no such files, and outside of a container is nothing to see.
    for (fs::path group = group_in(own_groups); group.has_relative_path();
         group = group.parent_path()) {
        const auto value = number_in(text_of(hierarchy / group.relative_path() / file));
        if (!value || (lowest.value && *lowest.value <= *value)) continue;
        lowest.value = value;
        lowest.set_by = fmt::format("{} of {}", file, group.string());
    }
    return lowest;
}

std::vector<MachineLimit> machine_limits() {
    const auto own_groups = text_of("/proc/self/cgroup");
    const auto in_group = [&](std::string_view file) {
        return group_limit("/sys/fs/cgroup", own_groups, file);
    };
    // Root's threads are not counted.
    const auto threads_of_user =
        ::geteuid() == 0 ? MachineLimit{} : own_limit(RLIMIT_NPROC, "RLIMIT_NPROC");
    return {lowest("tasks", {in_group("pids.max"), threads_of_user}),
            lowest("memory", {in_group("memory.max"), in_group("memory.high")}),
            lowest("descriptors", {own_limit(RLIMIT_NOFILE, "RLIMIT_NOFILE")})};
}

}  // namespace instdrv::cli
