// Reads and writes a FILE one character at a time, in either width, for the functions of stdio.
#pragma once

#include <cerrno>

#include "winapi/crt/printf.hpp"
#include "winapi/crt/scanf.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {

// Runs `action(stream)` while no other thread uses the stream; `failure` and EINVAL if it is none.
template <class Answer, class Action>
Answer with_stream(const StreamFace* face, Answer failure, Action action) {
    const auto stream = Stream::find(face);
    if (stream == nullptr) return fail_with(EINVAL, failure);
    const std::lock_guard lock(stream->mutex());
    return action(*stream);
}

// Wide characters are two bytes in a binary stream and narrowed in a text stream.
// https://learn.microsoft.com/cpp/c-runtime-library/unicode-stream-i-o-in-text-and-binary-modes
// Both answer the code or Stream::end.
template <class Char>
int get_from(Stream& stream);
template <class Char>
int put_to(Stream& stream, Char c);
template <class Char>
int unget_to(Stream& stream, int c);

template <class Char>
class StreamOutput final : public Output<Char> {
public:
    explicit StreamOutput(Stream& stream) noexcept : stream_(stream) {}
    void write(std::basic_string_view<Char> text) override;
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    Stream& stream_;
    bool failed_ = false;
};

template <class Char>
class StreamInput final : public Input<Char> {
public:
    explicit StreamInput(Stream& stream) : stream_(stream), next_(get_from<Char>(stream)) {}
    ~StreamInput() override { unget_to<Char>(stream_, next_); }
    StreamInput(const StreamInput&) = delete;
    StreamInput& operator=(const StreamInput&) = delete;
    int peek() override { return next_; }
    void advance() override { next_ = get_from<Char>(stream_); }

private:
    Stream& stream_;
    int next_;
};

// fprintf and fscanf.
template <class Char>
int print_to(const StreamFace* face, const PrintfOptions& options, const Char* format,
             Arguments arguments);
template <class Char>
int scan_from(const StreamFace* face, const ScanfOptions& options, const Char* format,
              Arguments arguments);

}  // namespace instdrv::winapi::crt
