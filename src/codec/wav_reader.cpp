#include "codec/wav_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "codec/riff.hpp"
#include "codec/wave_check.hpp"

namespace instdrv::codec {
namespace {

constexpr std::uint32_t largest_format = 64 * 1024;
constexpr int most_chunks = 10'000;  // recorders write a dozen

Error not_wav(std::string cause) {
    return format_error(std::move(cause), "Give a WAV file (RIFF or RF64)");
}

}  // namespace

// Follows the chunks until both the format and the sound are found.
class WavReader::Header {
public:
    explicit Header(ByteSource& source) : source_(source) {}

    Status read();

    std::optional<WaveFormat> format;
    std::optional<std::uint64_t> samples;
    std::optional<std::uint64_t> data_start;
    std::optional<std::uint64_t> data_size;  // nothing: to the end of the file
    std::vector<std::string> remarks;

private:
    // False at the end of the file.
    template <class Value>
    Result<bool> take(Value& value);
    Status read_container();
    Status read_chunk(const ChunkHeader& chunk);
    Status read_format(const ChunkHeader& chunk);
    Status read_fact(const ChunkHeader& chunk);
    Status read_ds64(const ChunkHeader& chunk);
    Status find_data(const ChunkHeader& chunk);
    Status pass(const ChunkHeader& chunk, std::uint64_t taken);
    [[nodiscard]] bool complete() const { return format && data_start; }
    // May looking on still find something worth it?
    [[nodiscard]] bool worth_going_on() const;
    [[nodiscard]] bool never_finished() const;

    ByteSource& source_;
    bool is_rf64_ = false;
    std::uint64_t riff_size_ = 0;
    std::optional<Ds64> ds64_;
};

template <class Value>
Result<bool> WavReader::Header::take(Value& value) {
    return source_.read(std::as_writable_bytes(std::span(&value, 1))).map([](std::size_t got) {
        return got == sizeof(Value);
    });
}

Status WavReader::Header::read_container() {
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

Status WavReader::Header::pass(const ChunkHeader& chunk, std::uint64_t taken) {
    const std::uint64_t padded = std::uint64_t{chunk.size} + chunk.size % 2;
    return source_.skip(padded - std::min(taken, padded));
}

Status WavReader::Header::read_format(const ChunkHeader& chunk) {
    if (format) return pass(chunk, 0);
    if (chunk.size > largest_format) {
        return failure(format_error(fmt::format("the format chunk has {} bytes", chunk.size)));
    }
    std::vector<std::byte> content(chunk.size);
    const auto got = source_.read(content);
    if (!got) return failure(got.error());
    if (*got < content.size()) {
        return failure(format_error("the file ends inside its format chunk"));
    }
    auto parsed = WaveFormat::parse(content, remarks);
    if (!parsed) return failure(parsed.error());
    format = *std::move(parsed);
    return pass(chunk, content.size());
}

Status WavReader::Header::read_fact(const ChunkHeader& chunk) {
    std::uint32_t count = 0;
    if (chunk.size < sizeof count || samples) return pass(chunk, 0);
    const auto there = take(count);
    if (!there) return failure(there.error());
    if (*there && count != unknown_size && count != 0) samples = count;
    return pass(chunk, sizeof count);
}

Status WavReader::Header::read_ds64(const ChunkHeader& chunk) {
    Ds64 sizes{};
    if (!is_rf64_ || ds64_ || chunk.size < sizeof sizes) return pass(chunk, 0);
    const auto there = take(sizes);
    if (!there) return failure(there.error());
    if (*there) {
        ds64_ = sizes;
        if (sizes.samples != 0) samples = sizes.samples;
    }
    return pass(chunk, sizeof sizes);
}

// A recorder writes the sizes when it stops; one that was cut off left what it began with.
bool WavReader::Header::never_finished() const {
    return riff_size_ == 0 || riff_size_ == unknown_size ||
           riff_size_ + sizeof(ChunkHeader) <= source_.position();
}

Status WavReader::Header::find_data(const ChunkHeader& chunk) {
    if (data_start) return pass(chunk, 0);
    if (!format && !source_.size()) {
        return failure(format_error("the sound comes before its format",
                                    "Read it from a file: a pipe cannot be read twice"));
    }
    data_start = source_.position();
    if (is_rf64_ && chunk.size == unknown_size && ds64_) {
        data_size = ds64_->data_size;
    } else if (chunk.size != unknown_size && (chunk.size != 0 || !never_finished())) {
        data_size = chunk.size;
    }
    if (data_size == std::uint64_t{0}) return failure(format_error("there is no sound in it"));
    if (complete() && !source_.size()) return {};
    return data_size ? source_.skip(*data_size + *data_size % 2) : source_.skip(UINT64_MAX / 2);
}

Status WavReader::Header::read_chunk(const ChunkHeader& chunk) {
    if (chunk.is("fmt ")) return read_format(chunk);
    if (chunk.is("fact")) return read_fact(chunk);
    if (chunk.is("ds64")) return read_ds64(chunk);
    if (chunk.is("data")) return find_data(chunk);
    return pass(chunk, 0);
}

bool WavReader::Header::worth_going_on() const {
    if (!complete()) return true;
    return source_.size() && !samples && !format->is_pcm();
}

Status WavReader::Header::read() {
    if (Status begun = read_container(); !begun) return begun;
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
    if (!format) return failure(format_error("there is no format chunk in it"));
    if (!data_start) return failure(format_error("there is no sound in it"));
    return source_.size() ? source_.seek(*data_start) : Status{};
}

Result<WavReader> WavReader::open(const std::filesystem::path& file) {
    auto source = ByteSource::open(file);
    if (!source) return failure(source.error());
    return from(*std::move(source));
}

Result<WavReader> WavReader::from(ByteSource source) {
    Header header(source);
    if (Status read = header.read(); !read) {
        Error error = read.error();
        if (error.driver.empty()) error.driver = source.name();
        return failure(std::move(error));
    }
    WavReader reader(std::move(source), *std::move(header.format));
    reader.samples_ = header.samples;
    reader.remarks_ = std::move(header.remarks);
    reader.promised_ = header.data_size;
    reader.data_bytes_ = header.data_size;
    if (const auto size = reader.source_.size()) {
        const std::uint64_t there = *size - *header.data_start;
        reader.data_bytes_ = std::min(there, header.data_size.value_or(there));
    }
    const auto empty = reader.source_.at_end();
    if (!empty) return failure(empty.error());
    if (*empty) {
        Error error = format_error("there is no sound in it");
        error.driver = reader.name();
        return failure(std::move(error));
    }
    return reader;
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
