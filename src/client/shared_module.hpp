// A driver that the session has loaded, as a module of a client's Host. The session owns the
// module, so DRV_LOAD and its like, which the client's life cycle sends, end here. The session
// sends DRV_OPEN and DRV_CLOSE, because it has to know what is open. Every other message goes to
// the worker.
#pragma once

#include <memory>

#include "client/remote_session.hpp"
#include "supervisor/worker_module.hpp"

namespace instdrv::client {

class SharedModule final : public supervisor::WorkerModule {
public:
    static Result<std::unique_ptr<SharedModule>> join(std::shared_ptr<RemoteSession> session,
                                                      RemoteSession::Share share,
                                                      const core::ModuleRequest& request);
    ~SharedModule() override;

    void closed(HDRVR hdrvr) noexcept override;
    // Does the session want to know of its calls?
    [[nodiscard]] bool is_traced() const noexcept { return traced_; }
    [[nodiscard]] std::weak_ptr<supervisor::Worker> shared_worker() const {
        return worker().weak_from_this();
    }

private:
    SharedModule(std::shared_ptr<RemoteSession> session, const RemoteSession::Share& share,
                 std::shared_ptr<supervisor::Worker> worker, const core::ModuleRequest& request,
                 Loaded loaded, bool natural_acm);

    Result<LRESULT> call_driver(const Sent& sent, messages::Family family,
                                supervisor::InstanceState* instance) override;
    Result<LRESULT> open(const Sent& sent, supervisor::InstanceState& instance);
    Result<LRESULT> close(const Sent& sent);

    std::shared_ptr<RemoteSession> session_;
    std::uint64_t share_;
    bool traced_;
};

}  // namespace instdrv::client
