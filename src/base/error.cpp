#include <instdrv/error.hpp>

#include <array>

#include "base/text.hpp"

namespace instdrv {

std::string_view name_of(ErrorCode code) noexcept {
    constexpr std::array<std::string_view, INSTDRV_LAST_ERROR_CODE + 1> names = {"ok",
                                                                                 "invalid_argument",
                                                                                 "bad_handle",
                                                                                 "not_found",
                                                                                 "bad_image",
                                                                                 "wrong_machine",
                                                                                 "refused_load",
                                                                                 "refused_open",
                                                                                 "refused_close",
                                                                                 "reserved_message",
                                                                                 "busy",
                                                                                 "missing_import",
                                                                                 "exiting",
                                                                                 "unsupported",
                                                                                 "timed_out",
                                                                                 "broken",
                                                                                 "io",
                                                                                 "out_of_memory",
                                                                                 "configuration",
                                                                                 "crashed",
                                                                                 "denied",
                                                                                 "exited"};
    const auto index = static_cast<std::size_t>(code);
    return index < names.size() ? names[index] : "unknown";
}

std::string Error::text() const {
    std::string out = operation;
    if (!driver.empty()) out += (out.empty() ? "" : " ") + driver;
    if (!cause.empty()) out += (out.empty() ? "" : ": ") + cause;
    if (!advice.empty()) out += ". " + advice;
    return visible(out);
}

}  // namespace instdrv
