// What a supervisor keeps of one instance in a worker.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "messages/marshal.hpp"
#include "supervisor/callback_table.hpp"

namespace instdrv::supervisor {

struct InstanceState {
    InstanceState(std::uint64_t known_as, CallbackTable& table,
                  const channel::Start::Answer& facts) noexcept
        : name(known_as), callbacks(table, facts) {}

    std::uint64_t name;  // HandleNames
    std::string section;
    InstanceCallbacks callbacks;
    std::optional<messages::Conversation> conversation;  // from its DRV_OPEN on, constant
};

}  // namespace instdrv::supervisor
