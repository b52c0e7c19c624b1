#include "client/remote_source.hpp"

#include "client/shared_module.hpp"
#include "host/observed_calls.hpp"

namespace instdrv::client {
namespace {

Error session_elsewhere(const char* operation) {
    return {.code = ErrorCode::unsupported,
            .operation = operation,
            .cause = "the session is another process's",
            .advice = "Ask that with `instdrv exit-session` or `instdrv drill`"};
}

}  // namespace

RemoteSource::~RemoteSource() {
    for (const auto& [file, share] : shares_)
        session_->end_share(share.number);
}

// A module that is loaded has its share; a dead one makes room for another.
bool RemoteSource::is_loaded(const std::string& file) const {
    const auto found = workers_.find(file);
    if (found == workers_.end()) return false;
    const auto worker = found->second.lock();
    return worker != nullptr && !worker->is_dead();
}

Result<core::OpenRequest> RemoteSource::resolve(std::string_view name, std::string_view section) {
    const Named named(name, section);
    {
        const std::lock_guard lock(mutex_);
        const auto known = known_.find(named);
        if (known != known_.end() && is_loaded(known->second.module.file.string())) {
            return known->second;
        }
    }
    auto share = session_->share(name, section);
    if (!share) {
        share.error().operation = "open";
        share.error().driver = std::string(name);
        return failure(std::move(share.error()));
    }
    core::OpenRequest request{.name = std::string(name),
                              .module = {.file = share->file, .recovery = Recovery::restart},
                              .section = std::string(section),
                              .text = share->text,
                              .session_instance = false};
    note(*std::move(share));
    const std::lock_guard lock(mutex_);
    known_.insert_or_assign(named, request);
    return request;
}

// One share of a file is enough: the one before, or this one where it is loaded under another name.
void RemoteSource::note(RemoteSession::Share share) {
    std::unique_lock lock(mutex_);
    const auto before = shares_.extract(share.file);
    const bool spare = is_loaded(share.file);
    const auto number = share.number;
    if (!spare) shares_.emplace(share.file, std::move(share));
    lock.unlock();
    if (!before.empty()) session_->end_share(before.mapped().number);
    if (spare) session_->end_share(number);
}

Result<std::unique_ptr<core::Module>> RemoteSource::load(const core::ModuleRequest& request,
                                                         core::LoadUnderWay&) {
    std::unique_lock lock(mutex_);
    auto share = shares_.extract(request.file.string());
    lock.unlock();
    if (share.empty()) {
        return failure(Error{.code = ErrorCode::broken,
                             .operation = "load",
                             .driver = request.file.string(),
                             .cause = "another thread has just taken it; open it again"});
    }
    const auto number = share.mapped().number;
    auto module = SharedModule::join(session_, std::move(share.mapped()), request);
    if (!module) {
        session_->end_share(number);
        return failure(std::move(module.error()));
    }
    lock.lock();
    workers_[request.file.string()] = (*module)->shared_worker();
    return *std::move(module);
}

std::unique_ptr<core::CallWatch> RemoteSource::watch(core::Module& module,
                                                     const core::ModuleRequest& request) {
    if (!static_cast<const SharedModule&>(module).is_traced()) return nullptr;
    return std::make_unique<ObservedCalls>(module, request.file.string(), reporter_);
}

void RemoteSource::leave() noexcept {
    reporter_->send();
    session_->leave();
}

Status RemoteSource::read_configuration(const std::filesystem::path&) {
    return failure(session_elsewhere("read a configuration"));
}

Status RemoteSource::owns_session(const char* operation) const {
    return failure(session_elsewhere(operation));
}

}  // namespace instdrv::client
