// The drivers of a session that another process holds, for a Host of this process.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "client/call_reporter.hpp"
#include "client/remote_session.hpp"
#include "host/driver_source.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::client {

class RemoteSource final : public DriverSource, private core::ModuleLoader {
public:
    explicit RemoteSource(const std::shared_ptr<RemoteSession>& session)
        : session_(session), reporter_(std::make_shared<CallReporter>(session)) {}
    ~RemoteSource() override;

    Result<core::OpenRequest> resolve(std::string_view name, std::string_view section) override;
    core::ModuleLoader& loader() override { return *this; }
    Status read_configuration(const std::filesystem::path& file) override;
    [[nodiscard]] Status owns_session(const char* operation) const override;
    void leave() noexcept override;

private:
    using Named = std::pair<std::string, std::string>;  // name and section

    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request,
                                               core::LoadUnderWay&) override;
    std::unique_ptr<core::CallWatch> watch(core::Module& module,
                                           const core::ModuleRequest& request) override;
    [[nodiscard]] bool is_loaded(const std::string& file) const;
    void note(RemoteSession::Share share);

    std::shared_ptr<RemoteSession> session_;
    std::shared_ptr<CallReporter> reporter_;
    std::mutex mutex_;
    std::map<std::string, RemoteSession::Share> shares_;  // resolved and not loaded yet, by file
    std::map<std::string, std::weak_ptr<supervisor::Worker>>
        workers_;                               // of what is loaded, by file
    std::map<Named, core::OpenRequest> known_;  // valid while their file is loaded
};

}  // namespace instdrv::client
