// Delivers the messages that only the system sends. For the life cycle alone.
#pragma once

#include "core/instance_table.hpp"
#include "core/loaded_module.hpp"

namespace instdrv::core {

// The answer of an instance that is gone. It is used while something is ended, which must not
// allocate memory, so its text is short enough for a string without allocation.
inline Answer gone() noexcept {
    static const Error error{.code = ErrorCode::bad_handle, .cause = "it is not open"};
    return {0, &error};
}

// A message that the system sends, from the thread that owns the instance, without the lock.
inline Answer deliver(const Instance& frame_of, MessageReceiver& receiver, const Target& target,
                      UINT message, LPARAM lparam1, LPARAM lparam2) {
    auto& record = this_thread_record();
    if (record.depth == CallRecord::max_depth) {
        thread_local const Error error{.code = ErrorCode::busy,
                                       .cause = "too many driver calls are nested already"};
        return {0, &error};
    }
    const CallFrame frame(record, frame_of);
    return receiver.call(target, message, lparam1, lparam2);
}

inline Answer deliver(const Instance& instance, UINT message, LPARAM lparam1 = 0,
                      LPARAM lparam2 = 0) {
    return deliver(instance, *instance.receiver, instance.target, message, lparam1, lparam2);
}

inline Answer deliver_to_module(LoadedModule& module, HDRVR hdrvr, UINT message) {
    return deliver(module.self, module.receiver(), {.hdrvr = hdrvr}, message, 0, 0);
}

}  // namespace instdrv::core
