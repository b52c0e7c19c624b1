// Reads bytes from a file or a pipe, forwards, through a buffer of fixed size.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "codec/file_identity.hpp"

namespace instdrv::codec {

class ByteSource {
public:
    // "-" is standard input. Fails for folders.
    static Result<ByteSource> open(const std::filesystem::path& file);
    // name: for errors.
    static Result<ByteSource> from(Fd fd, std::string name);
    // Never reads more than it is asked for, and makes no other calls than read(2) and lseek(2):
    // for a confined process, whose caller goes on where it stops. is_file: not a pipe.
    static Result<ByteSource> exact(Fd fd, bool is_file);

    // Nothing for what is no regular file.
    [[nodiscard]] std::optional<FileIdentity> identity() const { return identity_of(fd_.get()); }
    [[nodiscard]] const Fd& fd() const noexcept { return fd_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    // Bytes from where reading began to the end; nothing for a pipe.
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept { return size_; }
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

    // Fills `out` as far as there are bytes; fewer only at the end.
    Result<std::size_t> read(std::span<std::byte> out);
    Result<bool> at_end();
    // Goes on `count` bytes later, or at the end.
    Status skip(std::uint64_t count);
    // Goes to a position; backwards only where size() is known.
    Status seek(std::uint64_t position);

private:
    ByteSource(Fd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
    // Reads once when the buffer is empty; empty afterwards means the end. An exact one reads
    // `wanted` bytes at most.
    Result<std::span<const std::byte>> buffered(std::uint64_t wanted);

    Fd fd_;
    std::string name_;
    bool is_exact_ = false;
    std::optional<std::uint64_t> size_;
    std::uint64_t start_ = 0;     // of the file descriptor, when reading began
    std::uint64_t position_ = 0;  // of the next byte to give out
    std::vector<std::byte> buffer_ = std::vector<std::byte>(64 * 1024);
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace instdrv::codec
