#include "codec/convert.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace instdrv::codec {
namespace {

// The driver has looked at what it was asked and does not do that.
bool is_refusal(const Error& error) {
    if (error.code != ErrorCode::invalid_argument && error.code != ErrorCode::unsupported) {
        return false;
    }
    return error.system_code == MMSYSERR_INVALPARAM || error.system_code == MMSYSERR_NOTSUPPORTED ||
           error.system_code == ACMERR_NOTPOSSIBLE;
}

class Conversion {
public:
    Conversion(WavReader& reader, AcmStream& stream, WavWriter& writer)
        : reader_(reader), stream_(stream), writer_(writer) {}

    // Whole blocks as long as there is sound to read, then what is left of the last one.
    Result<ConversionReport> run(const ConversionProgress& progress) {
        while (!ended_) {
            if (Status filled = fill(); !filled) return failure(filled.error());
            if (Status done = convert_some(); !done) return failure(done.error());
            if (progress) progress(report_.bytes_in + held_);
        }
        if (Status done = drain(); !done) return failure(done.error());
        report_.left_over = held_;
        return report_;
    }

private:
    Status fill() {
        const auto got = reader_.read(stream_.input().subspan(held_));
        if (!got) return failure(got.error());
        held_ += *got;
        const auto end = reader_.at_end();
        if (!end) return failure(end.error());
        ended_ = *end;
        return {};
    }

    Status convert_some() {
        if (ended_) return {};
        const auto moved = step(ACM_STREAMCONVERTF_BLOCKALIGN);
        if (!moved) return failure(moved.error());
        if (!*moved && held_ == stream_.input().size()) {
            return failure(trouble(
                fmt::format("the driver takes nothing of a full buffer, {} bytes into the sound",
                            report_.bytes_in),
                "The file may be damaged there"));
        }
        return {};
    }

    // Drivers may keep sound back, more than their buffers hold, and give it out when there is
    // nothing more to take. Others refuse a conversion of nothing: then there was nothing kept.
    Status drain() {
        for (int round = 0; round < most_rounds; ++round) {
            const auto moved = step(ACM_STREAMCONVERTF_END);
            if (!moved && held_ == 0 && is_refusal(moved.error())) return {};
            if (!moved) return failure(moved.error());
            if (!*moved) return {};
        }
        return failure(trouble("the driver does not stop giving out sound", "It is broken"));
    }

    // False when the driver neither took nor gave anything.
    Result<bool> step(DWORD flags) {
        if (first_) flags |= ACM_STREAMCONVERTF_START;
        first_ = false;
        const auto converted = stream_.convert(held_, flags);
        if (!converted) return failure(converted.error());
        if (Status written = writer_.write(converted->output); !written) {
            return failure(written.error());
        }
        const auto input = stream_.input();
        std::copy(input.begin() + static_cast<std::ptrdiff_t>(converted->used),
                  input.begin() + static_cast<std::ptrdiff_t>(held_), input.begin());
        held_ -= converted->used;
        report_.bytes_in += converted->used;
        report_.bytes_out += converted->output.size();
        return converted->used != 0 || !converted->output.empty();
    }

    [[nodiscard]] Error trouble(std::string cause, std::string advice) const {
        return {.code = ErrorCode::broken,
                .operation = "convert",
                .driver = reader_.name(),
                .cause = std::move(cause),
                .advice = std::move(advice),
                .system_code = 0};
    }

    static constexpr int most_rounds = 100'000;

    WavReader& reader_;
    AcmStream& stream_;
    WavWriter& writer_;
    ConversionReport report_;
    std::size_t held_ = 0;  // bytes in the stream's input
    bool first_ = true;
    bool ended_ = false;  // the reader has no more
};

std::uint64_t samples_of(const WavReader& reader, std::uint64_t bytes) {
    const WaveFormat& format = reader.format();
    if (format.is_pcm()) return bytes / format.block_align();
    const double seconds = static_cast<double>(bytes) / format.bytes_per_second();
    return reader.samples().value_or(static_cast<std::uint64_t>(seconds * format.rate()));
}

}  // namespace

std::uint64_t most_output(const WaveFormat& source, const WaveFormat& destination,
                          std::uint64_t bytes) {
    const double growth = static_cast<double>(destination.bytes_per_second()) /
                          static_cast<double>(source.bytes_per_second());
    return static_cast<std::uint64_t>(4 * growth * static_cast<double>(bytes));
}

Result<ConversionReport> convert(WavReader& reader, const AcmDriver& driver,
                                 const WaveFormat& format, WavWriter& writer,
                                 const ConversionProgress& progress) {
    auto stream = driver.open_stream(reader.format(), format);
    if (!stream) return failure(stream.error());
    auto report = Conversion(reader, *stream, writer).run(progress);
    if (!report) return failure(report.error());
    if (report->bytes_out == 0) {
        return failure({.code = ErrorCode::broken,
                        .operation = "convert",
                        .driver = reader.name(),
                        .cause = "the driver makes no sound of it",
                        .advice = "It may be too short or damaged",
                        .system_code = 0});
    }
    if (Status done = writer.finish(samples_of(reader, report->bytes_in)); !done) {
        return failure(done.error());
    }
    return report;
}

}  // namespace instdrv::codec
