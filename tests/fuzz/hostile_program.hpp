// A program that shares a driver of a session and means harm: it does to the memory and the socket
// of its channel what an input says.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>

#include "channel/protocol.hpp"
#include "channel/region.hpp"
#include "core/module_process.hpp"
#include "hostile_socket.hpp"
#include "script.hpp"

namespace instdrv::fuzz {

class HostileProgram {
public:
    enum class Move : std::uint8_t {
        open_a_lane,
        call,
        reply,
        overwrite,
        scribble,
        ring,
        talk,
        listen,
        map_more,
        nest,
        leave_the_session,
        count
    };

    // own: what the driver knows its instance by, which it may call. others: another program's.
    HostileProgram(core::SharedChannel channel, std::uint64_t own, std::uint64_t others,
                   Script script);

    // All of the script.
    void play();
    // Closes its end of the channel, and the session's place for it.
    void leave();

private:
    void make(Move move);
    void open_a_lane();
    void call();
    void reply();
    void overwrite();
    void scribble();
    void listen();
    bool rings(const channel::Lane& lane, std::chrono::milliseconds patience);
    void map_more();
    void nest();
    channel::Lane& lane();
    std::uint64_t word();

    channel::Region region_;
    std::shared_ptr<void> place_;
    HostileSocket socket_;
    std::uint32_t number_;  // of its channel
    std::uint64_t own_;
    std::uint64_t others_;
    Script script_;
    std::deque<channel::Listener> listeners_;  // by lane
};

}  // namespace instdrv::fuzz
