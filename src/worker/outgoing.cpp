#include "worker/outgoing.hpp"

#include <cerrno>
#include <ctime>
#include <limits>
#include <utility>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace instdrv::worker {
namespace {

constexpr std::uint64_t page_size = 4096;

// futex(2) reads the word that it is to wait on, and says so when it cannot.
bool is_readable(std::uint64_t address) noexcept {
    constexpr std::uint64_t word_mask = ~std::uint64_t{3};
    const timespec at_once{};
    const auto word = static_cast<std::uintptr_t>(address & word_mask);
    const long result = ::syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, &at_once, nullptr, 0);
    return result == 0 || errno != EFAULT;
}

// The memory of the drivers in this worker.
class DriverMemory final : public messages::ClientMemory {
public:
    // As a plain access: a bad address is the driver's own fault, and crashes it.
    Status read(std::uint64_t address, std::span<std::byte> out) const override {
        return memory_.read(address, out);
    }
    Status write(std::uint64_t address, std::span<const std::byte> bytes) const override {
        return memory_.write(address, bytes);
    }
    // Without process_vm_readv(2), which a worker may not call.
    bool try_read(std::uint64_t address, std::span<std::byte> out) const override;

private:
    messages::ProcessMemory memory_;
};

bool DriverMemory::try_read(std::uint64_t address, std::span<std::byte> out) const {
    constexpr std::uint64_t highest = std::numeric_limits<std::uintptr_t>::max();
    if (address > highest || out.size() > highest - address) return false;
    const std::uint64_t end = address + out.size();
    for (std::uint64_t at = address; at < end; at = (at / page_size + 1) * page_size) {
        if (!is_readable(at)) return false;
    }
    return memory_.read(address, out).has_value();
}

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
