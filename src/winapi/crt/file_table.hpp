// The table of file descriptors that _open returns, as the low-level functions of the runtimes use
// them. Streams use them, too.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include "base/fd.hpp"
#include "winapi/abi.hpp"

namespace instdrv::winapi::crt {

// An open file. 0, 1 and 2 are there from the start: an empty input, and the output for people
// (driver_output.hpp), which have no descriptor.
class OpenFile {
public:
    enum class Kind { file, no_input, output_for_people };

    explicit OpenFile(Kind standard) noexcept : kind(standard), text(true) {}
    OpenFile(Fd opened, bool as_text) noexcept
        : kind(Kind::file), fd(std::move(opened)), text(as_text) {}

    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    // The HANDLE of a file, for functions of kernel32; closed with the file. Null: it has none.
    HANDLE handle();

    const Kind kind;
    const Fd fd;
    std::atomic<bool> text;  // "\r\n" in the file is '\n' to the driver

private:
    std::mutex mutex_;
    HANDLE handle_ = nullptr;  // made when it is asked for
};

class FileTable {
public:
    static constexpr int capacity = 2048;  // Windows' limit

    FileTable();
    // -1 when the table is full.
    int add(std::shared_ptr<OpenFile> file);
    // Puts a file in the place of `number`, whatever was there.
    bool put(int number, std::shared_ptr<OpenFile> file);
    // Null: not an open file.
    [[nodiscard]] std::shared_ptr<OpenFile> find(int number) const;
    std::shared_ptr<OpenFile> remove(int number);

private:
    mutable std::mutex mutex_;
    std::array<std::shared_ptr<OpenFile>, capacity> files_;
};
FileTable& open_files();

// A number for a HANDLE that CreateFile gave, which is closed with it. -1: it is none of a file.
int adopt_handle(HANDLE handle, int flags);

// The functions behind _open, _read and so on: -1 and errno on failure.
int open_file(std::string_view windows_path, int flags, int permissions);
int read_file(OpenFile& file, void* buffer, unsigned size);
int write_file(OpenFile& file, const void* bytes, unsigned size);
std::int64_t seek_file(const OpenFile& file, std::int64_t offset, int origin);
int close_file(int number);

}  // namespace instdrv::winapi::crt
