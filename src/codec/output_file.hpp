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

// Written to a nameless file in the target's folder, which takes the target's place in commit(). If
// the process ends before that, however it ends, the target is untouched and nothing is left behind
// (on file systems without nameless files a file named ".TARGET.*" may be, after a crash). "-"
// (standard output) and targets that are no regular files (pipes, devices) are written to directly:
// what was written stays.
class OutputFile {
public:
    static Result<OutputFile> create(const std::filesystem::path& target);
    OutputFile(OutputFile&& other) noexcept
        : fd_(std::move(other.fd_)),
          target_(std::move(other.target_)),
          temporary_(std::exchange(other.temporary_, {})),
          patchable_(other.patchable_) {}
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile();

    // Can what was written be replaced?
    [[nodiscard]] bool patchable() const noexcept { return patchable_; }
    [[nodiscard]] const std::filesystem::path& target() const noexcept { return target_; }

    Status write(std::span<const std::byte> content);
    // Replaces bytes from `position` on. Only where patchable().
    Status patch(std::uint64_t position, std::span<const std::byte> content);
    // Flushes to the disk and puts the file in its place.
    Status commit();

private:
    OutputFile(Fd fd, std::filesystem::path target, bool patchable)
        : fd_(std::move(fd)), target_(std::move(target)), patchable_(patchable) {}
    static Result<OutputFile> create_directly(const std::filesystem::path& target);
    Status name_it();

    Fd fd_;
    std::filesystem::path target_;
    std::filesystem::path temporary_;  // the name of what was written so far, if it has one
    bool patchable_;
};

}  // namespace instdrv::codec
