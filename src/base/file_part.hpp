// Reads parts of files, and no more than the part that is needed.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "base/fd.hpp"

namespace instdrv {

// A regular file, for reading. Fails for folders, devices and pipes, without waiting for any.
Result<Fd> open_regular_file(const std::filesystem::path& file);

// What a file has from `offset` on, as far as there is room; less only at its end. `name`: for
// errors.
Result<std::span<const std::byte>> read_part(const Fd& fd, const std::filesystem::path& name,
                                             std::uint64_t offset, std::span<std::byte> room);

}  // namespace instdrv
