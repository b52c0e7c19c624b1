#include <instdrv/crash.hpp>
#include <instdrv/error.hpp>

#include "base/text.hpp"

namespace instdrv {

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
            out += "\n    " + visible(line);
    };
    std::vector<std::string> frames;
    for (const auto& frame : crash->stack)
        frames.push_back(frame.text());
    add("call stack, innermost first:", frames);
    add("last messages:", crash->messages);
    add("last lines it printed:", crash->output);
    return out;
}

}  // namespace instdrv
