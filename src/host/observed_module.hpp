// A module whose calls are shown to an observer. Where nobody watches there is none, and a call
// costs nothing more.
#pragma once

#include <instdrv/trace.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/module.hpp"
#include "messages/catalog.hpp"

namespace instdrv {

class ObservedModule final : public core::Module {
public:
    ObservedModule(std::unique_ptr<core::Module> module, std::string file,
                   std::shared_ptr<CallObserver> observer)
        : module_(std::move(module)), file_(std::move(file)), observer_(std::move(observer)) {}

    core::Answer call(const core::Target& target, UINT message, LPARAM lparam1,
                      LPARAM lparam2) noexcept override;
    std::shared_ptr<core::InstanceData> opening(HDRVR hdrvr, std::string_view section) override;
    void closed(HDRVR hdrvr) noexcept override;

    [[nodiscard]] HMODULE handle() const noexcept override { return module_->handle(); }
    [[nodiscard]] std::string_view kind() const noexcept override { return module_->kind(); }
    [[nodiscard]] bool is_windows() const noexcept override { return module_->is_windows(); }
    Result<DWORD_PTR> expose(const core::Target& target, DWORD type, DWORD_PTR callback) override {
        return module_->expose(target, type, callback);
    }
    [[nodiscard]] std::uint64_t name_of(HDRVR hdrvr) override { return module_->name_of(hdrvr); }
    std::shared_ptr<std::byte> take_buffer(std::size_t size) override {
        return module_->take_buffer(size);
    }
    Result<core::SharedChannel> share() override { return module_->share(); }
    [[nodiscard]] Placement placement() const noexcept override { return module_->placement(); }
    [[nodiscard]] int process_id() const noexcept override { return module_->process_id(); }
    [[nodiscard]] bool is_dead() const noexcept override { return module_->is_dead(); }
    void abandon() noexcept override { module_->abandon(); }
    Status unload() noexcept override { return module_->unload(); }

private:
    // What an instance is opened as, which decides what its messages mean.
    struct Opened {
        std::string section;
        messages::Family family = messages::Family::standard;
    };
    messages::Family family_of(HDRVR instance, UINT message, LPARAM lparam2);
    std::string describe(HDRVR instance, UINT message, LPARAM lparam1, LPARAM lparam2);

    std::unique_ptr<core::Module> module_;
    std::string file_;
    std::shared_ptr<CallObserver> observer_;
    std::mutex mutex_;
    std::map<HDRVR, Opened> opened_;
};

}  // namespace instdrv
