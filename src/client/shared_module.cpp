#include "client/shared_module.hpp"

#include <utility>

#include "base/wine_builtin.hpp"
#include "supervisor/requests.hpp"

namespace instdrv::client {

Result<std::unique_ptr<SharedModule>> SharedModule::join(std::shared_ptr<RemoteSession> session,
                                                         RemoteSession::Share share,
                                                         const core::ModuleRequest& request) {
    // What drivers ask of the system goes to the session; here they only call back.
    auto requests = std::make_shared<supervisor::Requests>(
        [](const core::Asker&) -> std::shared_ptr<core::DriverSystem> { return nullptr; });
    auto worker = supervisor::Worker::join({.name = share.file, .program = {}, .confinement = {}},
                                           std::move(requests), std::move(share.channel));
    if (!worker) return failure(std::move(worker.error()));
    auto loaded = load_into(**worker, request);
    if (!loaded) return failure(std::move(loaded.error()));
    // See messages::Sides. A file that cannot be read here has been read by the session.
    const bool natural_acm = is_wine_builtin(share.file);
    return std::unique_ptr<SharedModule>(new SharedModule(
        std::move(session), share, *std::move(worker), request, *std::move(loaded), natural_acm));
}

SharedModule::SharedModule(std::shared_ptr<RemoteSession> session,
                           const RemoteSession::Share& share,
                           std::shared_ptr<supervisor::Worker> worker,
                           const core::ModuleRequest& request, Loaded loaded, bool natural_acm)
    : WorkerModule(std::move(worker), request, std::move(loaded), natural_acm),
      session_(std::move(session)),
      share_(share.number),
      traced_(share.traced) {}

SharedModule::~SharedModule() { session_->end_share(share_); }

void SharedModule::closed(HDRVR hdrvr) noexcept {
    WorkerModule::closed(hdrvr);
    // The driver refused, or could not be asked: closed by force.
    if (const auto left = session_->instances().closed(hdrvr)) session_->drop(*left);
}

Result<LRESULT> SharedModule::call_driver(const Sent& sent, messages::Family family,
                                          supervisor::InstanceState* instance) {
    if (instance == nullptr) return LRESULT{1};
    if (sent.message == DRV_OPEN) return open(sent, *instance);
    if (sent.message == DRV_CLOSE) return close(sent);
    return WorkerModule::call_driver(sent, family, instance);
}

Result<LRESULT> SharedModule::open(const Sent& sent, supervisor::InstanceState& instance) {
    auto opened = session_->open(share_, static_cast<LPARAM>(sent.parameters.lparam1),
                                 static_cast<LPARAM>(sent.parameters.lparam2));
    if (!opened) return failure(std::move(opened.error()));
    instance.name = opened->name;
    worker().handles().know(sent.hdrvr, opened->name);
    session_->instances().opened(sent.hdrvr, opened->id);
    return static_cast<LRESULT>(opened->driver_id);
}

Result<LRESULT> SharedModule::close(const Sent& sent) {
    const auto id = session_->instances().find(sent.hdrvr);
    if (!id) return LRESULT{1};
    auto answer = session_->close(*id, static_cast<LPARAM>(sent.parameters.lparam1),
                                  static_cast<LPARAM>(sent.parameters.lparam2));
    // Where the session has closed it before, nothing is left to be closed.
    const bool gone = !answer && (answer.error().code == ErrorCode::bad_handle ||
                                  answer.error().code == ErrorCode::exiting);
    if (!answer && answer.error().code == ErrorCode::refused_close) return LRESULT{0};
    if (!answer && !gone) return answer;
    session_->instances().closed(sent.hdrvr);
    return gone ? LRESULT{1} : *answer;
}

}  // namespace instdrv::client
