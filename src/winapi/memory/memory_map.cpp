#include "winapi/memory/memory_map.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace instdrv::winapi {
namespace {

std::string read_all(int fd) {
    std::string text;
    char buffer[16384];
    for (;;) {
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got <= 0) return text;
        text.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace

MappedRange parse_maps_line(std::string_view line) {
    MappedRange range{.mapped = true};
    const char* const end = line.data() + line.size();
    const auto begin_read = std::from_chars(line.data(), end, range.begin, 16);
    if (begin_read.ptr == end || *begin_read.ptr != '-') return {};
    const auto end_read = std::from_chars(begin_read.ptr + 1, end, range.end, 16);
    if (end - end_read.ptr < 5 || *end_read.ptr != ' ') return {};
    const char* const flags = end_read.ptr + 1;
    if (flags[0] == 'r') range.protection |= PROT_READ;
    if (flags[1] == 'w') range.protection |= PROT_WRITE;
    if (flags[2] == 'x') range.protection |= PROT_EXEC;
    return range;
}

std::vector<MappedRange> memory_map() {
    const Fd maps(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
    if (!maps) return {};
    const std::string text = read_all(maps.get());
    std::vector<MappedRange> map;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        map.push_back(parse_maps_line(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return map;
}

MappedRange range_at(const std::vector<MappedRange>& map, std::uintptr_t address) {
    for (const MappedRange& range : map) {
        if (address < range.begin) return {.begin = address, .end = range.begin};
        if (address < range.end) return range;
    }
    return {.begin = address, .end = UINTPTR_MAX};
}

bool is_accessible(const void* address, std::size_t size, int protection) {
    auto at = reinterpret_cast<std::uintptr_t>(address);
    if (size == 0) return true;
    if (size > UINTPTR_MAX - at) return false;
    const std::uintptr_t end = at + size;
    const auto map = memory_map();
    while (at < end) {
        const MappedRange range = range_at(map, at);
        if (!range.mapped || (range.protection & protection) != protection) return false;
        at = range.end;
    }
    return true;
}

std::size_t readable_bytes(const void* address) {
    const auto start = reinterpret_cast<std::uintptr_t>(address);
    const auto map = memory_map();
    std::uintptr_t at = start;
    for (;;) {
        const MappedRange range = range_at(map, at);
        if ((range.protection & PROT_READ) == 0) return at - start;
        at = range.end;
    }
}

}  // namespace instdrv::winapi
