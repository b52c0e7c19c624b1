#include "codec/wav_header.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "codec/byte_source.hpp"
#include "codec/riff.hpp"
#include "codec/wave_check.hpp"
#include "codec/wave_format.hpp"

namespace instdrv::codec {
namespace {

constexpr std::uint32_t largest_format = 64 * 1024;
constexpr int most_chunks = 10'000;  // recorders write a dozen

Error not_wav(std::string cause) {
    return format_error(std::move(cause), "Give a WAV file (RIFF or RF64)");
}

// Follows the chunks until both the format and the sound are found.
class HeaderReader {
public:
    explicit HeaderReader(ByteSource& source) : source_(source) {}
    Result<WavHeader> read();

private:
    // False at the end of the file.
    template <class Value>
    Result<bool> take(Value& value);
    Status read_container();
    Status read_chunks();
    Status read_chunk(const ChunkHeader& chunk);
    Status read_format(const ChunkHeader& chunk);
    Status read_fact(const ChunkHeader& chunk);
    Status read_ds64(const ChunkHeader& chunk);
    Status find_data(const ChunkHeader& chunk);
    Status pass(const ChunkHeader& chunk, std::uint64_t taken);
    [[nodiscard]] bool complete() const { return format_ && data_start_; }
    // May looking on still find something worth it?
    [[nodiscard]] bool worth_going_on() const;
    [[nodiscard]] bool never_finished() const;

    ByteSource& source_;
    bool is_rf64_ = false;
    std::uint64_t riff_size_ = 0;
    std::optional<Ds64> ds64_;
    std::optional<WaveFormat> format_;
    std::optional<std::uint64_t> data_start_;
    WavHeader header_;
};

template <class Value>
Result<bool> HeaderReader::take(Value& value) {
    return source_.read(std::as_writable_bytes(std::span(&value, 1))).map([](std::size_t got) {
        return got == sizeof(Value);
    });
}

Status HeaderReader::read_container() {
    struct {
        ChunkHeader riff;
        ChunkName form;
    } start{};
    const auto there = take(start);
    if (!there) return failure(there.error());
    if (!*there) return failure(not_wav("the file ends inside its first 12 bytes"));
    const std::string_view form(start.form.data(), start.form.size());
    if (start.riff.is("RIFX")) return failure(not_wav("this is a big-endian WAV file (RIFX)"));
    is_rf64_ = start.riff.is("RF64") || start.riff.is("BW64");
    if (!is_rf64_ && !start.riff.is("RIFF")) return failure(not_wav("this is no WAV file"));
    if (form != "WAVE") {
        return failure(
            not_wav(fmt::format("this is a RIFF file, but no WAV file: it holds '{}'", form)));
    }
    riff_size_ = start.riff.size;
    return {};
}

Status HeaderReader::pass(const ChunkHeader& chunk, std::uint64_t taken) {
    const std::uint64_t padded = std::uint64_t{chunk.size} + chunk.size % 2;
    return source_.skip(padded - std::min(taken, padded));
}

Status HeaderReader::read_format(const ChunkHeader& chunk) {
    if (format_) return pass(chunk, 0);
    if (chunk.size > largest_format) {
        return failure(format_error(fmt::format("the format chunk has {} bytes", chunk.size)));
    }
    std::vector<std::byte> content(chunk.size);
    const auto got = source_.read(content);
    if (!got) return failure(got.error());
    if (*got < content.size()) {
        return failure(format_error("the file ends inside its format chunk"));
    }
    auto parsed = WaveFormat::parse(content, header_.remarks);
    if (!parsed) return failure(parsed.error());
    format_ = *std::move(parsed);
    return pass(chunk, content.size());
}

Status HeaderReader::read_fact(const ChunkHeader& chunk) {
    std::uint32_t count = 0;
    if (chunk.size < sizeof count || header_.samples) return pass(chunk, 0);
    const auto there = take(count);
    if (!there) return failure(there.error());
    if (*there && count != unknown_size && count != 0) header_.samples = count;
    return pass(chunk, sizeof count);
}

Status HeaderReader::read_ds64(const ChunkHeader& chunk) {
    Ds64 sizes{};
    if (!is_rf64_ || ds64_ || chunk.size < sizeof sizes) return pass(chunk, 0);
    const auto there = take(sizes);
    if (!there) return failure(there.error());
    if (*there) {
        ds64_ = sizes;
        if (sizes.samples != 0) header_.samples = sizes.samples;
    }
    return pass(chunk, sizeof sizes);
}

// A recorder writes the sizes when it stops; one that was cut off left what it began with.
bool HeaderReader::never_finished() const {
    return riff_size_ == 0 || riff_size_ == unknown_size ||
           riff_size_ + sizeof(ChunkHeader) <= source_.position();
}

Status HeaderReader::find_data(const ChunkHeader& chunk) {
    if (data_start_) return pass(chunk, 0);
    if (!format_ && !source_.size()) {
        return failure(format_error("the sound comes before its format",
                                    "Read it from a file: a pipe cannot be read twice"));
    }
    data_start_ = source_.position();
    if (is_rf64_ && chunk.size == unknown_size && ds64_) {
        header_.data_size = ds64_->data_size;
    } else if (chunk.size != unknown_size && (chunk.size != 0 || !never_finished())) {
        header_.data_size = chunk.size;
    }
    if (header_.data_size == std::uint64_t{0})
        return failure(format_error("there is no sound in it"));
    if (complete() && !source_.size()) return {};
    const auto& size = header_.data_size;
    return source_.skip(size ? *size + *size % 2 : UINT64_MAX / 2);
}

Status HeaderReader::read_chunk(const ChunkHeader& chunk) {
    if (chunk.is("fmt ")) return read_format(chunk);
    if (chunk.is("fact")) return read_fact(chunk);
    if (chunk.is("ds64")) return read_ds64(chunk);
    if (chunk.is("data")) return find_data(chunk);
    return pass(chunk, 0);
}

bool HeaderReader::worth_going_on() const {
    if (!complete()) return true;
    return source_.size() && !header_.samples && !format_->is_pcm();
}

Status HeaderReader::read_chunks() {
    for (int count = 0; worth_going_on(); ++count) {
        if (count == most_chunks) {
            if (complete()) break;
            return failure(format_error(fmt::format("it has more than {} chunks", most_chunks)));
        }
        ChunkHeader chunk{};
        const auto there = take(chunk);
        if (!there) return failure(there.error());
        if (!*there) break;
        if (Status done = read_chunk(chunk); !done) return done;
    }
    return {};
}

Result<WavHeader> HeaderReader::read() {
    if (Status begun = read_container(); !begun) return failure(begun.error());
    if (Status followed = read_chunks(); !followed) return failure(followed.error());
    if (!format_) return failure(format_error("there is no format chunk in it"));
    if (!data_start_) return failure(format_error("there is no sound in it"));
    header_.format.assign(format_->chunk().begin(), format_->chunk().end());
    header_.data_start = *data_start_;
    return std::move(header_);
}

}  // namespace

Result<WavHeader> read_wav_header(ByteSource& source) { return HeaderReader(source).read(); }

}  // namespace instdrv::codec
