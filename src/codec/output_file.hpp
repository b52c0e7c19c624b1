// A file that is there whole or not at all.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "base/fd.hpp"

namespace instdrv::codec {

// Written to a new file beside the target, which takes the target's place in commit(). Without a
// commit the new file is removed and the target is untouched. "-" (standard output) and targets
// that are no regular files (pipes, devices) are written to directly: what was written stays.
class OutputFile {
public:
    static Result<OutputFile> create(const std::filesystem::path& target);
    OutputFile(OutputFile&& other) noexcept
        : fd_(std::move(other.fd_)),
          target_(std::move(other.target_)),
          temporary_(std::exchange(other.temporary_, {})) {}
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile();

    // Can what was written be replaced?
    [[nodiscard]] bool patchable() const noexcept { return !temporary_.empty(); }
    [[nodiscard]] const std::filesystem::path& target() const noexcept { return target_; }

    Status write(std::span<const std::byte> content);
    // Replaces bytes from `position` on. Only where patchable().
    Status patch(std::uint64_t position, std::span<const std::byte> content);
    // Flushes to the disk and puts the file in its place.
    Status commit();

private:
    OutputFile(Fd fd, std::filesystem::path target, std::filesystem::path temporary)
        : fd_(std::move(fd)), target_(std::move(target)), temporary_(std::move(temporary)) {}

    Fd fd_;
    std::filesystem::path target_;
    std::filesystem::path temporary_;  // empty: written to directly, or committed
};

}  // namespace instdrv::codec
