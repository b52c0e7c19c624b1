// The clients' functions, events and threads that the drivers of a worker may notify. A driver gets
// tokens for them, which are secret. So it can make the client call nothing else, and no other
// program can use them. [any thread]
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>

#include "channel/protocol.hpp"
#include "messages/marshal.hpp"

namespace instdrv::supervisor {

struct InstanceState;

class CallbackTable {
public:
    template <class What>
    struct Entry {
        What what;
        std::weak_ptr<InstanceState> instance;  // that it was given to
        // The driver was given neither user nor device; the values that it passes for them go to
        // the client.
        bool plain = false;
    };
    using Target = Entry<messages::CallbackTarget>;
    using Function = Entry<messages::Function>;

    // The channel that the worker knows this process by, and the size of its pointers in bytes.
    // Before the first token is made.
    void use_channel(std::uint32_t number, unsigned pointer_size) noexcept {
        channel_ = number;
        pointer_size_ = pointer_size;
    }

    // A channel::CallbackToken.
    std::uint64_t add(std::variant<Target, Function> entry);
    void remove(std::uint64_t token) noexcept;

    [[nodiscard]] std::optional<Target> target(std::uint64_t token) const;
    [[nodiscard]] std::optional<Function> function(std::uint64_t token) const;

private:
    template <class Kind>
    std::optional<Kind> find(std::uint64_t token) const;

    mutable std::mutex mutex_;
    std::uint32_t channel_ = 0;
    unsigned pointer_size_ = 4;
    std::unordered_map<std::uint64_t, std::variant<Target, Function>> entries_;
};

// The table as one instance's messages see it. Of a driver that sends them it takes no function,
// event or thread.
class InstanceCallbacks final : public messages::Callbacks {
public:
    // `facts`: of the module, with its code for each messages::FunctionKind.
    InstanceCallbacks(CallbackTable& table, const channel::LoadModule::Answer& facts) noexcept
        : table_(table), facts_(facts) {}
    void belong_to(std::weak_ptr<InstanceState> instance) { instance_ = std::move(instance); }

    Result<std::uint64_t> token_for(const messages::CallbackTarget& target) override;
    Result<messages::Thunk> thunk_for(const messages::Function& function) override;
    void release(std::uint64_t token) noexcept override;
    // A token for what no message says to be a callback.
    std::uint64_t expose(const messages::CallbackTarget& target);

private:
    CallbackTable& table_;
    const channel::LoadModule::Answer facts_;
    std::weak_ptr<InstanceState> instance_;
};

}  // namespace instdrv::supervisor
