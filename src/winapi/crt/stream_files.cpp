// Opening, closing and positioning FILEs.
// https://learn.microsoft.com/cpp/c-runtime-library/stream-i-o
#include <cerrno>

#include "base/text.hpp"
#include "winapi/crt/stream_access.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/code_page.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Path>
StreamFace* open_stream(const Path* path, const Path* mode, std::string (*to_text)(const Path*)) {
    if (path == nullptr || mode == nullptr) return fail_with<StreamFace*>(EINVAL, nullptr);
    return Stream::open(to_text(path), to_text(mode));
}

StreamFace* open_narrow(const char* path, const char* mode) {
    return open_stream(path, mode, utf8_from_ansi);
}
CRT_EXPORT_AS("fopen", in_crt, open_narrow, Coverage::partial, "ccs= modes fail with EINVAL");

StreamFace* _wfopen(LPCWSTR path, LPCWSTR mode) { return open_stream(path, mode, utf8_from_wide); }
CRT_EXPORT(_wfopen, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

StreamFace* _fsopen(const char* path, const char* mode, int) { return open_narrow(path, mode); }
CRT_EXPORT(_fsopen, in_crt, Coverage::partial, "sharing is ignored");

StreamFace* _wfsopen(LPCWSTR path, LPCWSTR mode, int) { return _wfopen(path, mode); }
CRT_EXPORT(_wfsopen, in_crt, Coverage::partial, "sharing is ignored");

int answer_error(StreamFace* opened, StreamFace** file) {
    *file = opened;
    return opened == nullptr ? error_number() : 0;
}

int fopen_s(StreamFace** file, const char* path, const char* mode) {
    return file == nullptr ? fail_with(EINVAL, EINVAL)
                           : answer_error(open_narrow(path, mode), file);
}
CRT_EXPORT(fopen_s, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

int _wfopen_s(StreamFace** file, LPCWSTR path, LPCWSTR mode) {
    return file == nullptr ? fail_with(EINVAL, EINVAL) : answer_error(_wfopen(path, mode), file);
}
CRT_EXPORT(_wfopen_s, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

StreamFace* reopen_narrow(const char* path, const char* mode, StreamFace* face) {
    if (path == nullptr || mode == nullptr) return fail_with<StreamFace*>(EINVAL, nullptr);
    return Stream::reopen(face, utf8_from_ansi(path), mode);
}
CRT_EXPORT_AS("freopen", in_crt, reopen_narrow, Coverage::partial, "ccs= modes fail with EINVAL");

StreamFace* _wfreopen(LPCWSTR path, LPCWSTR mode, StreamFace* face) {
    if (path == nullptr || mode == nullptr) return fail_with<StreamFace*>(EINVAL, nullptr);
    return Stream::reopen(face, utf8_from_wide(path), utf8_from_wide(mode));
}
CRT_EXPORT(_wfreopen, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

int freopen_s(StreamFace** file, const char* path, const char* mode, StreamFace* face) {
    if (file == nullptr) return fail_with(EINVAL, EINVAL);
    return answer_error(reopen_narrow(path, mode, face), file);
}
CRT_EXPORT(freopen_s, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

int _wfreopen_s(StreamFace** file, LPCWSTR path, LPCWSTR mode, StreamFace* face) {
    if (file == nullptr) return fail_with(EINVAL, EINVAL);
    return answer_error(_wfreopen(path, mode, face), file);
}
CRT_EXPORT(_wfreopen_s, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

StreamFace* _fdopen(int number, const char* mode) {
    return mode == nullptr ? fail_with<StreamFace*>(EINVAL, nullptr) : Stream::open(number, mode);
}
CRT_EXPORT(_fdopen, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

StreamFace* _wfdopen(int number, LPCWSTR mode) {
    return mode == nullptr ? fail_with<StreamFace*>(EINVAL, nullptr)
                           : Stream::open(number, utf8_from_wide(mode));
}
CRT_EXPORT(_wfdopen, in_crt, Coverage::partial, "ccs= modes fail with EINVAL");

int close_stream(StreamFace* face) { return Stream::close(face); }
CRT_EXPORT_AS("fclose", in_crt, close_stream);
int _fcloseall() { return Stream::close_all(); }
CRT_EXPORT(_fcloseall, in_crt);
int _flushall() { return Stream::flush_all(); }
CRT_EXPORT(_flushall, in_crt);

int flush_stream(StreamFace* face) {
    if (face == nullptr) {
        Stream::flush_all();
        return 0;
    }
    return with_stream(face, Stream::end, [](Stream& stream) { return stream.flush(); });
}
CRT_EXPORT_AS("fflush", in_crt, flush_stream);

int _fseeki64(StreamFace* face, LONGLONG offset, int origin) {
    return with_stream(face, -1, [&](Stream& stream) { return stream.seek(offset, origin); });
}
CRT_EXPORT(_fseeki64, in_crt);

int seek(StreamFace* face, LONG offset, int origin) { return _fseeki64(face, offset, origin); }
CRT_EXPORT_AS("fseek", in_crt, seek);

LONGLONG _ftelli64(StreamFace* face) {
    return with_stream(face, LONGLONG{-1}, [](Stream& stream) { return stream.tell(); });
}
CRT_EXPORT(_ftelli64, in_crt);

LONG tell(StreamFace* face) {
    const LONGLONG position = _ftelli64(face);
    return position > INT32_MAX ? fail_with(EINVAL, LONG{-1}) : static_cast<LONG>(position);
}
CRT_EXPORT_AS("ftell", in_crt, tell);

int get_position(StreamFace* face, LONGLONG* position) {
    const LONGLONG now = _ftelli64(face);
    if (now < 0 || position == nullptr) return fail_with(EINVAL, -1);
    *position = now;
    return 0;
}
CRT_EXPORT_AS("fgetpos", in_crt, get_position);

int set_position(StreamFace* face, const LONGLONG* position) {
    return position == nullptr ? fail_with(EINVAL, -1) : _fseeki64(face, *position, 0);
}
CRT_EXPORT_AS("fsetpos", in_crt, set_position);

void rewind_stream(StreamFace* face) {
    with_stream(face, 0, [](Stream& stream) { return stream.rewind(), 0; });
}
CRT_EXPORT_AS("rewind", in_crt, rewind_stream);

int _fileno(StreamFace* face) {
    return with_stream(face, -1, [](Stream& stream) { return stream.number(); });
}
CRT_EXPORT(_fileno, in_crt);

int is_at_end(StreamFace* face) { return face->flags & Stream::at_end_flag; }
CRT_EXPORT_AS("feof", in_crt, is_at_end);
int has_failed(StreamFace* face) { return face->flags & Stream::error_flag; }
CRT_EXPORT_AS("ferror", in_crt, has_failed);

void clear_errors(StreamFace* face) {
    with_stream(face, 0, [](Stream& stream) { return stream.clear_errors(), 0; });
}
CRT_EXPORT_AS("clearerr", in_crt, clear_errors);

int clearerr_s(StreamFace* face) {
    return with_stream(face, EINVAL, [](Stream& stream) { return stream.clear_errors(), 0; });
}
CRT_EXPORT(clearerr_s, in_crt);

// The driver's own buffer is not used: nothing may write to it after the driver forgot it.
int set_buffering(StreamFace* face, char*, int mode, SIZE_T size) {
    return with_stream(face, -1, [&](Stream& stream) { return stream.set_buffer(mode, size); });
}
CRT_EXPORT_AS("setvbuf", in_crt, set_buffering, Coverage::partial,
              "the size counts, the buffer is not used");

void set_buffer(StreamFace* face, char* buffer) {
    constexpr int fully = 0;
    constexpr int none = 4;
    set_buffering(face, buffer, buffer == nullptr ? none : fully, BUFSIZ);
}
CRT_EXPORT_AS("setbuf", in_crt, set_buffer, Coverage::partial,
              "the size counts, the buffer is not used");

StreamFace* standard_streams() { return Stream::standard(0); }
CRT_EXPORT_AS("__iob_func", in_crt, standard_streams);
StreamFace* standard_stream(unsigned index) { return Stream::standard(index); }
CRT_EXPORT_AS("__acrt_iob_func", in_crt, standard_stream);

void _lock_file(StreamFace* face) {
    if (const auto stream = Stream::find(face)) stream->mutex().lock();
}
CRT_EXPORT(_lock_file, in_crt);

void _unlock_file(StreamFace* face) {
    if (const auto stream = Stream::find(face)) stream->mutex().unlock();
}
CRT_EXPORT(_unlock_file, in_crt);

int _getmaxstdio() { return 512; }
CRT_EXPORT(_getmaxstdio, in_crt);
int _setmaxstdio(int) { return 512; }
CRT_EXPORT(_setmaxstdio, in_crt, Coverage::partial, "always 512");

}  // namespace

EXPORT_ADDRESS("_iob", in_crt, Stream::standard(0));

}  // namespace instdrv::winapi::crt
