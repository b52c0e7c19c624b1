// The supervisor's data of one instance in a worker.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/module.hpp"
#include "messages/marshal.hpp"
#include "supervisor/callback_table.hpp"

namespace instdrv::supervisor {

struct InstanceState final : core::InstanceData {
    InstanceState(std::uint64_t known_as, CallbackTable& table,
                  const channel::LoadModule::Answer& facts)
        : name(known_as), callbacks(table, facts) {
        gate = std::make_shared<core::CallbackGate>();
    }
    ~InstanceState() override {
        for (const auto token : exposed)
            callbacks.release(token);
    }

    std::uint64_t name;  // HandleNames
    std::string section;
    std::uint64_t client = 0;  // Client::worker of who opened it
    InstanceCallbacks callbacks;
    std::optional<messages::Conversation> conversation;  // from its DRV_OPEN on, constant
    std::vector<std::uint64_t> exposed;  // tokens to be released with it; the life cycle's lock
};

}  // namespace instdrv::supervisor
