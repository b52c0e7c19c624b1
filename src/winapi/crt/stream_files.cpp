// Opening, closing and positioning FILEs.
// https://learn.microsoft.com/cpp/c-runtime-library/stream-i-o
#include <cerrno>

#include "base/text.hpp"
#include "winapi/code_page.hpp"
#include "winapi/crt/stream_access.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Path>
StreamFace* open_stream(const Path* path, const Path* mode, std::string (*to_text)(const Path*)) {
    if (path == nullptr || mode == nullptr) return fail_with<StreamFace*>(EINVAL, nullptr);
    return Stream::open(to_text(path), to_text(mode));
}

StreamFace* WINFN_C open_narrow(const char* path, const char* mode) {
    return open_stream(path, mode, utf8_from_ansi);
}

StreamFace* WINFN_C open_wide(LPCWSTR path, LPCWSTR mode) {
    return open_stream(path, mode, utf8_from_wide);
}

StreamFace* WINFN_C open_shared_narrow(const char* path, const char* mode, int) {
    return open_narrow(path, mode);
}

StreamFace* WINFN_C open_shared_wide(LPCWSTR path, LPCWSTR mode, int) {
    return open_wide(path, mode);
}

int answer_error(StreamFace* opened, StreamFace** file) {
    *file = opened;
    return opened == nullptr ? error_number() : 0;
}

int WINFN_C open_narrow_checked(StreamFace** file, const char* path, const char* mode) {
    return file == nullptr ? fail_with(EINVAL, EINVAL)
                           : answer_error(open_narrow(path, mode), file);
}

int WINFN_C open_wide_checked(StreamFace** file, LPCWSTR path, LPCWSTR mode) {
    return file == nullptr ? fail_with(EINVAL, EINVAL) : answer_error(open_wide(path, mode), file);
}

StreamFace* WINFN_C reopen_narrow(const char* path, const char* mode, StreamFace* face) {
    if (path == nullptr || mode == nullptr) return fail_with<StreamFace*>(EINVAL, nullptr);
    return Stream::reopen(face, utf8_from_ansi(path), mode);
}

StreamFace* WINFN_C reopen_wide(LPCWSTR path, LPCWSTR mode, StreamFace* face) {
    if (path == nullptr || mode == nullptr) return fail_with<StreamFace*>(EINVAL, nullptr);
    return Stream::reopen(face, utf8_from_wide(path), utf8_from_wide(mode));
}

int WINFN_C reopen_narrow_checked(StreamFace** file, const char* path, const char* mode,
                                  StreamFace* face) {
    if (file == nullptr) return fail_with(EINVAL, EINVAL);
    return answer_error(reopen_narrow(path, mode, face), file);
}

int WINFN_C reopen_wide_checked(StreamFace** file, LPCWSTR path, LPCWSTR mode, StreamFace* face) {
    if (file == nullptr) return fail_with(EINVAL, EINVAL);
    return answer_error(reopen_wide(path, mode, face), file);
}

StreamFace* WINFN_C open_number(int number, const char* mode) {
    return mode == nullptr ? fail_with<StreamFace*>(EINVAL, nullptr) : Stream::open(number, mode);
}

StreamFace* WINFN_C open_number_wide(int number, LPCWSTR mode) {
    return mode == nullptr ? fail_with<StreamFace*>(EINVAL, nullptr)
                           : Stream::open(number, utf8_from_wide(mode));
}

int WINFN_C close_stream(StreamFace* face) { return Stream::close(face); }
int WINFN_C close_all_streams() { return Stream::close_all(); }
int WINFN_C flush_all_streams() { return Stream::flush_all(); }

int WINFN_C flush_stream(StreamFace* face) {
    if (face == nullptr) {
        Stream::flush_all();
        return 0;
    }
    return with_stream(face, Stream::end, [](Stream& stream) { return stream.flush(); });
}

int WINFN_C seek64(StreamFace* face, LONGLONG offset, int origin) {
    return with_stream(face, -1, [&](Stream& stream) { return stream.seek(offset, origin); });
}

int WINFN_C seek(StreamFace* face, LONG offset, int origin) { return seek64(face, offset, origin); }

LONGLONG WINFN_C tell64(StreamFace* face) {
    return with_stream(face, LONGLONG{-1}, [](Stream& stream) { return stream.tell(); });
}

LONG WINFN_C tell(StreamFace* face) {
    const LONGLONG position = tell64(face);
    return position > INT32_MAX ? fail_with(EINVAL, LONG{-1}) : static_cast<LONG>(position);
}

int WINFN_C get_position(StreamFace* face, LONGLONG* position) {
    const LONGLONG now = tell64(face);
    if (now < 0 || position == nullptr) return fail_with(EINVAL, -1);
    *position = now;
    return 0;
}

int WINFN_C set_position(StreamFace* face, const LONGLONG* position) {
    return position == nullptr ? fail_with(EINVAL, -1) : seek64(face, *position, 0);
}

void WINFN_C rewind_stream(StreamFace* face) {
    with_stream(face, 0, [](Stream& stream) { return stream.rewind(), 0; });
}

int WINFN_C number_of(StreamFace* face) {
    return with_stream(face, -1, [](Stream& stream) { return stream.number(); });
}

int WINFN_C is_at_end(StreamFace* face) { return face->flags & Stream::at_end_flag; }
int WINFN_C has_failed(StreamFace* face) { return face->flags & Stream::error_flag; }

void WINFN_C clear_errors(StreamFace* face) {
    with_stream(face, 0, [](Stream& stream) { return stream.clear_errors(), 0; });
}

int WINFN_C clear_errors_checked(StreamFace* face) {
    return with_stream(face, EINVAL, [](Stream& stream) { return stream.clear_errors(), 0; });
}

// The driver's own buffer is not used: nothing may write to it after the driver forgot it.
int WINFN_C set_buffering(StreamFace* face, char*, int mode, SIZE_T size) {
    return with_stream(face, -1, [&](Stream& stream) { return stream.set_buffer(mode, size); });
}

void WINFN_C set_buffer(StreamFace* face, char* buffer) {
    constexpr int fully = 0;
    constexpr int none = 4;
    set_buffering(face, buffer, buffer == nullptr ? none : fully, BUFSIZ);
}

StreamFace* WINFN_C standard_streams() { return Stream::standard(0); }
StreamFace* WINFN_C standard_stream(unsigned index) { return Stream::standard(index); }

void WINFN_C lock_stream(StreamFace* face) {
    if (const auto stream = Stream::find(face)) stream->mutex().lock();
}

void WINFN_C unlock_stream(StreamFace* face) {
    if (const auto stream = Stream::find(face)) stream->mutex().unlock();
}

int WINFN_C most_streams() { return 512; }
int WINFN_C set_most_streams(int) { return 512; }

}  // namespace

std::span<const Export> stream_file_exports() {
    constexpr std::string_view no_unicode = "ccs= modes fail with EINVAL";
    constexpr std::string_view own_buffer = "the size counts, the buffer is not used";
    static const Export table[] = {
        {"__acrt_iob_func", address_of(standard_stream)},
        {"__iob_func", address_of(standard_streams)},
        {"_fcloseall", address_of(close_all_streams)},
        {"_fdopen", address_of(open_number), Coverage::partial, no_unicode},
        {"_fileno", address_of(number_of)},
        {"_flushall", address_of(flush_all_streams)},
        {"_fseeki64", address_of(seek64)},
        {"_fsopen", address_of(open_shared_narrow), Coverage::partial, "sharing is ignored"},
        {"_ftelli64", address_of(tell64)},
        {"_getmaxstdio", address_of(most_streams)},
        {"_iob", Stream::standard(0)},
        {"_lock_file", address_of(lock_stream)},
        {"_setmaxstdio", address_of(set_most_streams), Coverage::partial, "always 512"},
        {"_unlock_file", address_of(unlock_stream)},
        {"_wfdopen", address_of(open_number_wide), Coverage::partial, no_unicode},
        {"_wfopen", address_of(open_wide), Coverage::partial, no_unicode},
        {"_wfopen_s", address_of(open_wide_checked), Coverage::partial, no_unicode},
        {"_wfreopen", address_of(reopen_wide), Coverage::partial, no_unicode},
        {"_wfreopen_s", address_of(reopen_wide_checked), Coverage::partial, no_unicode},
        {"_wfsopen", address_of(open_shared_wide), Coverage::partial, "sharing is ignored"},
        {"clearerr", address_of(clear_errors)},
        {"clearerr_s", address_of(clear_errors_checked)},
        {"fclose", address_of(close_stream)},
        {"feof", address_of(is_at_end)},
        {"ferror", address_of(has_failed)},
        {"fflush", address_of(flush_stream)},
        {"fgetpos", address_of(get_position)},
        {"fopen", address_of(open_narrow), Coverage::partial, no_unicode},
        {"fopen_s", address_of(open_narrow_checked), Coverage::partial, no_unicode},
        {"freopen", address_of(reopen_narrow), Coverage::partial, no_unicode},
        {"freopen_s", address_of(reopen_narrow_checked), Coverage::partial, no_unicode},
        {"fseek", address_of(seek)},
        {"fsetpos", address_of(set_position)},
        {"ftell", address_of(tell)},
        {"rewind", address_of(rewind_stream)},
        {"setbuf", address_of(set_buffer), Coverage::partial, own_buffer},
        {"setvbuf", address_of(set_buffering), Coverage::partial, own_buffer},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
