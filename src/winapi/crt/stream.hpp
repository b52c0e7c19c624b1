// The FILE of the runtimes.
//
// A driver may hold the address of one, index an array of them (msvcrt's stdin is entry 0 of
// __iob_func()), and old ones read the fields of the structure. So each is a structure of msvcrt's
// layout, and our own data of it lies elsewhere. Its buffer always looks empty, so that macros
// which would use it call _filbuf and _flsbuf instead. [any thread; one stream's functions exclude
// each other]
#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/crt/file_table.hpp"

namespace instdrv::winapi {
class DriverState;
}

namespace instdrv::winapi::crt {

// https://learn.microsoft.com/cpp/c-runtime-library/file-handling: an opaque structure since 2015,
// and this one before.
struct StreamFace {
    char* pointer;
    int count;
    char* base;
    int flags;
    int file;
    int character_buffer;
    int buffer_size;
    char* temporary_name;
};
static_assert(sizeof(StreamFace) == (sizeof(void*) == 8 ? 48 : 32));

class Stream {
public:
    static constexpr int at_end_flag = 0x10;
    static constexpr int error_flag = 0x20;
    static constexpr int end = -1;

    // The stream of a FILE pointer; null: it is none, or closed.
    static std::shared_ptr<Stream> find(const StreamFace* face) noexcept;

    // A stream on an open file number; null and errno on failure. `mode` is fopen's, as text.
    static StreamFace* open(int number, std::string_view mode);
    static StreamFace* open(std::string_view windows_path, std::string_view mode);
    // Closes and opens anew in the same place.
    static StreamFace* reopen(StreamFace* face, std::string_view windows_path,
                              std::string_view mode);
    static int close(StreamFace* face);
    static int flush_all();
    static int close_all();
    // Those that were opened on behalf of a driver, and the standard ones, which stay open. One
    // that another thread is in is left alone.
    static void flush_of(const DriverState& driver);
    static void close_of(const DriverState& driver);
    // stdin, stdout and stderr are the first three of an array. Null beyond its end.
    static StreamFace* standard(unsigned index) noexcept;

    int get();
    int put(char c);
    int unget(int c);
    std::size_t read(void* buffer, std::size_t size);
    std::size_t write(const void* bytes, std::size_t size);
    int seek(std::int64_t offset, int origin);
    std::int64_t tell();
    int flush();
    int set_buffer(int mode, std::size_t size);
    void clear_errors();
    void rewind();

    [[nodiscard]] int number() const noexcept { return face_.file; }
    [[nodiscard]] bool is_text() const noexcept { return file_->text; }
    [[nodiscard]] std::recursive_mutex& mutex() noexcept { return mutex_; }

    ~Stream();

private:
    friend class StreamTable;
    struct CloseHost {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    using HostFile = std::unique_ptr<std::FILE, CloseHost>;

    Stream(StreamFace& face, std::shared_ptr<OpenFile> file, HostFile host);
    static HostFile host_file(OpenFile& file, std::string_view mode);
    void note_failure();
    int get_text();
    void note_state();

    std::recursive_mutex mutex_;
    StreamFace& face_;
    const std::shared_ptr<OpenFile> file_;
    const DriverState* const owner_;  // null: everybody's
    HostFile host_;
};

}  // namespace instdrv::winapi::crt
