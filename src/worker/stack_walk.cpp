#include "worker/stack_walk.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <dlfcn.h>

#include "image/pe/loader.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::worker {
namespace {

constinit thread_local StackBounds thread_bounds;

void set_name(channel::CrashFrame& frame, std::string_view path) noexcept {
    const auto name = path.substr(path.rfind('/') + 1);
    const auto size = std::min(name.size(), frame.image.size() - 1);
    std::memcpy(frame.image.data(), name.data(), size);
}

}  // namespace

void remember_stack_bounds() noexcept { thread_bounds = find_stack_bounds(); }

StackBounds stack_bounds() noexcept { return thread_bounds; }

channel::CrashFrame frame_at(std::uint64_t address) noexcept {
    channel::CrashFrame frame{.address = address};
    const auto* const place = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(address));
    if (const auto* const image = winapi::Process::instance().loader().find_by_address(place)) {
        frame.offset = address - reinterpret_cast<std::uintptr_t>(image->base());
        set_name(frame, image->file().native());
        return frame;
    }
    Dl_info info{};
    if (::dladdr(place, &info) != 0 && info.dli_fname != nullptr) {
        frame.offset = address - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
        set_name(frame, info.dli_fname);
    }
    return frame;
}

}  // namespace instdrv::worker
