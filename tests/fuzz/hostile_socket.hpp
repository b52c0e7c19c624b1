// A control socket in the hands of one that means harm: it sends notices of any kind, bytes that
// are none, as many as fit, with descriptors that nobody wants, reads or does not, and hangs up.
#pragma once

#include "base/fd.hpp"
#include "channel/control.hpp"
#include "script.hpp"

namespace instdrv::fuzz {

class HostileSocket {
public:
    explicit HostileSocket(Fd end) noexcept : end_(std::move(end)) {}

    // One thing of those, as the script says. Never waits.
    void act(Script& script);
    // A notice without anything beside it.
    void tell(channel::Notice::Kind kind, std::uint32_t subject);
    void hang_up() { end_ = Fd(); }

private:
    void send(std::span<const std::uint8_t> bytes, Script& script);
    void flood(Script& script);
    void read();

    Fd end_;
};

}  // namespace instdrv::fuzz
