// Drivers that are made up, for exits with real threads in real time: what they do when they are
// called is drawn at random, and they note whatever the driver system must not do to a driver.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/module.hpp"
#include "core/module_loader.hpp"
#include "stress/random.hpp"
#include "support/unshared_process.hpp"

namespace instdrv::stress {

// What an exit met when it gave a driver up.
enum class Met : std::size_t {
    load,          // another call was loading it
    client_open,   // a client was inside of its DRV_OPEN
    client_send,   // a client was inside of another message
    client_close,  // a client was inside of its DRV_CLOSE
    closing,       // the exit was inside of its DRV_CLOSE
    disabling,     // of DRV_DISABLE
    freeing,       // of DRV_FREE
    unloading,     // the exit, or a client, was unloading it
    telling,       // the exit was inside of DRV_EXITSESSION
    between,       // no call was inside of it
    count
};
std::string_view name_of(Met met) noexcept;

class StormModule;

// What a storm has seen, over all its rounds. [any thread]
class Findings {
public:
    void met(Met met) noexcept { ++met_[static_cast<std::size_t>(met)]; }
    [[nodiscard]] long times(Met met) const noexcept {
        return met_[static_cast<std::size_t>(met)].load();
    }
    // Drivers that are there just now and have neither ended nor been given up.
    void begins(const StormModule& module);
    void goes(const StormModule& module);
    [[nodiscard]] bool all_ended_or_given_up() const;

    // Something that must not be; the first is kept.
    void fault(const std::string& what);
    [[nodiscard]] std::string first_fault() const;

    [[nodiscard]] std::size_t modules() const;

private:
    std::array<std::atomic<long>, static_cast<std::size_t>(Met::count)> met_{};
    mutable std::mutex mutex_;
    std::string fault_;
    std::set<const StormModule*> there_;
};

// Whether the calling thread is one of the storm's clients, and not the host's own.
bool& is_client() noexcept;

class StormModule final : public core::Module, public test::UnsharedProcess {
public:
    StormModule(std::string name, std::uint64_t seed, Findings& findings);
    ~StormModule() override;

    core::Answer call(const core::Target& target, UINT message, LPARAM lparam1,
                      LPARAM lparam2) noexcept override;
    [[nodiscard]] HMODULE handle() const noexcept override { return nullptr; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "storm"; }
    [[nodiscard]] bool is_windows() const noexcept override { return windows_; }
    std::shared_ptr<core::InstanceData> opening(HDRVR hdrvr, std::string_view section) override;
    void closed(HDRVR hdrvr) noexcept override;
    [[nodiscard]] core::ModuleProcess* process() noexcept override { return this; }
    [[nodiscard]] bool is_dead() const noexcept override { return dead_; }
    void abandon() noexcept override;
    Status unload() noexcept override;

    [[nodiscard]] bool ended_or_given_up() const;

    // What the loader runs of it, on the thread that loads.
    Status load(core::LoadUnderWay& under_way);

private:
    // Where the messages of a module stand in its life.
    enum class Stage { loaded, enabled, disabled, freed, unloaded };
    struct Inside {
        UINT message;
        bool client;
    };
    class Visit;

    Random draw(UINT message);
    // What the driver's own code does with its time; false: it was killed, or crashed.
    bool spend_time(UINT message);
    void check_message(const core::Target& target, UINT message);
    void check_stage(UINT message);
    void fault(const std::string& what);
    [[nodiscard]] Met met_by(const Inside& inside) const;

    // What giving up has to reach even where the loading has just failed and this is gone.
    struct Life {
        std::mutex mutex;
        std::condition_variable killed;
        bool loading = false;
        bool given_up = false;
    };

    const std::string name_;
    const std::uint64_t seed_;
    Findings& findings_;
    const bool confined_;  // can be killed
    const bool windows_;
    std::atomic<bool> dead_{false};

    const std::shared_ptr<Life> life_ = std::make_shared<Life>();
    std::mutex& mutex_ = life_->mutex;
    std::map<std::uint64_t, Inside> inside_;  // calls under way
    std::uint64_t calls_ = 0;
    Stage stage_ = Stage::loaded;
    std::set<HDRVR> known_;  // opening came, closed did not
    std::set<HDRVR> open_;   // DRV_OPEN was answered, DRV_CLOSE was not
};

}  // namespace instdrv::stress
