// Names of the machines that files are built for, for errors.
#pragma once

#include <cstdint>
#include <string>

namespace instdrv::image {

// Of IMAGE_FILE_HEADER.Machine: "ARM64", or the number in hexadecimal.
std::string pe_machine_name(std::uint16_t machine);
// Of e_machine: "ARM64", or the number in hexadecimal.
std::string elf_machine_name(std::uint16_t machine);

}  // namespace instdrv::image
