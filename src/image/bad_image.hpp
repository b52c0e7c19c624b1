// Makes the Error for a file that cannot be used, for everything in image/. Only cause and advice
// are set: the caller, who knows the file and what was attempted, sets `driver` and `operation`.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace instdrv::image {

// Code bad_image. `cause` is one clause without full stop, `advice` one sentence or empty.
tl::unexpected<Error> bad_image(std::string cause, std::string advice = {});

// "the file ends inside WHAT", with the advice to copy it again.
tl::unexpected<Error> ends_inside(std::string_view what);

// "WHAT is damaged: DETAIL", with the advice to copy it again.
tl::unexpected<Error> damaged(std::string_view what, std::string_view detail);

// Code wrong_machine: "built for BUILT_FOR, not for USABLE", with the advice to get the right
// build.
tl::unexpected<Error> wrong_machine(std::string_view built_for, std::string_view usable);

// The name of a machine by its IMAGE_FILE_HEADER.Machine: "ARM64", or the number in hexadecimal.
std::string pe_machine_name(std::uint16_t machine);
// The name of a machine by its e_machine: "ARM64", or the number in hexadecimal.
std::string elf_machine_name(std::uint16_t machine);

}  // namespace instdrv::image
