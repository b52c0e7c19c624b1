// One conversion through an ACM driver, with its buffers.
#pragma once

#include <instdrv/acm.h>
#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "codec/acm_layout.hpp"
#include "codec/wave_format.hpp"

namespace instdrv::codec {

// How messages reach the driver: Driver::send for an open instance, anything in tests.
using AcmSend = std::function<Result<LRESULT>(UINT message, LPARAM lparam1, LPARAM lparam2)>;

// The source of a stream's buffers: Driver::take_buffer for an open instance, so that they reach a
// worker without being copied. If it is empty, buffers come from the heap.
using AcmTakeBuffer = std::function<Result<std::shared_ptr<std::byte>>(std::size_t size)>;

// The result of one conversion.
struct Converted {
    std::size_t used = 0;               // bytes taken from the start of input()
    std::span<const std::byte> output;  // what they became; valid until the next conversion
};

// Move-only; destroying it unprepares the buffers and closes the stream.
class AcmStream {
public:
    struct Request {
        std::string driver;  // for errors
        AcmLayout layout = AcmLayout::packed;
        AcmSend send;
        AcmTakeBuffer take_buffer;
        WaveFormat source;
        WaveFormat destination;
        std::uint32_t buffer_bytes = 0;
    };
    static Result<AcmStream> open(Request request);
    AcmStream(AcmStream&&) noexcept;
    AcmStream& operator=(AcmStream&&) noexcept;
    ~AcmStream();

    // Asks whether the conversion is possible, without opening it.
    static Status query(Request request);

    // Where the source goes: at least buffer_bytes, made a multiple of its block size.
    [[nodiscard]] std::span<std::byte> input() noexcept;

    // Converts the first `length` bytes of input(). flags: ACM_STREAMCONVERTF_*.
    Result<Converted> convert(std::size_t length, DWORD flags);

private:
    class State;
    explicit AcmStream(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

}  // namespace instdrv::codec
