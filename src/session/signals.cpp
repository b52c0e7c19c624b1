#include "session/signals.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/signalfd.h>
#include <unistd.h>

namespace instdrv::session {
namespace {

struct Named {
    int number;
    const char* name;
};
constexpr std::array end_signals{Named{SIGTERM, "SIGTERM"}, Named{SIGINT, "SIGINT"},
                                 Named{SIGHUP, "SIGHUP"}};

bool ignored(int number) {
    struct sigaction action {};
    return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t wanted_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const auto& signal : end_signals) {
        if (!ignored(signal.number)) sigaddset(&set, signal.number);
    }
    return set;
}

}  // namespace

Result<std::unique_ptr<SignalSource>> SignalSource::open() {
    const sigset_t set = wanted_signals();
    if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
        return failure(io_error("block signals", {}, error));
    }
    Fd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) return failure(io_error("watch for signals", {}, errno));
    for (const int number : {SIGPIPE, SIGXFSZ})
        std::signal(number, SIG_IGN);
    return std::unique_ptr<SignalSource>(new SignalSource(std::move(fd)));
}

Status SignalSource::start(EventLoop& loop, Listener& listener) {
    auto watch = loop.when_readable(fd_.get(), [this, &listener] { read_one(listener); });
    if (!watch) return failure(std::move(watch).error());
    watch_ = std::move(*watch);
    return {};
}

void SignalSource::read_one(Listener& listener) {
    signalfd_siginfo info{};
    if (read(fd_.get(), &info, sizeof info) != sizeof info) return;
    for (const auto& signal : end_signals) {
        if (info.ssi_signo == static_cast<unsigned>(signal.number)) {
            listener.session_ends({.reason = ExitReason::signal, .announced_by = signal.name});
        }
    }
}

}  // namespace instdrv::session
