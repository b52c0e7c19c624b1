#include "supervisor/callback_table.hpp"

#include <utility>

#include <sys/random.h>

#include "supervisor/client.hpp"

namespace instdrv::supervisor {
namespace {

// What a driver names is in its own process; called here, it would be anything of ours.
Status refuse_drivers() {
    if (!current_client().is_driver()) return {};
    return failure(Error{.code = ErrorCode::unsupported,
                         .cause = "a driver in a worker cannot be called back by another one"});
}

// Once the system has booted, so few bytes come at once and whole.
std::uint64_t random_number() noexcept {
    std::uint64_t number = 0;
    while (::getrandom(&number, sizeof number, 0) != sizeof number) {
    }
    return number;
}

}  // namespace

std::uint64_t CallbackTable::add(std::variant<Target, Function> entry) {
    const std::lock_guard lock(mutex_);
    std::uint64_t token = 0;
    do {
        token = channel::CallbackToken::make(channel_, random_number(), pointer_size_);
    } while (entries_.contains(token));
    entries_.emplace(token, std::move(entry));
    return token;
}

void CallbackTable::remove(std::uint64_t token) noexcept {
    const std::lock_guard lock(mutex_);
    entries_.erase(token);
}

template <class Kind>
std::optional<Kind> CallbackTable::find(std::uint64_t token) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(token);
    if (found == entries_.end()) return std::nullopt;
    const auto* const entry = std::get_if<Kind>(&found->second);
    return entry == nullptr ? std::nullopt : std::optional(*entry);
}

std::optional<CallbackTable::Target> CallbackTable::target(std::uint64_t token) const {
    return find<Target>(token);
}

std::optional<CallbackTable::Function> CallbackTable::function(std::uint64_t token) const {
    return find<Function>(token);
}

std::uint64_t InstanceCallbacks::expose(const messages::CallbackTarget& target) {
    return table_.add(CallbackTable::Target{target, instance_, true});
}

Result<std::uint64_t> InstanceCallbacks::token_for(const messages::CallbackTarget& target) {
    // With CALLBACK_NULL there is nothing to be called.
    if (target.type != CALLBACK_NULL) {
        if (Status fine = refuse_drivers(); !fine) return failure(std::move(fine.error()));
    }
    return table_.add(CallbackTable::Target{target, instance_});
}

Result<messages::Thunk> InstanceCallbacks::thunk_for(const messages::Function& function) {
    if (Status fine = refuse_drivers(); !fine) return failure(std::move(fine.error()));
    const auto kind = static_cast<std::size_t>(function.kind);
    return messages::Thunk{.address = facts_.functions[kind],
                           .token = table_.add(CallbackTable::Function{function, instance_})};
}

void InstanceCallbacks::release(std::uint64_t token) noexcept { table_.remove(token); }

}  // namespace instdrv::supervisor
