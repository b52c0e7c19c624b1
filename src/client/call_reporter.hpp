// Reports the calls of a client's own channels to a session that writes a trace. Calls are sent in
// batches, one at a time. Calls that come faster than the session takes them are counted and left
// out.
#pragma once

#include <instdrv/trace.hpp>

#include <memory>
#include <mutex>

#include "client/remote_session.hpp"
#include "service/traced_calls.hpp"

namespace instdrv::client {

class CallReporter final : public CallObserver, public std::enable_shared_from_this<CallReporter> {
public:
    explicit CallReporter(std::shared_ptr<RemoteSession> session) noexcept
        : session_(std::move(session)) {}

    void begun(const DriverCall&) noexcept override {}
    void finished(const DriverCall& call, LRESULT answer, const Error* broken) noexcept override;
    // Sends what waits. It goes before anything that the session is asked later.
    void send();

private:
    void taken();

    std::shared_ptr<RemoteSession> session_;
    std::mutex mutex_;
    service::TracedCalls waiting_;
    bool under_way_ = false;
};

}  // namespace instdrv::client
