// Expected failures as values.
//
// Every operation that can fail returns Result<T>; the Error in it says what was attempted, with
// which driver, what the system or Windows layer answered, and what a reader can do about it.
// Exceptions are for broken invariants only.
#pragma once

#include <instdrv/driver.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace instdrv {

// The same values as instdrv_error_code of the C interface, where each is explained.
enum class ErrorCode {
    none = INSTDRV_OK,
    invalid_argument = INSTDRV_INVALID_ARGUMENT,
    bad_handle = INSTDRV_BAD_HANDLE,
    not_found = INSTDRV_NOT_FOUND,
    bad_image = INSTDRV_BAD_IMAGE,
    wrong_machine = INSTDRV_WRONG_MACHINE,
    refused_load = INSTDRV_REFUSED_LOAD,
    refused_open = INSTDRV_REFUSED_OPEN,
    refused_close = INSTDRV_REFUSED_CLOSE,
    reserved_message = INSTDRV_RESERVED_MESSAGE,
    busy = INSTDRV_BUSY,
    missing_import = INSTDRV_MISSING_IMPORT,
    exiting = INSTDRV_EXITING,
    unsupported = INSTDRV_UNSUPPORTED,
    timed_out = INSTDRV_TIMED_OUT,
    broken = INSTDRV_BROKEN,
    io = INSTDRV_IO,
    out_of_memory = INSTDRV_OUT_OF_MEMORY,
    configuration = INSTDRV_CONFIGURATION,
    crashed = INSTDRV_CRASHED,
    denied = INSTDRV_DENIED,
    exited = INSTDRV_EXITED,
};

// The name of a code as reports and --json print it, such as "refused_open".
INSTDRV_API std::string_view name_of(ErrorCode code) noexcept;

struct CrashReport;  // <instdrv/crash.hpp>

struct INSTDRV_API Error {
    ErrorCode code = ErrorCode::none;
    std::string operation;         // what was attempted: "open", "send DRV_CONFIGURE", "map"
    std::string driver;            // file or alias it was attempted with; may be empty
    std::string cause;             // what went wrong, one clause, no full stop
    std::string advice;            // what to do next, one sentence; may be empty
    std::int64_t system_code = 0;  // errno, or the Windows code the cause speaks of; 0 if none
    // The report of the driver's worker, if it died of this error.
    std::shared_ptr<const CrashReport> crash = nullptr;

    // One line to print, whatever a driver or a file made of its parts: what would steer a terminal
    // or end the line, and bytes that are no UTF-8, show as "\x1b".
    // "open msadp32.acm: the file ends inside its section table. Copy it again from its source."
    [[nodiscard]] std::string text() const;
    // The same, and below it the call stack, the last messages and the last output of a worker that
    // died: the one printable form of how a driver failed. Lines end with a newline, but for the
    // last.
    [[nodiscard]] std::string report() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace instdrv
