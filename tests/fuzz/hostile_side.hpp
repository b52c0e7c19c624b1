// The far side of a channel, where a worker would be, as one that means harm: a thread that does to
// the shared memory what an input says, once for every time it is rung.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>

#include "channel/protocol.hpp"
#include "channel/region.hpp"

namespace instdrv::fuzz {

// What is left of an input; zeros behind its end.
class Script {
public:
    explicit Script(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    std::span<const std::uint8_t> take(std::size_t size);
    std::uint64_t number(std::size_t size);

private:
    std::span<const std::uint8_t> bytes_;
};

class HostileSide {
public:
    // Plays on lane 0 of `region`, which outlives it.
    HostileSide(const channel::Region& region, Script script);
    ~HostileSide();
    HostileSide(const HostileSide&) = delete;
    HostileSide& operator=(const HostileSide&) = delete;

private:
    enum class Move : std::uint8_t { answer, request, fail, overwrite, scribble, count };

    void run();
    void play();  // one turn; when the script is at its end, one that breaks the rules
    void answer();
    void answer_start();
    void request();
    void fail();
    void overwrite();
    void scribble();
    std::uint64_t word();  // a number that may mean something, or any

    const channel::Region& region_;
    channel::Lane& lane_;
    Script script_;
    channel::What asked_ = channel::What::nothing;  // by the supervisor's last call
    std::uint8_t told_ = 0;                         // rings
    std::atomic<bool> over_{false};
    std::thread thread_;
};

}  // namespace instdrv::fuzz
