// An output file that is written whole or not at all.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

#include "base/fd.hpp"
#include "codec/file_identity.hpp"

namespace instdrv::codec {

// Written to a nameless file in the target's folder, which takes the target's place in commit(). If
// the process ends before that, however it ends, the target is untouched and nothing is left behind
// (on file systems without nameless files a file named ".TARGET.*" may be, after a crash).
//
// Written to directly, so that what was written stays: targets that are no regular files (pipes,
// devices), and descriptors of this process, which are named "-" (standard output), /dev/stdout,
// /dev/stderr and /dev/fd/N.
class OutputFile {
public:
    // What becomes of a regular file that is there already, or is there by the time of commit().
    // One without write permission is never replaced.
    enum class Existing { refuse, replace };

    // `source`: what the content is made from; it is refused as the target.
    static Result<OutputFile> create(const std::filesystem::path& target, Existing existing,
                                     std::optional<FileIdentity> source = std::nullopt);
    OutputFile(OutputFile&& other) noexcept
        : fd_(std::move(other.fd_)),
          target_(std::move(other.target_)),
          existing_(other.existing_),
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
    OutputFile(Fd fd, std::filesystem::path target, Existing existing, bool patchable)
        : fd_(std::move(fd)),
          target_(std::move(target)),
          existing_(existing),
          patchable_(patchable) {}
    static Result<OutputFile> create_directly(Fd fd, const std::filesystem::path& target,
                                              std::optional<FileIdentity> source);
    static Result<OutputFile> create_beside(const std::filesystem::path& target, Existing existing);
    Status give_name(const std::filesystem::path& name);
    Status take_free_place();
    Status take_place();

    Fd fd_;
    std::filesystem::path target_;
    Existing existing_;
    std::filesystem::path temporary_;  // the name of what was written so far, if it has one
    bool patchable_;
};

}  // namespace instdrv::codec
