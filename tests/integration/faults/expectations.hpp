// What has to become of each fault of tests/drivers/misbehaves.c, in each message and build.
#pragma once

#include <instdrv/driver.h>

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "integration/host/driver_files.hpp"

namespace instdrv::test {

struct Stage {
    const char* name;
    UINT message;
};
inline constexpr std::array<Stage, 6> stages{{{"DRV_LOAD", DRV_LOAD},
                                              {"DRV_OPEN", DRV_OPEN},
                                              {"DRV_USER", DRV_USER},
                                              {"DRV_EXITSESSION", DRV_EXITSESSION},
                                              {"DRV_CLOSE", DRV_CLOSE},
                                              {"DRV_FREE", DRV_FREE}}};
// From here on the messages are those of the end of a session.
inline constexpr std::size_t first_of_the_exit = 3;

// How a fault ends: the name of an ErrorCode, and what tells it from others of that code. The same
// in every message.
struct Ending {
    std::string_view native;
    std::string_view windows;
};

struct Fault {
    const char* name;
    const char* what;  // for the page
    Ending bits_64;
    Ending bits_32;
    bool takes_its_deadline = false;

    [[nodiscard]] std::string_view ending(const Build& build) const;
};

[[nodiscard]] std::span<const Fault> faults();

// The builds of the matrix.
inline constexpr std::array<Build, 4> matrix_builds{
    {{"Native64", ".so", "", Placement::worker},
     {"Native32", ".so", "i386/", Placement::worker},
     {"Windows64", ".dll", "", Placement::worker},
     {"Windows32", ".dll", "i386/", Placement::worker}}};

// docs/fault-matrix.md.
[[nodiscard]] std::string matrix_page();

}  // namespace instdrv::test
