#include "codec/wav_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "codec/wave_check.hpp"

namespace instdrv::codec {
namespace {

constexpr std::size_t most_remarks = 64;  // there are not so many kinds

Error about(const ByteSource& source, Error error) {
    error.driver = source.name();
    return error;
}

Error not_its_header() {
    return {.code = ErrorCode::broken,
            .operation = "read",
            .cause = "what was read of its header cannot be so",
            .advice = "The file was changed meanwhile, or took over the process that read it"};
}

// The format, where it is one that WaveFormat::parse has put right already.
std::optional<WaveFormat> format_of(const WavHeader& header) {
    std::vector<std::string> doubts;
    auto format = WaveFormat::parse(header.format, doubts);
    const bool is_right =
        format && doubts.empty() && std::ranges::equal(format->chunk(), header.format);
    return is_right ? std::optional(*std::move(format)) : std::nullopt;
}

// Whether the sound begins in the file.
bool fits(const WavHeader& header, const ByteSource& source) {
    const auto size = source.size();
    return (!size || header.data_start <= *size) && header.data_size != std::uint64_t{0} &&
           header.remarks.size() <= most_remarks;
}

}  // namespace

Result<WavReader> WavReader::from(ByteSource source, WavHeader header) {
    auto format = format_of(header);
    if (!format || !fits(header, source)) return failure(about(source, not_its_header()));
    if (source.size()) {
        if (Status there = source.seek(header.data_start); !there) return failure(there.error());
    }
    const auto empty = source.at_end();
    if (!empty) return failure(empty.error());
    if (*empty) return failure(about(source, format_error("there is no sound in it")));
    return WavReader(std::move(source), *std::move(format), std::move(header));
}

WavReader::WavReader(ByteSource source, WaveFormat format, WavHeader header)
    : source_(std::move(source)),
      format_(std::move(format)),
      data_bytes_(header.data_size),
      promised_(header.data_size),
      samples_(header.samples),
      remarks_(std::move(header.remarks)) {
    if (const auto size = source_.size()) {
        const std::uint64_t there = *size - header.data_start;
        data_bytes_ = std::min(there, header.data_size.value_or(there));
    }
}

void WavReader::end_here() {
    data_bytes_ = read_;
    if (promised_.value_or(0) <= read_) return;
    remarks_.push_back(fmt::format("the sound ends early, bytes missing: {}", *promised_ - read_));
    promised_.reset();
}

Result<std::size_t> WavReader::read(std::span<std::byte> out) {
    if (data_bytes_) {
        out = out.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), *data_bytes_ - read_)));
    }
    const auto got = source_.read(out);
    if (!got) return failure(got.error());
    read_ += *got;
    if (*got < out.size() || data_bytes_ == read_) end_here();
    return *got;
}

Result<bool> WavReader::at_end() {
    if (data_bytes_ == read_) return true;
    auto end = source_.at_end();
    if (end && *end) end_here();
    return end;
}

}  // namespace instdrv::codec
