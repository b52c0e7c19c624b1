// The last error of the C functions on the calling thread (instdrv_last_error_text).
#pragma once

#include <instdrv/error.hpp>

namespace instdrv {

void remember_error(const Error& error);

}  // namespace instdrv
