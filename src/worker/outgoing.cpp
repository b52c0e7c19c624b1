#include "worker/outgoing.hpp"

#include <utility>

#include "worker/driver_memory.hpp"

namespace instdrv::worker {
namespace {

// A driver that notifies another driver's functions would have to reach into its process.
class NoCallbacks final : public messages::Callbacks {
public:
    Result<std::uint64_t> token_for(const messages::CallbackTarget& target) override {
        constexpr std::uint32_t nobody = 0;  // CALLBACK_NULL
        if (target.type == nobody) return std::uint64_t{1};
        return failure(refusal());
    }
    Result<messages::Thunk> thunk_for(const messages::Function&) override {
        return failure(refusal());
    }
    void release(std::uint64_t) noexcept override {}

private:
    static Error refusal() {
        return {.code = ErrorCode::unsupported,
                .cause = "a driver in a worker cannot be called back by another"};
    }
};

messages::Parameters parameters_of(LPARAM lparam1, LPARAM lparam2) {
    return {.lparam1 = static_cast<std::uint64_t>(static_cast<std::int64_t>(lparam1)),
            .lparam2 = static_cast<std::uint64_t>(static_cast<std::int64_t>(lparam2))};
}

NoCallbacks& no_callbacks() {
    static NoCallbacks callbacks;
    return callbacks;
}

const DriverMemory memory_of_driver;

std::int64_t carry(messages::Conversation& conversation, UINT message,
                   const messages::Parameters& parameters, const Outgoing::Request& request) {
    auto call = conversation.begin(message, parameters, memory_of_driver);
    if (!call) return 0;
    const std::int64_t answer = request(call->parameters());
    return call->finish(answer) ? answer : 0;
}

}  // namespace

std::int64_t Outgoing::open(std::string_view section, LPARAM lparam2, const Request& request) {
    const auto parameters = parameters_of(0, lparam2);
    const auto address = static_cast<std::uintptr_t>(lparam2);  // not sign-extended
    const auto family = messages::family_of_open(address, section, memory_of_driver);
    const auto conversation = std::make_shared<messages::Conversation>(
        family, messages::Sides{.client_pointer = sizeof(void*), .driver_pointer = sizeof(void*)},
        memory_, no_callbacks());
    const auto opened = carry(*conversation, DRV_OPEN, parameters, request);
    if (opened != 0) {
        const std::lock_guard lock(mutex_);
        conversations_[reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(opened))] = conversation;
    }
    return opened;
}

Outgoing::Shared Outgoing::find(HDRVR hdrvr) {
    const std::lock_guard lock(mutex_);
    const auto found = conversations_.find(hdrvr);
    return found == conversations_.end() ? nullptr : found->second;
}

std::int64_t Outgoing::send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2,
                            const Request& request) {
    const auto parameters = parameters_of(lparam1, lparam2);
    const auto conversation = find(hdrvr);
    if (conversation == nullptr) return request(parameters);
    return carry(*conversation, message, parameters, request);
}

void Outgoing::closed(HDRVR hdrvr) {
    const std::lock_guard lock(mutex_);
    conversations_.erase(hdrvr);
}

}  // namespace instdrv::worker
