// The questions to a parser process and its answers.
//
// Over the control socket, a packet each: the plan of its confinement, and its report of that; then
// again and again a question, with a descriptor of a file in the packet behind it, and the answer:
// its size, and the answer itself in pieces. Encoded numbers are little-endian, texts and lists
// have their length before them. A hostile file may have taken the parser over, so its answers are
// checked: an answer is not read beyond largest_answer, and decoding takes no more memory than a
// few times the answer's size.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codec/wav_header.hpp"
#include "parser/driver_file.hpp"

namespace instdrv::parser {

enum class Question : std::uint32_t {
    kind = 1,      // Result<image::Kind>
    driver = 2,    // Result<DriverFile>
    wav_file = 3,  // Result<codec::WavHeader>
    wav_pipe = 4,  // the same; read up to its sound
};

inline constexpr std::size_t largest_answer = std::size_t{8} << 20;
inline constexpr std::size_t largest_piece = std::size_t{32} << 10;
inline constexpr std::size_t largest_plan = std::size_t{64} << 10;

// What a parser ends with where it has no memory left.
inline constexpr int out_of_memory_status = 12;

// Of an Error its code, operation, cause, advice and system_code cross. What is longer than
// largest_answer becomes an Error that says so.
std::vector<std::byte> encode(const Result<image::Kind>& answer);
std::vector<std::byte> encode(const Result<DriverFile>& answer);
std::vector<std::byte> encode(const Result<codec::WavHeader>& answer);

// Nothing where the bytes are no such answer, and nothing but it.
std::optional<Result<image::Kind>> decode_kind(std::span<const std::byte> bytes);
std::optional<Result<DriverFile>> decode_driver(std::span<const std::byte> bytes);
std::optional<Result<codec::WavHeader>> decode_wav(std::span<const std::byte> bytes);

}  // namespace instdrv::parser
