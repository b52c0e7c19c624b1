// Modules whose behaviour is a function of the test, in place of driver files.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/driver_system.hpp"
#include "core/module.hpp"
#include "core/module_loader.hpp"

namespace instdrv::core::testing {

struct Received {
    DWORD_PTR driver_id;
    HDRVR hdrvr;
    UINT message;
    LPARAM lparam1;
    LPARAM lparam2;
    bool operator==(const Received&) const = default;
};

// What a driver file of the test does. Kept by the test, so that it outlives unloading.
struct Script {
    // Empty: 1 to everything, which is what many drivers do.
    std::function<Answer(const Received&)> handler;
    std::function<Status()> unload;
    bool windows = false;
    std::mutex mutex;
    std::vector<Received> received;  // every call, in order
    int loaded = 0;
    int unloaded = 0;

    [[nodiscard]] std::vector<UINT> messages() {
        const std::lock_guard lock(mutex);
        std::vector<UINT> out;
        for (const auto& call : received)
            out.push_back(call.message);
        return out;
    }
};

class ScriptedModule final : public Module {
public:
    explicit ScriptedModule(std::shared_ptr<Script> script) : script_(std::move(script)) {
        ++script_->loaded;
    }
    Status unload() noexcept override {
        ++script_->unloaded;
        return script_->unload ? script_->unload() : Status();
    }

    Answer call(const Target& target, UINT message, LPARAM lparam1,
                LPARAM lparam2) noexcept override {
        const Received call{target.driver_id, target.hdrvr, message, lparam1, lparam2};
        {
            const std::lock_guard lock(script_->mutex);
            script_->received.push_back(call);
        }
        return script_->handler ? script_->handler(call) : Answer{1, nullptr};
    }
    [[nodiscard]] HMODULE handle() const noexcept override {
        return reinterpret_cast<HMODULE>(script_.get());
    }
    [[nodiscard]] std::string_view kind() const noexcept override { return "scripted"; }
    [[nodiscard]] bool is_windows() const noexcept override { return script_->windows; }

private:
    std::shared_ptr<Script> script_;
};

class ScriptedLoader final : public ModuleLoader {
public:
    // The script of a file, made on first use.
    std::shared_ptr<Script> operator[](const std::string& file) {
        auto& script = scripts_[file];
        if (script == nullptr) script = std::make_shared<Script>();
        return script;
    }
    Result<std::unique_ptr<Module>> load(const ModuleRequest& request, LoadUnderWay&) override {
        const auto found = scripts_.find(request.file.string());
        if (found == scripts_.end()) {
            return failure(Error{.code = ErrorCode::bad_image, .cause = "no such script"});
        }
        return std::make_unique<ScriptedModule>(found->second);
    }
    // Before the locals of a test that handlers refer to go, while drivers may still be open.
    void forget_handlers() {
        for (const auto& [file, script] : scripts_)
            script->handler = nullptr, script->unload = nullptr;
    }

private:
    std::map<std::string, std::shared_ptr<Script>> scripts_;
};

// Answers as a well-behaved driver does: `id` to DRV_OPEN, 1 to DRV_CLOSE, the default to the rest.
inline Answer well_behaved(const Received& call, LRESULT id = 7) {
    if (call.message == DRV_OPEN) return {id, nullptr};
    if (call.message == DRV_CLOSE) return {1, nullptr};
    return {default_answer(call.message), nullptr};
}

}  // namespace instdrv::core::testing
