// What drivers call about the frames of their stack.
// https://learn.microsoft.com/windows/win32/api/winnt/nf-winnt-rtlvirtualunwind
#include "winapi/modules.hpp"
#include "winapi/ntdll/exception_entry_x86_64.hpp"
#include "winapi/ntdll/frame_walk_x86_64.hpp"
#include "winapi/ntdll/topics.hpp"
#include "winapi/process.hpp"

namespace instdrv::winapi {
namespace {

pe::LoadedImage* image_at(std::uint64_t address) {
    return Process::instance().loader().find_by_address(reinterpret_cast<const void*>(address));
}

const FunctionEntry* WINFN RtlLookupFunctionEntry(std::uint64_t pc, std::uint64_t* image_base,
                                                  void*) {
    const pe::LoadedImage* const image = image_at(pc);
    if (image == nullptr) return nullptr;
    *image_base = reinterpret_cast<std::uintptr_t>(image->base());
    return find_function(*image, pc);
}

// Answers the language handler of the frame; null where there is none of the wanted kind.
const void* WINFN RtlVirtualUnwind(DWORD wanted, std::uint64_t image_base, std::uint64_t pc,
                                   const FunctionEntry* function, pe::Context* context,
                                   const void** handler_data, std::uint64_t* establisher_frame,
                                   void*) {
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

void WINFN RtlRestoreContext(pe::Context* context, ExceptionRecord*) {
    pe::Context copy = *context;
    instdrv_restore_context(&copy);
}

// The tables of loaded images are known already; code that a driver makes itself has none.
BYTE WINFN RtlAddFunctionTable(const FunctionEntry*, DWORD, std::uint64_t base) {
    return image_at(base) != nullptr ? 1 : 0;
}

BYTE WINFN RtlDeleteFunctionTable(const FunctionEntry* table) {
    return image_at(reinterpret_cast<std::uintptr_t>(table)) != nullptr ? 1 : 0;
}

}  // namespace

std::span<const Export> exception_exports() {
    constexpr std::string_view images_only = "accepts the functions of loaded images only";
    static const Export table[] = {
        {"RaiseException", address_of(instdrv_RaiseException)},
        {"RtlAddFunctionTable", address_of(RtlAddFunctionTable), Coverage::partial, images_only},
        {"RtlCaptureContext", address_of(instdrv_RtlCaptureContext)},
        {"RtlDeleteFunctionTable", address_of(RtlDeleteFunctionTable), Coverage::partial,
         images_only},
        {"RtlLookupFunctionEntry", address_of(RtlLookupFunctionEntry)},
        {"RtlRaiseException", address_of(instdrv_RtlRaiseException)},
        {"RtlRestoreContext", address_of(RtlRestoreContext), Coverage::partial,
         "no consolidated unwinding (the exception record is ignored)"},
        {"RtlUnwind", address_of(instdrv_RtlUnwindEx)},
        {"RtlUnwindEx", address_of(instdrv_RtlUnwindEx), Coverage::partial,
         "no consolidated unwinding (frames of Microsoft's C++ exceptions)"},
        {"RtlVirtualUnwind", address_of(RtlVirtualUnwind), Coverage::partial,
         "does not tell where registers were saved"},
    };
    return table;
}

std::span<const Export> language_handler_exports() {
    static const Export table[] = {
        {"__C_specific_handler", address_of(c_specific_handler)},
    };
    return table;
}

}  // namespace instdrv::winapi
