#include "winapi/exceptions/exception_entry_x86.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi {

extern "C" void instdrv_unwind(pe::Context* context, Registration* target,
                               ExceptionRecord* record) {
    unwind_to(target, record, *context);
}

EXPORT_ADDRESS("RaiseException", in_kernel32 | in_ntdll, instdrv_RaiseException);
EXPORT_ADDRESS("RtlCaptureContext", in_kernel32 | in_ntdll, instdrv_RtlCaptureContext);
EXPORT_ADDRESS("RtlRaiseException", in_kernel32 | in_ntdll, instdrv_RtlRaiseException);
EXPORT_ADDRESS("RtlUnwind", in_kernel32 | in_ntdll, instdrv_RtlUnwind, Coverage::partial,
               "goes on behind the call, whatever address it is handed");

}  // namespace instdrv::winapi
