// The placement of a driver: the process it runs in, and what happens when that process dies.
#pragma once

#include <cstdint>
#include <string_view>

#include <instdrv/driver.h>

namespace instdrv {

enum class Placement : std::uint8_t {
    worker,      // in a process of its own, which is confined: it can neither hang, crash nor read
                 // the host
    in_process,  // in the host's process, to which it can do anything
};

// What happens when a driver is opened again after its worker died. The old instances fail for
// good; they are closed like any other.
enum class Recovery : std::uint8_t {
    fail,     // opening it fails as well, until all of those are closed
    restart,  // the next open starts it anew
};

INSTDRV_API std::string_view name_of(Placement placement) noexcept;  // "worker", "in-process"
INSTDRV_API std::string_view name_of(Recovery recovery) noexcept;    // "fail", "restart"

}  // namespace instdrv
