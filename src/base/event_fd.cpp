#include "base/event_fd.hpp"

#include <cstdint>
#include <tuple>

#include <sys/eventfd.h>
#include <unistd.h>

namespace instdrv {

EventFd EventFd::make(bool initially_set) noexcept {
    return EventFd(Fd(::eventfd(initially_set ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK)));
}

void EventFd::set() const noexcept {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, that is when it is readable.
    std::ignore = ::write(fd_.get(), &one, sizeof one);
}

bool EventFd::clear() const noexcept {
    std::uint64_t count = 0;
    return ::read(fd_.get(), &count, sizeof count) == sizeof count;
}

}  // namespace instdrv
