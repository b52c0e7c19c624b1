// What drivers call about exceptions that is the same on every machine.
#include "winapi/exceptions/exception.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::ntdll {
namespace {

void* RtlPcToFileHeader(void* pc, void** base) {
    const pe::LoadedImage* const image = Process::instance().loader().find_by_address(pc);
    *base = image == nullptr ? nullptr : image->base();
    return *base;
}
WINAPI_EXPORT(RtlPcToFileHeader, in_kernel32 | in_ntdll);

WORD RtlCaptureStackBackTrace(DWORD, DWORD, void**, DWORD* hash) {
    if (hash != nullptr) *hash = 0;
    return 0;
}
WINAPI_EXPORT(RtlCaptureStackBackTrace, in_kernel32 | in_ntdll, Coverage::stub,
              "captures no frames");

LONG UnhandledExceptionFilter(ExceptionPointers*) { return EXCEPTION_EXECUTE_HANDLER; }
WINAPI_EXPORT(UnhandledExceptionFilter, in_kernel32 | in_ntdll);

WINAPI_EXPORT_AS("AddVectoredExceptionHandler", in_kernel32 | in_ntdll, add_vectored_handler);
WINAPI_EXPORT_AS("RemoveVectoredExceptionHandler", in_kernel32 | in_ntdll, remove_vectored_handler);
WINAPI_EXPORT_AS("RtlAddVectoredExceptionHandler", in_kernel32 | in_ntdll, add_vectored_handler);
WINAPI_EXPORT_AS("RtlRemoveVectoredExceptionHandler", in_kernel32 | in_ntdll,
                 remove_vectored_handler);
WINAPI_EXPORT_AS("SetUnhandledExceptionFilter", in_kernel32 | in_ntdll, set_unhandled_filter);

}  // namespace
}  // namespace instdrv::winapi::ntdll
