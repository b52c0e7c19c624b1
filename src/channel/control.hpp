// The control socket of a channel (SOCK_SEQPACKET). It carries the region's descriptor once, a
// notice for each lane that is used for the first time, and, by its end, the death of either side.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <optional>
#include <span>

#include "base/fd.hpp"

namespace instdrv::channel {

struct Notice {
    // lane_opened: the supervisor will call on the lane; the worker gives it a thread.
    // lane_used: a driver's thread begins on a lane of the worker's; the supervisor attends to it.
    // channel_added: with it come two descriptors, the region and the control socket of a channel
    // for a client of the supervisor's. `subject`: its number, of no other channel that is there.
    // channel_removed: that client is gone, or has no use for it any more.
    // instance_closed: the supervisor's instance of that name is gone, whatever the driver
    // answered.
    enum class Kind : std::uint32_t {
        lane_opened = 1,
        lane_used = 2,
        channel_added = 3,
        instance_closed = 4,
        channel_removed = 5,
    };
    Kind kind;
    std::uint32_t subject;  // a lane, the name of an instance, or the number of a channel
};

constexpr std::size_t most_descriptors = 2;  // that come with a notice

// Waits until there is room for it. Whether the other side still has the socket. A notice is never
// lost but with the other side.
bool send_notice(const Fd& socket, const Notice& notice,
                 std::span<const int> descriptors = {}) noexcept;
// Without waiting for room. `gone`: it can never be sent; errno says why.
enum class Sent { yes, no_room, gone };
Sent try_to_send_notice(const Fd& socket, const Notice& notice,
                        std::span<const int> descriptors = {}) noexcept;
// Waits for a notice. std::nullopt if the other side is gone, or sent something else. `descriptors`
// takes those that came with it; the others are closed.
std::optional<Notice> receive_notice(const Fd& socket, std::span<Fd> descriptors = {}) noexcept;

Status send_descriptor(const Fd& socket, const Fd& descriptor);
Result<Fd> receive_descriptor(const Fd& socket);

}  // namespace instdrv::channel
