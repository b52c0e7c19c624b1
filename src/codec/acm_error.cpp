#include "codec/acm_error.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace instdrv::codec {
namespace {

struct ResultName {
    MMRESULT result;
    std::string_view name;
    std::string_view meaning;
    ErrorCode code;
    std::string_view advice;
};

constexpr std::string_view see_list = "`instdrv acm list` shows the formats a driver speaks";

constexpr std::array<ResultName, 14> results = {{
    {MMSYSERR_ERROR, "MMSYSERR_ERROR", "an unspecified error", ErrorCode::unsupported, ""},
    {MMSYSERR_BADDEVICEID, "MMSYSERR_BADDEVICEID", "there is no such device",
     ErrorCode::unsupported, "The driver wants hardware that is not there"},
    {MMSYSERR_NOTENABLED, "MMSYSERR_NOTENABLED", "the driver is not enabled",
     ErrorCode::unsupported, "Its start failed: run `instdrv inspect` on it"},
    {MMSYSERR_ALLOCATED, "MMSYSERR_ALLOCATED", "something it needs is in use", ErrorCode::busy, ""},
    {MMSYSERR_INVALHANDLE, "MMSYSERR_INVALHANDLE", "a handle was not valid", ErrorCode::bad_handle,
     ""},
    {MMSYSERR_NODRIVER, "MMSYSERR_NODRIVER", "no driver for it", ErrorCode::unsupported, ""},
    {MMSYSERR_NOMEM, "MMSYSERR_NOMEM", "out of memory", ErrorCode::out_of_memory, ""},
    {MMSYSERR_NOTSUPPORTED, "MMSYSERR_NOTSUPPORTED", "the driver does not know this request",
     ErrorCode::unsupported, see_list},
    {MMSYSERR_INVALFLAG, "MMSYSERR_INVALFLAG", "the driver does not know a flag of the request",
     ErrorCode::unsupported, ""},
    {MMSYSERR_INVALPARAM, "MMSYSERR_INVALPARAM", "the driver does not accept a value",
     ErrorCode::invalid_argument, ""},
    {ACMERR_NOTPOSSIBLE, "ACMERR_NOTPOSSIBLE", "the driver cannot do this conversion",
     ErrorCode::unsupported, see_list},
    {ACMERR_BUSY, "ACMERR_BUSY", "a buffer is still in use", ErrorCode::busy, ""},
    {ACMERR_UNPREPARED, "ACMERR_UNPREPARED", "a buffer was not prepared",
     ErrorCode::invalid_argument, ""},
    {ACMERR_CANCELED, "ACMERR_CANCELED", "it was cancelled", ErrorCode::unsupported, ""},
}};

const ResultName* find_result(MMRESULT result) {
    const auto found = std::ranges::find(results, result, &ResultName::result);
    return found == results.end() ? nullptr : found;
}

}  // namespace

std::string name_of_result(MMRESULT result) {
    const ResultName* known = find_result(result);
    return known != nullptr ? std::string(known->name) : fmt::format("error 0x{:X}", result);
}

Error acm_error(std::string operation, std::string driver, MMRESULT result) {
    Error error{.code = ErrorCode::unsupported,
                .operation = std::move(operation),
                .driver = std::move(driver),
                .cause = "the driver answered " + name_of_result(result),
                .advice = {},
                .system_code = result};
    if (const ResultName* known = find_result(result)) {
        error.code = known->code;
        error.cause = fmt::format("{} ({})", known->meaning, known->name);
        error.advice = known->advice;
    }
    return error;
}

}  // namespace instdrv::codec
