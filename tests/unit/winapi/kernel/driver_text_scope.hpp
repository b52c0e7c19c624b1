// A test that acts for a driver with code pages and a locale of its own.
#pragma once

#include "winapi/text/driver_text.hpp"
#include "winapi/threads/driver_context.hpp"

namespace instdrv::winapi::test {

class DriverTextScope {
public:
    explicit DriverTextScope(TextSettings settings) : text_(settings) {}

private:
    DriverText text_;
    const DriverContext context_{
        .driver_folder = {}, .state = nullptr, .system = nullptr, .text = &text_};
    ContextScope scope_{&context_};
};

constexpr TextSettings japanese{.code_page = 932, .oem_code_page = 932, .locale = 0x0411};

}  // namespace instdrv::winapi::test
