#include "client/call_reporter.hpp"

#include <exception>
#include <utility>

namespace instdrv::client {
namespace {

constexpr std::size_t most_waiting = 4096;

// The session sends these, and has them in its trace.
bool is_the_sessions(UINT message) { return message == DRV_OPEN || message == DRV_CLOSE; }

}  // namespace

// Where there is no memory for it, the call is missing from the trace, and the client goes on.
void CallReporter::finished(const DriverCall& call, LRESULT answer, const Error* broken) noexcept
    try {
    const auto id = session_->instances().find(call.instance);
    if (!id || is_the_sessions(call.message)) return;
    service::TracedCall traced{
        .call = call,
        .end = std::chrono::steady_clock::now(),
        .answer = answer,
        .outcome = broken == nullptr ? "answered" : std::string(name_of(broken->code)),
        .error = broken == nullptr ? "" : broken->text()};
    traced.call.instance = reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(*id));
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.calls.size() == most_waiting) {
            ++waiting_.left_out;
            return;
        }
        waiting_.calls.push_back(std::move(traced));
        if (under_way_) return;
    }
    send();
} catch (const std::exception&) {
    return;
}

// The lock is not held while the session is asked: where that has gone, taken is called at once.
void CallReporter::send() {
    service::TracedCalls batch;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.calls.empty()) return;
        under_way_ = true;
        batch = std::exchange(waiting_, {});
    }
    session_->trace(std::move(batch), [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->taken();
    });
}

void CallReporter::taken() {
    {
        const std::lock_guard lock(mutex_);
        under_way_ = false;
    }
    send();
}

}  // namespace instdrv::client
