#include "winapi/crt/stream.hpp"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

#include "winapi/crt/file_flags.hpp"
#include "winapi/files/driver_state.hpp"
#include "winapi/files/file_writes.hpp"
#include "winapi/text/driver_output.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {

// Every FILE there is. Its arrays never move.
class StreamTable {
public:
    static constexpr std::size_t capacity = 512;  // Windows' limit

    static StreamTable& instance() {
        static auto* const table = new StreamTable;  // threads of drivers may outlive everything
        return *table;
    }

    StreamTable() {
        for (int number = 0; number < 3; ++number) {
            open(static_cast<std::size_t>(number), number, number == 0 ? "r" : "w");
        }
    }

    StreamFace* face(std::size_t index) noexcept {
        return index < capacity ? &faces_[index] : nullptr;
    }

    std::shared_ptr<Stream> find(const StreamFace* face) {
        if (face < faces_.data() || face >= faces_.data() + capacity) return nullptr;
        const std::lock_guard lock(mutex_);
        return streams_[static_cast<std::size_t>(face - faces_.data())];
    }

    StreamFace* open(int number, std::string_view mode) {
        const std::lock_guard lock(mutex_);
        const auto free = std::find(streams_.begin(), streams_.end(), nullptr);
        if (free == streams_.end()) return fail_with<StreamFace*>(EMFILE, nullptr);
        return open_locked(static_cast<std::size_t>(free - streams_.begin()), number, mode);
    }

    StreamFace* open(std::size_t index, int number, std::string_view mode) {
        const std::lock_guard lock(mutex_);
        return open_locked(index, number, mode);
    }

    std::shared_ptr<Stream> remove(const StreamFace* face) {
        auto stream = find(face);
        if (stream == nullptr) return nullptr;
        const std::lock_guard lock(mutex_);
        return std::exchange(streams_[static_cast<std::size_t>(face - faces_.data())], nullptr);
    }

    std::size_t index_of(const StreamFace* face) const noexcept {
        return static_cast<std::size_t>(face - faces_.data());
    }

    std::vector<StreamFace*> open_faces() {
        const std::lock_guard lock(mutex_);
        std::vector<StreamFace*> open;
        for (std::size_t i = 0; i < capacity; ++i) {
            if (streams_[i] != nullptr) open.push_back(&faces_[i]);
        }
        return open;
    }

private:
    StreamFace* open_locked(std::size_t index, int number, std::string_view mode) {
        auto file = open_files().find(number);
        if (file == nullptr) return fail_with<StreamFace*>(EBADF, nullptr);
        auto host = Stream::host_file(*file, mode);
        if (host == nullptr) return nullptr;
        faces_[index] = {.file = number};
        streams_[index] =
            std::shared_ptr<Stream>(new Stream(faces_[index], std::move(file), std::move(host)));
        return &faces_[index];
    }

    std::mutex mutex_;
    std::array<StreamFace, capacity> faces_{};
    std::array<std::shared_ptr<Stream>, capacity> streams_;
};

namespace {

bool has(std::string_view mode, char c) { return mode.find(c) != std::string_view::npos; }

// _open's flags for fopen's mode; -1: no such mode.
int flags_of(std::string_view mode) {
    if (mode.empty() || has(mode, ',')) return -1;
    const bool update = has(mode, '+');
    const int access = update ? RDWR : mode[0] == 'r' ? 0 : WRONLY;
    const int text = has(mode, 'b') ? BINARY : has(mode, 't') ? TEXT : 0;
    const int exclusive = has(mode, 'x') ? EXCL : 0;
    switch (mode[0]) {
        case 'r': return access | text;
        case 'w': return access | text | CREAT | TRUNC | exclusive;
        case 'a': return access | text | CREAT | APPEND;
        default: return -1;
    }
}

// What a FILE of the host reads and writes through, so that writing counts as a driver's.
ssize_t print_cookie(void*, const char* text, std::size_t size) {
    print_for_driver({text, size});
    return static_cast<ssize_t>(size);
}

int fd_of(void* cookie) { return static_cast<const OpenFile*>(cookie)->fd.get(); }

ssize_t read_cookie(void* cookie, char* buffer, std::size_t size) {
    return ::read(fd_of(cookie), buffer, size);
}

ssize_t write_cookie(void* cookie, const char* bytes, std::size_t size) {
    const int error = write_whole(fd_of(cookie), bytes, size);
    if (error == 0) return static_cast<ssize_t>(size);
    errno = error;
    return 0;
}

int seek_cookie(void* cookie, off64_t* offset, int origin) {
    const off64_t position = ::lseek64(fd_of(cookie), *offset, origin);
    if (position < 0) return -1;
    *offset = position;
    return 0;
}

constexpr cookie_io_functions_t file_functions{
    .read = read_cookie, .write = write_cookie, .seek = seek_cookie, .close = nullptr};

constexpr int all_permissions = S_READ | S_WRITE;

}  // namespace

Stream::Stream(StreamFace& face, std::shared_ptr<OpenFile> file, HostFile host)
    : face_(face),
      file_(std::move(file)),
      owner_(file_->kind == OpenFile::Kind::file ? DriverState::current() : nullptr),
      host_(std::move(host)) {}

Stream::~Stream() = default;

Stream::HostFile Stream::host_file(OpenFile& file, std::string_view mode) {
    switch (file.kind) {
        case OpenFile::Kind::no_input: return HostFile(::fopencookie(nullptr, "r", {}));
        case OpenFile::Kind::output_for_people: {
            HostFile host(::fopencookie(nullptr, "w", {.write = print_cookie}));
            if (host != nullptr) std::setvbuf(host.get(), nullptr, _IOLBF, BUFSIZ);
            return host;
        }
        case OpenFile::Kind::file: break;
    }
    const std::string host_mode = std::string(1, mode[0]) + (has(mode, '+') ? "+" : "");
    if (mode[0] == 'a') ::lseek(file.fd.get(), 0, SEEK_END);
    HostFile host(::fopencookie(&file, host_mode.c_str(), file_functions));
    if (host == nullptr) error_number() = windows_error_number(errno);
    return host;
}

std::shared_ptr<Stream> Stream::find(const StreamFace* face) noexcept {
    return StreamTable::instance().find(face);
}

StreamFace* Stream::standard(unsigned index) noexcept {
    return StreamTable::instance().face(index);
}

StreamFace* Stream::open(int number, std::string_view mode) {
    const int flags = flags_of(mode);
    if (flags < 0) return fail_with<StreamFace*>(EINVAL, nullptr);
    return StreamTable::instance().open(number, mode);
}

StreamFace* Stream::open(std::string_view windows_path, std::string_view mode) {
    const int flags = flags_of(mode);
    if (flags < 0) return fail_with<StreamFace*>(EINVAL, nullptr);
    const int number = open_file(windows_path, flags, all_permissions);
    if (number < 0) return nullptr;
    StreamFace* const face = StreamTable::instance().open(number, mode);
    if (face == nullptr) close_file(number);
    return face;
}

StreamFace* Stream::reopen(StreamFace* face, std::string_view windows_path, std::string_view mode) {
    const int flags = flags_of(mode);
    if (flags < 0) return fail_with<StreamFace*>(EINVAL, nullptr);
    if (close(face) != 0) return nullptr;
    const int number = open_file(windows_path, flags, all_permissions);
    if (number < 0) return nullptr;
    auto& table = StreamTable::instance();
    return table.open(table.index_of(face), number, mode);
}

int Stream::close(StreamFace* face) {
    const auto stream = StreamTable::instance().remove(face);
    if (stream == nullptr) return fail_with(EBADF, end);
    const std::lock_guard lock(stream->mutex_);
    const int flushed = stream->flush();
    close_file(stream->number());
    *face = {.file = -1};
    return flushed;
}

int Stream::flush_all() {
    int count = 0;
    for (StreamFace* face : StreamTable::instance().open_faces()) {
        const auto stream = find(face);
        if (stream == nullptr) continue;
        const std::lock_guard lock(stream->mutex_);
        stream->flush();
        ++count;
    }
    return count;
}

int Stream::close_all() {
    int count = 0;
    for (StreamFace* face : StreamTable::instance().open_faces()) {
        if (StreamTable::instance().index_of(face) >= 3 && close(face) == 0) ++count;
    }
    return count;
}

void Stream::flush_of(const DriverState& driver) {
    for (StreamFace* const face : StreamTable::instance().open_faces()) {
        const auto stream = find(face);
        if (stream == nullptr || (stream->owner_ != nullptr && stream->owner_ != &driver)) continue;
        const std::unique_lock lock(stream->mutex_, std::try_to_lock);
        if (lock) stream->flush();
    }
}

void Stream::close_of(const DriverState& driver) {
    flush_of(driver);
    for (StreamFace* const face : StreamTable::instance().open_faces()) {
        const auto stream = find(face);
        if (stream == nullptr || stream->owner_ != &driver) continue;
        const std::unique_lock lock(stream->mutex_, std::try_to_lock);
        if (lock) close(face);
    }
}

namespace {

[[maybe_unused]] const bool drivers_have_streams =
    (DriverState::use_streams({.flush = Stream::flush_of, .close = Stream::close_of}), true);

}  // namespace

void Stream::note_failure() {
    error_number() = windows_error_number(errno);
    note_state();
}

void Stream::note_state() {
    face_.count = 0;
    face_.flags = (std::feof(host_.get()) != 0 ? at_end_flag : 0) |
                  (std::ferror(host_.get()) != 0 ? error_flag : 0);
}

int Stream::get_text() {
    const int c = std::getc(host_.get());
    if (c == '\r') {
        const int next = std::getc(host_.get());
        if (next == '\n') return next;
        if (next != EOF) std::ungetc(next, host_.get());
    }
    return c;
}

int Stream::get() {
    const int c = is_text() ? get_text() : std::getc(host_.get());
    note_state();
    if (c == end_of_text && is_text()) {
        std::ungetc(c, host_.get());
        face_.flags |= at_end_flag;
        return end;
    }
    return c;
}

int Stream::put(char c) {
    const bool two = c == '\n' && is_text() && file_->kind == OpenFile::Kind::file;
    const bool put =
        (!two || std::putc('\r', host_.get()) != EOF) && std::putc(c, host_.get()) != EOF;
    if (!put) return note_failure(), end;
    note_state();
    return static_cast<unsigned char>(c);
}

int Stream::unget(int c) {
    const int result = std::ungetc(c, host_.get());
    note_state();
    return result;
}

std::size_t Stream::read(void* buffer, std::size_t size) {
    if (!is_text()) {
        const std::size_t got = std::fread(buffer, 1, size, host_.get());
        note_state();
        return got;
    }
    auto* const bytes = static_cast<char*>(buffer);
    std::size_t got = 0;
    for (int c = 0; got < size && (c = get()) != end; ++got)
        bytes[got] = static_cast<char>(c);
    return got;
}

std::size_t Stream::write(const void* bytes, std::size_t size) {
    const auto* const text = static_cast<const char*>(bytes);
    if (is_text() && file_->kind == OpenFile::Kind::file) {
        std::size_t written = 0;
        while (written < size && put(text[written]) != end)
            ++written;
        return written;
    }
    const std::size_t written = std::fwrite(text, 1, size, host_.get());
    if (written < size) return note_failure(), written;
    note_state();
    return written;
}

int Stream::seek(std::int64_t offset, int origin) {
    if (std::fseek(host_.get(), offset, origin) != 0) {
        return fail_with_errno();
    }
    note_state();
    return 0;
}

std::int64_t Stream::tell() {
    const auto position = std::ftell(host_.get());
    return position < 0 ? fail_with(windows_error_number(errno), std::int64_t{-1}) : position;
}

int Stream::flush() {
    if (std::fflush(host_.get()) == 0) return 0;
    const int error = windows_error_number(errno);
    note_state();
    return fail_with(error, end);
}

int Stream::set_buffer(int mode, std::size_t size) {
    constexpr int no_buffer = 4;  // _IONBF; _IOFBF is 0 and _IOLBF, 0x40, means the same on Windows
    return std::setvbuf(host_.get(), nullptr, mode == no_buffer ? _IONBF : _IOFBF, size);
}

void Stream::clear_errors() {
    std::clearerr(host_.get());
    note_state();
}

void Stream::rewind() {
    std::rewind(host_.get());
    note_state();
}

}  // namespace instdrv::winapi::crt
