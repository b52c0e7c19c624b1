// A driver file that is loaded in a worker.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/module_loader.hpp"
#include "core/module_process.hpp"
#include "supervisor/instance_state.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::supervisor {

class WorkerModule : public core::Module, public core::ModuleProcess {
public:
    // The worker looks at the file, and loads it if it is a driver.
    // natural_acm: see messages::Sides.
    static Result<std::unique_ptr<core::Module>> load(const std::shared_ptr<Worker>& worker,
                                                      const core::ModuleRequest& request,
                                                      bool natural_acm);
    ~WorkerModule() override;  // unloads it; ends the worker if nobody else has it

    core::Answer call(const core::Target& target, UINT message, LPARAM lparam1,
                      LPARAM lparam2) noexcept override;
    [[nodiscard]] HMODULE handle() const noexcept override;
    [[nodiscard]] std::string_view kind() const noexcept override { return kind_; }
    [[nodiscard]] bool is_windows() const noexcept override { return facts_.is_windows != 0; }
    [[nodiscard]] core::ModuleProcess* process() noexcept override { return this; }
    Status unload() noexcept override;

    [[nodiscard]] int id() const noexcept override { return worker_->process_id(); }
    [[nodiscard]] bool is_dead() const noexcept override { return worker_->is_dead(); }
    void abandon() noexcept override;
    std::shared_ptr<core::InstanceData> opening(HDRVR hdrvr, std::string_view section) override;
    void closed(HDRVR hdrvr) noexcept override;
    [[nodiscard]] std::uint64_t name_of(HDRVR hdrvr) override {
        return worker_->handles().name_of(hdrvr);
    }
    Result<DWORD_PTR> expose(const core::Target& target, DWORD type, DWORD_PTR callback) override;
    std::shared_ptr<std::byte> take_buffer(std::size_t size) override;
    Result<core::SharedChannel> share() override { return worker_->share(); }

protected:
    // The worker's answer to the request to load the file.
    struct Loaded {
        channel::LoadModule::Answer facts;
        std::string kind;
    };
    static Result<Loaded> load_into(Worker& worker, const core::ModuleRequest& request);
    WorkerModule(std::shared_ptr<Worker> worker, const core::ModuleRequest& request, Loaded loaded,
                 bool natural_acm);

    // A message with parameters as the driver reads them.
    struct Sent {
        DWORD_PTR driver_id;
        HDRVR hdrvr;
        std::uint64_t name;  // of the instance, as the worker knows it
        UINT message;
        messages::Parameters parameters;
    };
    // `instance`: null for a message to the module.
    virtual Result<LRESULT> call_driver(const Sent& sent, messages::Family family,
                                        InstanceState* instance);
    [[nodiscard]] Worker& worker() const noexcept { return *worker_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }

private:
    Result<LRESULT> call_worker(const core::Target& target, UINT message,
                                const messages::Parameters& parameters);
    Result<LRESULT> marshal(const Sent& sent, InstanceState& instance);
    void begin_conversation(InstanceState& instance, const messages::Parameters& open);
    [[nodiscard]] std::chrono::milliseconds deadline_of(UINT message) const noexcept;

    std::shared_ptr<Worker> worker_;
    std::string file_;
    std::optional<std::chrono::milliseconds> deadline_;
    channel::LoadModule::Answer facts_;
    std::string kind_;
    bool natural_acm_;
};

}  // namespace instdrv::supervisor
