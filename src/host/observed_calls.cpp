#include "host/observed_calls.hpp"

#include <unistd.h>

#include "core/module_process.hpp"
#include "messages/marshal.hpp"
#include "supervisor/client.hpp"

namespace instdrv {
namespace {

bool is_for_module(UINT message) {
    return message == DRV_LOAD || message == DRV_ENABLE || message == DRV_DISABLE ||
           message == DRV_FREE;
}

}  // namespace

void ObservedCalls::opening(HDRVR hdrvr, std::string_view section) {
    const std::lock_guard lock(mutex_);
    opened_[hdrvr].section = section;
}

void ObservedCalls::closed(HDRVR hdrvr) noexcept {
    const std::lock_guard lock(mutex_);
    opened_.erase(hdrvr);
}

messages::Family ObservedCalls::family_of(HDRVR instance, UINT message, LPARAM lparam2) {
    const std::lock_guard lock(mutex_);
    const auto opened = opened_.find(instance);
    if (opened == opened_.end()) return messages::Family::standard;
    auto& [section, family] = opened->second;
    if (message == DRV_OPEN) {
        family = messages::family_of_open(static_cast<std::uint64_t>(lparam2), section,
                                          supervisor::current_client().memory);
    }
    return family;
}

std::string ObservedCalls::describe(HDRVR instance, UINT message, LPARAM lparam1, LPARAM lparam2) {
    const auto& client = supervisor::current_client();
    if (client.carried) return messages::describe(message);  // the addresses are the driver's
    const auto family = family_of(instance, message, lparam2);
    return messages::describe_call(family, message,
                                   {.lparam1 = static_cast<std::uint64_t>(lparam1),
                                    .lparam2 = static_cast<std::uint64_t>(lparam2)},
                                   {.client_pointer = client.pointer_size,
                                    .driver_pointer = client.pointer_size,
                                    .open_text_unit = module_.is_windows() ? 2u : 1u,
                                    .natural_acm = false},
                                   client.memory);
}

core::Answer ObservedCalls::call(const core::Target& target, UINT message, LPARAM lparam1,
                                 LPARAM lparam2) noexcept {
    const HDRVR instance = is_for_module(message) ? nullptr : target.hdrvr;
    const auto* const process = module_.process();
    DriverCall call{.file = file_,
                    .kind = std::string(module_.kind()),
                    .process = process == nullptr ? getpid() : process->id(),
                    .instance = instance,
                    .message = message,
                    .name = {},
                    .text = describe(instance, message, lparam1, lparam2),
                    .start = {}};
    call.name = call.text.substr(0, call.text.find(' '));
    call.start = std::chrono::steady_clock::now();
    observer_->begun(call);
    const auto answer = module_.call(target, message, lparam1, lparam2);
    observer_->finished(call, answer.value, answer.broken);
    return answer;
}

}  // namespace instdrv
