#include "messages/memory.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace instdrv::messages {
namespace {

Status unreadable(std::uint64_t address, std::size_t size) {
    return failure({.code = ErrorCode::invalid_argument,
                    .operation = "read a message's parameters",
                    .cause = fmt::format("{} bytes at {:#x} cannot be read", size, address)});
}

Status unwritable(std::uint64_t address, std::size_t size) {
    return failure({.code = ErrorCode::invalid_argument,
                    .operation = "write a message's results",
                    .cause = fmt::format("{} bytes at {:#x} cannot be written", size, address)});
}

// What no mapping of a process contains.
bool is_possible(std::uint64_t address, std::size_t size) noexcept {
    constexpr std::uint64_t first = 64 * 1024;
    constexpr std::uint64_t end =
        sizeof(void*) == 8 ? std::uint64_t{1} << 47 : std::uint64_t{1} << 32;
    return address >= first && address < end && size <= end - address;
}

std::byte* pointer(std::uint64_t address) noexcept {
    return reinterpret_cast<std::byte*>(static_cast<std::uintptr_t>(address));
}

using Transfer = ssize_t (*)(pid_t, const iovec*, unsigned long, const iovec*, unsigned long,
                             unsigned long);

// The kernel copies, so that an address that is not mapped fails and does not fault.
bool transfer(Transfer copy, std::uint64_t address, void* local, std::size_t size) noexcept {
    const iovec here{local, size};
    const iovec there{pointer(address), size};
    return copy(getpid(), &here, 1, &there, 1, 0) == static_cast<ssize_t>(size);
}

}  // namespace

Status ProcessMemory::read(std::uint64_t address, std::span<std::byte> out) const {
    if (out.empty()) return {};
    if (access_ == Access::direct && is_possible(address, out.size())) {
        std::memcpy(out.data(), pointer(address), out.size());
        return {};
    }
    return try_read(address, out) ? Status{} : unreadable(address, out.size());
}

Status ProcessMemory::write(std::uint64_t address, std::span<const std::byte> bytes) const {
    if (bytes.empty()) return {};
    if (!is_possible(address, bytes.size())) return unwritable(address, bytes.size());
    if (access_ == Access::direct) {
        std::memcpy(pointer(address), bytes.data(), bytes.size());
        return {};
    }
    const bool written =
        transfer(process_vm_writev, address, const_cast<std::byte*>(bytes.data()), bytes.size());
    return written ? Status{} : unwritable(address, bytes.size());
}

bool ProcessMemory::try_read(std::uint64_t address, std::span<std::byte> out) const {
    return out.empty() || (is_possible(address, out.size()) &&
                           transfer(process_vm_readv, address, out.data(), out.size()));
}

std::byte* RegionMemory::find(std::uint64_t address, std::size_t size) const noexcept {
    const std::uint64_t offset = address - there_;
    const bool inside = address >= there_ && offset <= here_.size() &&
                        size <= here_.size() - static_cast<std::size_t>(offset);
    return inside ? here_.data() + offset : nullptr;
}

Status RegionMemory::read(std::uint64_t address, std::span<std::byte> out) const {
    return try_read(address, out) ? Status{} : unreadable(address, out.size());
}

Status RegionMemory::write(std::uint64_t address, std::span<const std::byte> bytes) const {
    if (bytes.empty()) return {};
    std::byte* const to = find(address, bytes.size());
    if (to == nullptr) return unwritable(address, bytes.size());
    std::memcpy(to, bytes.data(), bytes.size());
    return {};
}

bool RegionMemory::try_read(std::uint64_t address, std::span<std::byte> out) const {
    if (out.empty()) return true;
    const std::byte* const from = find(address, out.size());
    if (from == nullptr) return false;
    std::memcpy(out.data(), from, out.size());
    return true;
}

Result<std::vector<std::byte>> read_text(const ClientMemory& memory, std::uint64_t address,
                                         std::size_t unit) {
    constexpr std::size_t most_units = 32768;
    // One after the other: behind the terminator there may be what is nobody's to read.
    std::vector<std::byte> text;
    while (text.size() < most_units * unit) {
        const std::size_t at = text.size();
        text.resize(at + unit);
        const auto one = std::span(text).subspan(at);
        if (Status got = memory.read(address + at, one); !got) return failure(got.error());
        const bool ends = std::all_of(one.begin(), one.end(),
                                      [](std::byte byte) { return byte == std::byte{0}; });
        if (ends) return text;
    }
    return failure({.code = ErrorCode::invalid_argument,
                    .operation = "read a message's text",
                    .cause = fmt::format("the text at {:#x} does not end within {} characters",
                                         address, most_units - 1)});
}

}  // namespace instdrv::messages
