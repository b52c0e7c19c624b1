#include "sandbox/policy.hpp"

#include <fmt/format.h>

namespace instdrv::sandbox {

std::string Policy::explanation() const {
    std::string text;
    for (const auto& layer : layers_) {
        text += fmt::format("{}: {}{}\n", name_of(layer.layer), layer.planned ? "" : "off, ",
                            layer.content);
    }
    for (const auto& weakening : weakenings_) {
        text +=
            fmt::format("weaker: {}({}): {}\n", weakening.call, weakening.object, weakening.reason);
    }
    return text;
}

}  // namespace instdrv::sandbox
