// The end of a session where there is no memory any more: the exit says so, the drivers that it
// could still tell are told, and the host lives on. A program of its own, as it has its own
// operator new.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <new>

#include <gtest/gtest.h>

#include "host/impl.hpp"

namespace {

std::atomic<bool> no_memory = false;

}  // namespace

void* operator new(std::size_t size) {
    void* const memory = no_memory ? nullptr : std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

// What the drivers of a test were told, and what happens with it.
struct Told {
    std::atomic<int> exit_session{0}, close{0}, free{0}, unloaded{0}, given_up{0};
    std::function<void(UINT)> then = [](UINT) {};
};

class ToldModule final : public core::Module {
public:
    explicit ToldModule(Told& told) : told_(told) {}
    core::Answer call(const core::Target&, UINT message, LPARAM, LPARAM) noexcept override {
        if (message == DRV_EXITSESSION) ++told_.exit_session;
        if (message == DRV_CLOSE) ++told_.close;
        if (message == DRV_FREE) ++told_.free;
        told_.then(message);
        return {1, nullptr};
    }
    Status unload() noexcept override {
        ++told_.unloaded;
        told_.then(unloading_step);
        return {};
    }
    void abandon() noexcept override { ++told_.given_up; }
    [[nodiscard]] HMODULE handle() const noexcept override { return nullptr; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "told"; }
    [[nodiscard]] bool is_windows() const noexcept override { return false; }

private:
    Told& told_;
};

class ToldSource final : public DriverSource, private core::ModuleLoader {
public:
    explicit ToldSource(Told& told) : told_(told) {}
    Result<core::OpenRequest> resolve(std::string_view name, std::string_view) override {
        core::OpenRequest request;
        request.name = name;
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

class ExitWithoutMemory : public testing::Test {
protected:
    static constexpr int drivers = 4;

    void SetUp() override {
        for (int i = 0; i < drivers; ++i) {
            const auto name =
                "a driver whose name is longer than any that needs no memory " + std::to_string(i);
            ASSERT_TRUE(host_->open_driver(name, {}, 0));
        }
    }
    Result<ExitReport> exit() {
        return host_->exit_session({.notify_timeout = 20s, .close_timeout = 20s});
    }

    Told told_;
    std::shared_ptr<Host::Impl> host_ =
        Host::Impl::make([&](core::DriverSystem&, supervisor::Requests::FindSystem) {
            return std::make_unique<ToldSource>(told_);
        });
};

TEST_F(ExitWithoutMemory, LacksTheReportAlone) {
    told_.then = [&](UINT step) {
        if (step == unloading_step && told_.unloaded == drivers) no_memory = true;
    };
    const auto report = exit();
    no_memory = false;
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(told_.close, drivers);
    EXPECT_EQ(told_.unloaded, drivers);
    EXPECT_EQ(told_.given_up, 0);
}

TEST_F(ExitWithoutMemory, GivesUpWhatItCannotTell) {
    told_.then = [&](UINT step) {
        if (step == DRV_CLOSE) no_memory = true;
    };
    const auto report = exit();
    no_memory = false;
    EXPECT_EQ(told_.exit_session, drivers);
    EXPECT_GE(told_.close, 1);
    EXPECT_EQ(told_.given_up + told_.unloaded, drivers);
    EXPECT_TRUE(host_->life_cycle().instances().empty());
    if (!report) {
        EXPECT_EQ(report.error().code, ErrorCode::out_of_memory);
    }
}

}  // namespace
}  // namespace instdrv::test
