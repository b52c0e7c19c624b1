// A session that holds a driver which programs share, in this process: the supervisor's side, and
// the worker's, which is not confined and lives on other threads. There is one, until the end.
#pragma once

#include <cstdint>
#include <memory>

#include "core/module.hpp"
#include "core/module_process.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::fuzz {

class HeldSession {
public:
    static HeldSession& instance();

    // An instance that the session opens for the program of a channel, until it is destroyed.
    class Instance {
    public:
        Instance(HeldSession& session, const core::ChannelName& channel);
        ~Instance();
        Instance(const Instance&) = delete;
        Instance& operator=(const Instance&) = delete;
        // What the driver knows it by.
        [[nodiscard]] std::uint64_t name() const;
        // The session's own message to it.
        LRESULT send(UINT message);

    private:
        HeldSession& session_;
        std::shared_ptr<core::InstanceData> data_;
        core::Target target_;
    };

    // For one more program.
    core::SharedChannel share();
    // How many messages that only the system sends the session has sent.
    [[nodiscard]] LRESULT systems() const noexcept { return systems_; }

private:
    HeldSession();
    LRESULT call(const core::Target& target, UINT message);

    std::shared_ptr<supervisor::Worker> worker_;
    std::unique_ptr<core::Module> module_;
    std::uintptr_t last_handle_ = 0;
    LRESULT systems_ = 0;
};

}  // namespace instdrv::fuzz
