// What has to become of each fault of tests/drivers/misbehaves.c, at each stage and in each build.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/exit.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "integration/host/driver_files.hpp"

namespace instdrv::test {

// A message, or what the system runs when it loads and unloads the file.
struct Stage {
    const char* name;
    UINT message;
};
inline constexpr std::array<Stage, 8> stages{{{"load", loading_step},
                                              {"DRV_LOAD", DRV_LOAD},
                                              {"DRV_OPEN", DRV_OPEN},
                                              {"DRV_USER", DRV_USER},
                                              {"DRV_EXITSESSION", DRV_EXITSESSION},
                                              {"DRV_CLOSE", DRV_CLOSE},
                                              {"DRV_FREE", DRV_FREE},
                                              {"unload", unloading_step}}};
// From here on the stages are those of the end of a session.
inline constexpr std::size_t first_of_the_exit = 4;

// How a fault ends: the name of an ErrorCode, and what tells it from others of that code. The same
// at every stage.
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
    // What it started runs on in a file that is unloaded: how that goes is a matter of luck.
    bool outlives_its_file = false;

    [[nodiscard]] std::string_view ending(const Build& build, const Stage& stage) const;
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
