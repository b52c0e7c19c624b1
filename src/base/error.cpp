#include <instdrv/error.hpp>

#include <array>

#include <instdrv/crash.hpp>
#include <instdrv/placement.hpp>

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

std::string_view name_of(Placement placement) noexcept {
    return placement == Placement::worker ? "worker" : "in-process";
}

std::string_view name_of(Recovery recovery) noexcept {
    return recovery == Recovery::restart ? "restart" : "fail";
}

std::string Error::text() const {
    std::string out = operation;
    if (!driver.empty()) out += (out.empty() ? "" : " ") + driver;
    if (!cause.empty()) out += (out.empty() ? "" : ": ") + cause;
    if (!advice.empty()) out += ". " + advice;
    return out;
}

std::string StackFrame::text() const {
    return image.empty() ? hex(address) : image + "+" + hex(offset);
}

std::string Error::report() const {
    std::string out = text();
    if (crash == nullptr) return out;
    const auto add = [&](std::string_view title, const std::vector<std::string>& lines) {
        if (lines.empty()) return;
        out.append("\n  ").append(title);
        for (const auto& line : lines)
            out += "\n    " + line;
    };
    std::vector<std::string> frames;
    for (const auto& frame : crash->stack)
        frames.push_back(frame.text());
    add("call stack, innermost first:", frames);
    add("last messages:", crash->messages);
    return out;
}

}  // namespace instdrv
