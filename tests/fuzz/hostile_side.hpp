// The far side of a channel, where a worker would be, as one that means harm: a thread that does to
// the shared memory and to the control socket what an input says, once for every time it is rung.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "channel/protocol.hpp"
#include "channel/region.hpp"
#include "hostile_socket.hpp"
#include "script.hpp"

namespace instdrv::fuzz {

class HostileSide {
public:
    // Plays on lane 0 of `region`, which outlives it, and on those of its drivers' threads.
    HostileSide(const channel::Region& region, Fd control, Script script);
    ~HostileSide();
    HostileSide(const HostileSide&) = delete;
    HostileSide& operator=(const HostileSide&) = delete;

private:
    enum class Move : std::uint8_t {
        answer,
        request,
        fail,
        overwrite,
        scribble,
        ring_for_nothing,
        talk,
        begin_a_lane,
        ask_as_a_thread,
        count
    };

    void run();
    void play();  // one turn; when the script is at its end, one that breaks the rules
    void answer();
    void answer_start();
    // A request, on lane 0 or on one of the driver's own.
    void request(channel::Message& out);
    void fail();
    void overwrite();
    void scribble();
    void ring_for_nothing();
    void begin_a_lane();
    void ask_as_a_thread();
    std::size_t own_lane();
    std::uint64_t word();   // a number that may mean something, or any
    std::uint64_t given();  // one that the supervisor has put into its part of the arena

    const channel::Region& region_;
    channel::Lane& lane_;
    HostileSocket socket_;
    Script script_;
    channel::What asked_ = channel::What::nothing;  // by the supervisor's last call
    std::uint8_t told_ = 0;                         // rings
    std::atomic<bool> over_{false};
    std::thread thread_;
};

}  // namespace instdrv::fuzz
