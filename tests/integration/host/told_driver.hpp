// Drivers that are made up: they note what they are told, and do with it what a test wants.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "host/impl.hpp"
#include "support/unshared_process.hpp"

namespace instdrv::test {

// What the drivers of a test were told.
struct Told {
    std::atomic<int> loaded{0}, exit_session{0}, opened{0}, close{0}, free{0}, unloaded{0},
        given_up{0}, destroyed{0};
    bool windows = false;  // they have a session instance each
    std::function<LRESULT(UINT)> answer = [](UINT) { return 1; };
};

class ToldModule final : public core::Module, public test::UnsharedProcess {
public:
    explicit ToldModule(Told& told) : told_(told) { ++told.loaded; }
    ~ToldModule() override { ++told_.destroyed; }
    core::Answer call(const core::Target&, UINT message, LPARAM, LPARAM) noexcept override {
        if (message == DRV_EXITSESSION) ++told_.exit_session;
        if (message == DRV_FREE) ++told_.free;
        const LRESULT answer = told_.answer(message);
        if (message == DRV_OPEN && answer != 0) ++told_.opened;
        if (message == DRV_CLOSE && answer != 0) ++told_.close;
        return {answer, nullptr};
    }
    [[nodiscard]] core::ModuleProcess* process() noexcept override { return this; }
    std::shared_ptr<core::InstanceData> opening(HDRVR, std::string_view) override {
        return std::make_shared<core::InstanceData>();  // as one in a worker does
    }
    Status unload() noexcept override {
        ++told_.unloaded;
        told_.answer(unloading_step);
        return {};
    }
    void abandon() noexcept override { ++told_.given_up; }
    [[nodiscard]] HMODULE handle() const noexcept override { return nullptr; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "told"; }
    [[nodiscard]] bool is_windows() const noexcept override { return told_.windows; }

private:
    Told& told_;
};

// Every name is one of them.
class ToldSource final : public DriverSource, private core::ModuleLoader {
public:
    explicit ToldSource(Told& told) : told_(told) {}
    Result<core::OpenRequest> resolve(std::string_view name, std::string_view) override {
        core::OpenRequest request;
        request.name = name;
        request.text = "a text that the driver is opened with";
        request.module.file = name;
        return request;
    }
    core::ModuleLoader& loader() override { return *this; }
    Status read_configuration(const std::filesystem::path&) override { return {}; }

private:
    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest&,
                                               core::LoadUnderWay&) override {
        return std::make_unique<ToldModule>(told_);
    }
    Told& told_;
};

inline std::shared_ptr<Host::Impl> host_of_told(Told& told) {
    return Host::Impl::make([&](core::DriverSystem&, supervisor::Requests::FindSystem) {
        return std::make_unique<ToldSource>(told);
    });
}

// Longer than any that needs no memory.
constexpr std::string_view long_name =
    "a driver whose name is as long as the paths of drivers are ";

}  // namespace instdrv::test
