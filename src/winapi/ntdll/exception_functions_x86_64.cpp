// What drivers call about the frames of their stack.
// https://learn.microsoft.com/windows/win32/api/winnt/nf-winnt-rtlvirtualunwind
#include "winapi/exceptions/exception_entry_x86_64.hpp"
#include "winapi/exceptions/frame_walk_x86_64.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/modules.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::ntdll {
namespace {

pe::LoadedImage* image_at(std::uint64_t address) {
    return Process::instance().loader().find_by_address(reinterpret_cast<const void*>(address));
}

const FunctionEntry* RtlLookupFunctionEntry(std::uint64_t pc, std::uint64_t* image_base, void*) {
    const pe::LoadedImage* const image = image_at(pc);
    if (image == nullptr) return nullptr;
    *image_base = reinterpret_cast<std::uintptr_t>(image->base());
    return find_function(*image, pc);
}
WINAPI_EXPORT(RtlLookupFunctionEntry, in_kernel32 | in_ntdll);

// Answers the language handler of the frame; null where there is none of the wanted kind.
const void* RtlVirtualUnwind(DWORD wanted, std::uint64_t image_base, std::uint64_t pc,
                             const FunctionEntry* function, pe::Context* context,
                             const void** handler_data, std::uint64_t* establisher_frame, void*) {
    const pe::OwnMemory memory;
    const pe::LoadedImage* const image = image_at(image_base);
    if (image == nullptr || function == nullptr) {
        context->rip = 0;  // what a walk takes for its end
        return nullptr;
    }
    const auto frame =
        pe::virtual_unwind(image->view(), {function->begin, function->end, function->unwind_info},
                           pc, static_cast<pe::HandlerKind>(wanted & 3), memory, *context);
    if (!frame) {
        context->rip = 0;
        return nullptr;
    }
    if (handler_data != nullptr) {
        *handler_data = reinterpret_cast<const void*>(frame->handler_data);
    }
    if (establisher_frame != nullptr) *establisher_frame = frame->establisher;
    return reinterpret_cast<const void*>(frame->handler);
}
WINAPI_EXPORT(RtlVirtualUnwind, in_kernel32 | in_ntdll, Coverage::partial,
              "does not tell where registers were saved");

void RtlRestoreContext(pe::Context* context, ExceptionRecord*) {
    pe::Context copy = *context;
    instdrv_restore_context(&copy);
}
WINAPI_EXPORT(RtlRestoreContext, in_kernel32 | in_ntdll, Coverage::partial,
              "no consolidated unwinding (the exception record is ignored)");

// The tables of loaded images are known already; code that a driver makes itself has none.
BYTE RtlAddFunctionTable(const FunctionEntry*, DWORD, std::uint64_t base) {
    return image_at(base) != nullptr ? 1 : 0;
}
WINAPI_EXPORT(RtlAddFunctionTable, in_kernel32 | in_ntdll, Coverage::partial,
              "accepts the functions of loaded images only");

BYTE RtlDeleteFunctionTable(const FunctionEntry* table) {
    return image_at(reinterpret_cast<std::uintptr_t>(table)) != nullptr ? 1 : 0;
}
WINAPI_EXPORT(RtlDeleteFunctionTable, in_kernel32 | in_ntdll, Coverage::partial,
              "accepts the functions of loaded images only");

EXPORT_ADDRESS("RaiseException", in_kernel32 | in_ntdll, instdrv_RaiseException);
EXPORT_ADDRESS("RtlCaptureContext", in_kernel32 | in_ntdll, instdrv_RtlCaptureContext);
EXPORT_ADDRESS("RtlRaiseException", in_kernel32 | in_ntdll, instdrv_RtlRaiseException);
EXPORT_ADDRESS("RtlUnwind", in_kernel32 | in_ntdll, instdrv_RtlUnwindEx);
EXPORT_ADDRESS("RtlUnwindEx", in_kernel32 | in_ntdll, instdrv_RtlUnwindEx, Coverage::partial,
               "no consolidated unwinding (frames of Microsoft's C++ exceptions)");

EXPORT_ADDRESS("__C_specific_handler", in_kernel32 | in_ntdll | in_msvcrt | in_vcruntime140,
               c_specific_handler);

}  // namespace
}  // namespace instdrv::winapi::ntdll
