// The messages instdrv knows by name, for traces, reports and the command line.
#pragma once

#include <instdrv/driver.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace instdrv::messages {

// The same number means different things to drivers of different classes.
enum class Family { standard, mci, acm, vfw };
std::string_view name_of(Family family) noexcept;

struct Message {
    std::string_view name;
    UINT number;
    Family family;
};

// All of them, by family, then number.
std::span<const Message> all();

// By name in any case ("drv_configure"), as a place in a range ("DRV_USER", "DRV_USER+1"), or a
// number in decimal or 0x hexadecimal.
std::optional<UINT> parse(std::string_view text);

// "DRV_EXITSESSION"; "0x1234" for an unknown number. One with several meanings is named by the
// first family that has it, in the order above; or as a driver of `family` understands it, to whom
// the standard messages are known too.
std::string describe(UINT number);
std::string describe(UINT number, Family family);

// Only the system sends these: LOAD, ENABLE, OPEN, CLOSE, DISABLE, FREE, EXITSESSION,
// EXITAPPLICATION.
constexpr bool reserved_for_system(UINT number) noexcept {
    constexpr UINT mask = 1u << DRV_LOAD | 1u << DRV_ENABLE | 1u << DRV_OPEN | 1u << DRV_CLOSE |
                          1u << DRV_DISABLE | 1u << DRV_FREE | 1u << DRV_EXITSESSION |
                          1u << DRV_EXITAPPLICATION;
    return number < 16 && (mask >> number & 1) != 0;
}

}  // namespace instdrv::messages
