#include "ping_pong.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <utility>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "channel/region.hpp"

namespace instdrv::bench {
namespace {

constexpr std::uint32_t spin_limit = 4096;  // as the supervisor's and the worker's

class FutexPingPong final : public PingPong {
public:
    explicit FutexPingPong(channel::Region region) : region_(std::move(region)) {}

    void round_trip() override {
        channel::ring(lane().to_worker.bell);
        listener_.wait(lane().to_supervisor.bell);
    }

private:
    [[nodiscard]] channel::Lane& lane() const { return region_.lane(0); }

    channel::Region region_;
    channel::Listener listener_{spin_limit};
    Echo echo_{[this, heard = std::make_shared<channel::Listener>(spin_limit)] {
        heard->wait(lane().to_worker.bell);
        channel::ring(lane().to_supervisor.bell);
        return true;
    }};
};

class SocketPingPong final : public PingPong {
public:
    explicit SocketPingPong(std::array<int, 2> sockets) : here_(sockets[0]), there_(sockets[1]) {}

    void round_trip() override { pass(here_, true); }

private:
    using Packet = std::array<char, 64>;

    static bool pass(const Fd& socket, bool first) {
        Packet packet{};
        const auto send = [&] { return ::send(socket.get(), packet.data(), packet.size(), 0) > 0; };
        if (first && !send()) return false;
        if (::recv(socket.get(), packet.data(), packet.size(), 0) <= 0) return false;
        return first || send();
    }

    Fd here_;
    Fd there_;
    Echo echo_{[this] { return pass(there_, false); }};
};

}  // namespace

Echo::Echo(const std::function<bool()>& answer) : child_(::fork()) {
    if (child_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (answer()) {
    }
    std::_Exit(0);
}

Echo::~Echo() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
}

std::unique_ptr<PingPong> futex_ping_pong() {
    auto region = channel::Region::create(channel::arena_offset + 4096);
    if (!region) return nullptr;
    return std::make_unique<FutexPingPong>(*std::move(region));
}

std::unique_ptr<PingPong> socket_ping_pong() {
    std::array<int, 2> sockets{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets.data()) != 0)
        return nullptr;
    return std::make_unique<SocketPingPong>(sockets);
}

}  // namespace instdrv::bench
