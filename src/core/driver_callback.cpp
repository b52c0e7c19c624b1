#include "core/driver_callback.hpp"

#include "base/event.hpp"
#include "core/thread_queue.hpp"

namespace instdrv::core {
namespace {

bool set_event(DWORD_PTR handle) {
    const auto event = std::dynamic_pointer_cast<Event>(kernel_objects().find(handle));
    if (event == nullptr) return false;
    event->set();
    return true;
}

}  // namespace

void call_native_callback(const CallbackRequest& request) {
    reinterpret_cast<DRVCALLBACK>(request.callback)(request.device, request.message, request.user,
                                                    request.param1, request.param2);
}

bool driver_callback(const CallbackRequest& request, CallbackCaller call_function) {
    if (request.callback == 0) return false;
    switch (request.flags & ~static_cast<DWORD>(DCB_NOSWITCH)) {
        case DCB_TASK:
            return post_thread_message(static_cast<DWORD>(request.callback),
                                       {.message = request.message,
                                        .wparam = reinterpret_cast<WPARAM>(request.device),
                                        .lparam = static_cast<LPARAM>(request.param1)});
        case DCB_FUNCTION: call_function(request); return true;
        case DCB_EVENT: return set_event(request.callback);
        default: return false;
    }
}

}  // namespace instdrv::core
