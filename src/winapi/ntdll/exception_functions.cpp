// What drivers call about exceptions that is the same on every machine.
#include "winapi/ntdll/exception_handlers.hpp"
#include "winapi/ntdll/topics.hpp"
#include "winapi/process.hpp"

namespace instdrv::winapi {
namespace {

void* WINFN RtlPcToFileHeader(void* pc, void** base) {
    const pe::LoadedImage* const image = Process::instance().loader().find_by_address(pc);
    *base = image == nullptr ? nullptr : image->base();
    return *base;
}

WORD WINFN RtlCaptureStackBackTrace(DWORD, DWORD, void**, DWORD* hash) {
    if (hash != nullptr) *hash = 0;
    return 0;
}

LONG WINFN UnhandledExceptionFilter(ExceptionPointers*) { return EXCEPTION_EXECUTE_HANDLER; }

}  // namespace

std::span<const Export> exception_handler_exports() {
    static const Export table[] = {
        {"AddVectoredExceptionHandler", address_of(add_vectored_handler)},
        {"RemoveVectoredExceptionHandler", address_of(remove_vectored_handler)},
        {"RtlAddVectoredExceptionHandler", address_of(add_vectored_handler)},
        {"RtlCaptureStackBackTrace", address_of(RtlCaptureStackBackTrace), Coverage::stub,
         "captures no frames"},
        {"RtlPcToFileHeader", address_of(RtlPcToFileHeader)},
        {"RtlRemoveVectoredExceptionHandler", address_of(remove_vectored_handler)},
        {"SetUnhandledExceptionFilter", address_of(set_unhandled_filter)},
        {"UnhandledExceptionFilter", address_of(UnhandledExceptionFilter)},
    };
    return table;
}

}  // namespace instdrv::winapi
