// The control socket between a supervisor and its worker (SOCK_SEQPACKET). It carries the region's
// descriptor once, a notice for each lane that is used for the first time, and, by its end, the
// death of either side.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <optional>

#include "base/fd.hpp"

namespace instdrv::channel {

struct Notice {
    // lane_opened: the supervisor will call on the lane; the worker gives it a thread.
    // lane_used: a driver's thread begins on a lane of the worker's; the supervisor attends to it.
    enum class Kind : std::uint32_t { lane_opened = 1, lane_used = 2 };
    Kind kind;
    std::uint32_t lane;
};

// Whether the other side still has the socket. A notice is never lost but with the other side.
bool send_notice(const Fd& socket, const Notice& notice) noexcept;
// Waits for one. Nothing: the other side is gone, or sent what is no notice.
std::optional<Notice> receive_notice(const Fd& socket) noexcept;

Status send_descriptor(const Fd& socket, const Fd& descriptor);
Result<Fd> receive_descriptor(const Fd& socket);

}  // namespace instdrv::channel
