// The rules for the lengths of buffers whose length no number beside them gives.
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "messages/declaration.hpp"
#include "messages/memory.hpp"

namespace instdrv::messages {

// The numbers and pointers beside a buffer, as the client has them: the fields of its structure,
// or the two parameters, which are called lParam1 and lParam2.
struct Siblings {
    std::span<const Field> fields;
    std::span<const std::uint64_t> values;

    std::optional<std::uint64_t> value_of(std::string_view name) const noexcept;
};

// Sizes a driver answered, by message (Remember).
using AnsweredSizes = std::map<UINT, std::uint32_t>;

struct LengthScope {
    UINT message;
    const Siblings& siblings;
    const ClientMemory& client;
    const AnsweredSizes& answered;
};

inline constexpr std::size_t dib_header_size = 40;  // BITMAPINFOHEADER

// The bytes of a buffer in the client's memory, and how many the driver is given for them, which
// can be more. `head` is what was read to find out and must not be read again.
struct Extent {
    std::uint64_t length = 0;
    std::uint64_t room = 0;
    std::array<std::byte, dib_header_size> head{};
    std::size_t head_size = 0;
};

// The length of the buffer at `address`, which is not null. Errors: invalid_argument.
//
// compressed_frame is the last answer to ICM_COMPRESS_GET_SIZE; where there is none, biSizeImage of
// the output format, and where that is 0, the size of the uncompressed picture. A client's buffer
// must have that many bytes. The answer comes first because biSizeImage holds the size of the frame
// before if a client does not set it again.
Result<Extent> extent_of(const Length& length, std::uint64_t address, const LengthScope& scope);

// Bytes that a format in a buffer of a driver's needs, by its first 40 bytes; nothing if they make
// no sense.
std::optional<std::uint64_t> dib_format_size(std::span<const std::byte> header) noexcept;
std::uint32_t image_size_in(std::span<const std::byte> header) noexcept;  // biSizeImage

}  // namespace instdrv::messages
