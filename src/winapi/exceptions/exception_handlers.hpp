// The functions with which drivers install exception handlers. exception.hpp calls the handlers.
#pragma once

#include "winapi/exceptions/exception.hpp"

namespace instdrv::winapi {

// AddVectoredExceptionHandler: the handle to remove it with.
void* add_vectored_handler(DWORD first, VectoredHandler handler);
// RemoveVectoredExceptionHandler: 1, or 0 where there was none.
DWORD remove_vectored_handler(void* handle);
// SetUnhandledExceptionFilter: the one before.
VectoredHandler set_unhandled_filter(VectoredHandler filter);

}  // namespace instdrv::winapi
