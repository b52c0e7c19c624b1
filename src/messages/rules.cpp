#include "messages/rules.hpp"

#include <instdrv/acm.h>
#include <instdrv/vfw.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace instdrv::messages {
namespace {

constexpr std::uint64_t largest_image = std::uint64_t{1} << 31;
constexpr std::uint32_t largest_header = 64 * 1024;
// Room for whatever format a driver writes before it is asked how large it is.
constexpr std::uint64_t format_room = 4096;

Error nonsense(std::string cause) {
    return {.code = ErrorCode::invalid_argument,
            .operation = "read a message's parameters",
            .cause = std::move(cause)};
}

template <class T>
T structure_in(std::span<const std::byte> bytes) noexcept {
    T structure{};
    std::memcpy(&structure, bytes.data(), std::min(bytes.size(), sizeof structure));
    return structure;
}

Result<Extent> with_head(std::uint64_t address, std::size_t size, const ClientMemory& client) {
    Extent extent;
    extent.head_size = size;
    if (Status got = client.read(address, std::span(extent.head).first(size)); !got) {
        return failure(got.error());
    }
    return extent;
}

Result<Extent> of_length(std::uint64_t length) {
    Extent extent;
    extent.length = length;
    return extent;
}

Result<Extent> wave_format(std::uint64_t address, const ClientMemory& client) {
    constexpr std::size_t without_size = offsetof(WAVEFORMATEX, cbSize);
    auto extent = with_head(address, without_size, client);
    if (!extent) return extent;
    extent->length = without_size;
    extent->room = sizeof(WAVEFORMATEX);
    if (structure_in<WAVEFORMATEX>(extent->head).wFormatTag == WAVE_FORMAT_PCM) return extent;
    const auto rest = std::span(extent->head).subspan(without_size, sizeof(WORD));
    if (Status got = client.read(address + without_size, rest); !got) return failure(got.error());
    extent->head_size = sizeof(WAVEFORMATEX);
    extent->length = sizeof(WAVEFORMATEX) + structure_in<WAVEFORMATEX>(extent->head).cbSize;
    return extent;
}

Result<Extent> wave_filter(std::uint64_t address, const ClientMemory& client) {
    auto extent = with_head(address, sizeof(DWORD), client);
    if (!extent) return extent;
    extent->length = structure_in<WAVEFILTER>(extent->head).cbStruct;
    if (extent->length < sizeof(WAVEFILTER) || extent->length > largest_header) {
        return failure(nonsense(
            fmt::format("the WAVEFILTER at {:#x} says it has {} bytes", address, extent->length)));
    }
    return extent;
}

Result<Extent> dib_format(std::uint64_t address, const ClientMemory& client) {
    auto extent = with_head(address, dib_header_size, client);
    if (!extent) return extent;
    const auto size = dib_format_size(extent->head);
    if (!size) {
        return failure(nonsense(fmt::format("what lies at {:#x} is no BITMAPINFOHEADER", address)));
    }
    extent->length = *size;
    return extent;
}

Result<Extent> dib_format_wanted(const LengthScope& scope) {
    const auto answered = scope.answered.find(scope.message);
    const std::uint32_t known = answered == scope.answered.end() ? 0 : answered->second;
    Extent extent;
    extent.length = std::clamp<std::uint32_t>(known, dib_header_size, largest_header);
    extent.room = std::max(extent.length, format_room);
    return extent;
}

// By the rules for device-independent bitmaps: rows of whole 32-bit words.
// https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapinfoheader
std::optional<std::uint64_t> uncompressed_size(const BITMAPINFOHEADER& format) noexcept {
    const auto width = static_cast<std::int64_t>(format.biWidth);
    if (width < 0) return std::nullopt;
    const auto row = (static_cast<std::uint64_t>(width) * format.biBitCount + 31) / 32 * 4;
    const auto rows =
        static_cast<std::uint64_t>(std::abs(static_cast<std::int64_t>(format.biHeight)));
    if (rows != 0 && row > largest_image / rows) return std::nullopt;
    return row * rows;
}

bool is_uncompressed(const BITMAPINFOHEADER& format) noexcept {
    return format.biCompression == BI_RGB || format.biCompression == BI_BITFIELDS;
}

Result<std::optional<BITMAPINFOHEADER>> format_at(std::string_view field,
                                                  const LengthScope& scope) {
    const std::uint64_t address = scope.siblings.value_of(field).value_or(0);
    if (address == 0) return std::nullopt;
    const auto head = with_head(address, dib_header_size, scope.client);
    if (!head) return failure(head.error());
    return structure_in<BITMAPINFOHEADER>(head->head);
}

Result<Extent> picture(const BITMAPINFOHEADER& format) {
    const auto size = uncompressed_size(format);
    if (size) return of_length(*size);
    return failure(nonsense(fmt::format("a picture of {} by {} with {} bits is no picture",
                                        format.biWidth, format.biHeight, format.biBitCount)));
}

Result<Extent> image(const Length& length, const LengthScope& scope) {
    const auto format = format_at(length.of, scope);
    if (!format) return failure(format.error());
    if (!*format) return of_length(0);
    if (is_uncompressed(**format)) return picture(**format);
    const bool stated = (*format)->biSizeImage != 0 || length.rule == LengthRule::frame;
    return stated ? of_length((*format)->biSizeImage) : picture(**format);
}

// The driver has room for the whole picture in any case: one that does not look at biSizeImage is
// not to write over its neighbours in the shared memory.
Result<Extent> compressed_frame(const Length& length, const LengthScope& scope) {
    const auto format = format_at(length.used_of, scope);
    if (!format) return failure(format.error());
    const auto source = format_at(length.of, scope);
    if (!source) return failure(source.error());
    const auto answered = scope.answered.find(ICM_COMPRESS_GET_SIZE);
    const std::uint64_t known = answered == scope.answered.end() ? 0 : answered->second;
    const std::uint64_t stated = *format ? (*format)->biSizeImage : 0;
    const std::uint64_t whole = *source ? uncompressed_size(**source).value_or(0) : 0;
    Extent extent;
    extent.length = known != 0 ? known : stated != 0 ? stated : whole;
    extent.room = std::max(extent.length, whole);
    return extent;
}

Result<Extent> by_rule(const Length& length, std::uint64_t address, const LengthScope& scope) {
    switch (length.rule) {
        case LengthRule::none: return of_length(0);
        case LengthRule::fixed: return of_length(length.bytes);
        case LengthRule::sibling:
            return of_length(scope.siblings.value_of(length.of).value_or(0) & 0xFFFFFFFF);
        case LengthRule::wave_format: return wave_format(address, scope.client);
        case LengthRule::wave_filter: return wave_filter(address, scope.client);
        case LengthRule::dib_format: return dib_format(address, scope.client);
        case LengthRule::dib_format_wanted: return dib_format_wanted(scope);
        case LengthRule::dib_palette_wanted: return of_length(dib_header_size + 256 * 4);
        case LengthRule::image:
        case LengthRule::frame: return image(length, scope);
        case LengthRule::compressed_frame: return compressed_frame(length, scope);
    }
    return of_length(0);
}

}  // namespace

std::optional<std::uint64_t> Siblings::value_of(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) return values[i];
    }
    return std::nullopt;
}

Result<Extent> extent_of(const Length& length, std::uint64_t address, const LengthScope& scope) {
    auto extent = by_rule(length, address, scope);
    if (extent) extent->room = std::max(extent->room, extent->length);
    return extent;
}

std::optional<std::uint64_t> dib_format_size(std::span<const std::byte> header) noexcept {
    const auto format = structure_in<BITMAPINFOHEADER>(header);
    if (format.biSize < dib_header_size || format.biSize > largest_header) return std::nullopt;
    constexpr std::uint32_t most_colours = 256;
    std::uint32_t colours = std::min(format.biClrUsed, most_colours);
    if (format.biBitCount != 0 && format.biBitCount <= 8) {
        const std::uint32_t all = 1u << format.biBitCount;
        colours = format.biClrUsed == 0 ? all : std::min(colours, all);
    }
    const bool masks = format.biCompression == BI_BITFIELDS && format.biSize == dib_header_size;
    return format.biSize + (masks ? 3 * sizeof(DWORD) : 0) + colours * sizeof(DWORD);
}

std::uint32_t image_size_in(std::span<const std::byte> header) noexcept {
    return structure_in<BITMAPINFOHEADER>(header).biSizeImage;
}

}  // namespace instdrv::messages
