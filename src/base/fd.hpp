// An owned file descriptor; reads files or parts of them, and writes files as a whole.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace instdrv {

class Fd {
public:
    Fd() noexcept = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept;
    ~Fd();

    [[nodiscard]] int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int release() noexcept { return std::exchange(fd_, -1); }
    // Closes now and reports what close(2) says, where a write may only fail at that point.
    [[nodiscard]] Status close();

private:
    int fd_ = -1;
};

// An Error of code `io` for the errno of a call that just failed.
Error io_error(std::string operation, const std::filesystem::path& file, int error_number);

// The whole of a regular file. Fails for folders, devices, and files over `limit` bytes.
Result<std::vector<std::byte>> read_file(const std::filesystem::path& file,
                                         std::size_t limit = std::size_t{512} << 20);

// Opens a regular file for reading. Fails for folders, devices and pipes, without waiting for any.
Result<Fd> open_regular_file(const std::filesystem::path& file);

// Reads a file from `offset` on into `room`; returns less than `room` only at the end of the file.
// `name`: for errors.
Result<std::span<const std::byte>> read_part(const Fd& fd, const std::filesystem::path& name,
                                             std::uint64_t offset, std::span<std::byte> room);

// Replaces a file as a whole: written beside it, flushed, renamed over it, the folder flushed. Its
// mode is kept, and where it is a symbolic link, the file behind it is replaced. After an error the
// old file is untouched, unless the folder alone could not be flushed.
Status write_file_atomically(const std::filesystem::path& file, std::span<const std::byte> content);
// The same for a file of an open folder. A symbolic link of that name is replaced, not followed.
// `shown`: the file's path, for errors.
Status write_file_atomically(const Fd& folder, const std::string& name,
                             std::span<const std::byte> content,
                             const std::filesystem::path& shown);

// Writes everything, resuming after short writes and interruptions.
Status write_all(int fd, std::span<const std::byte> content, const std::filesystem::path& file);

}  // namespace instdrv
