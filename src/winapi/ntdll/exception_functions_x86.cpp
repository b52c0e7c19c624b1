#include "winapi/ntdll/exception_entry_x86.hpp"
#include "winapi/ntdll/topics.hpp"

namespace instdrv::winapi {

extern "C" void instdrv_unwind(pe::Context* context, Registration* target,
                               ExceptionRecord* record) {
    unwind_to(target, record, *context);
}

std::span<const Export> exception_exports() {
    static const Export table[] = {
        {"RaiseException", address_of(instdrv_RaiseException)},
        {"RtlCaptureContext", address_of(instdrv_RtlCaptureContext)},
        {"RtlRaiseException", address_of(instdrv_RtlRaiseException)},
        {"RtlUnwind", address_of(instdrv_RtlUnwind), Coverage::partial,
         "goes on behind the call, whatever address it is handed"},
    };
    return table;
}

}  // namespace instdrv::winapi
