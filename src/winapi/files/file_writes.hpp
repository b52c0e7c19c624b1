// Writes to the files of a driver as Windows does: a write succeeds as a whole or fails as a whole.
//
// write(2) may take a part of what it is given when a disk, a quota or a limit of sizes is full.
// Windows' functions then fail, and callers rely on the file being no longer than before. Bytes
// that were overwritten stay overwritten. Growth of files counts against the limit of the state
// folder (state_room.hpp) of the driver that the thread acts for. A write comes before or after a
// fold of the file (journaled_file.hpp), never in the middle. All functions return 0 or an errno:
// ENOSPC for a full disk, quota or limit. [any thread]
// https://learn.microsoft.com/cpp/c-runtime-library/reference/write
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace instdrv::winapi {

// At the file's position, which moves on, or at its end where it was opened with O_APPEND. After a
// failure size and position are what they were, unless somebody else wrote to the file's end
// meanwhile.
int write_whole(int fd, const void* bytes, std::size_t size);
int write_whole_at(int fd, const void* bytes, std::size_t size, off_t offset);

// Cuts the file off, or lets it grow with zeros.
int resize_file(int fd, off_t size);

}  // namespace instdrv::winapi
