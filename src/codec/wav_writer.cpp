#include "codec/wav_writer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "codec/riff.hpp"

namespace instdrv::codec {
namespace {

constexpr std::uint64_t junk_at = 12;     // behind "RIFF", size, "WAVE"
constexpr std::size_t header_room = 128;  // for all but the format

void append_chunk(std::vector<std::byte>& bytes, std::string_view name,
                  std::span<const std::byte> content) {
    append(bytes, name);
    append(bytes, static_cast<std::uint32_t>(content.size()));
    bytes.insert(bytes.end(), content.begin(), content.end());
    if (content.size() % 2 != 0) bytes.push_back({});
}

std::span<const std::byte> bytes_of(const auto& value) {
    return std::as_bytes(std::span(&value, 1));
}

}  // namespace

Result<WavWriter> WavWriter::create(OutputFile file, const WaveFormat& format,
                                    std::optional<std::uint64_t> most_bytes,
                                    std::uint64_t riff_limit) {
    WavWriter writer(std::move(file));
    writer.riff_limit_ = riff_limit;
    const std::uint64_t header = header_room + format.chunk().size();
    const bool may_grow = !most_bytes || header >= riff_limit || *most_bytes > riff_limit - header;
    writer.has_junk_ = writer.file_.patchable() && may_grow;
    if (Status written = writer.write_header(format); !written) {
        return failure(written.error());
    }
    return writer;
}

Status WavWriter::write_header(const WaveFormat& format) {
    std::vector<std::byte> header;
    append(header, std::string_view("RIFF"));
    append(header, unknown_size);
    append(header, std::string_view("WAVE"));
    if (has_junk_) append_chunk(header, "JUNK", bytes_of(Ds64{}));
    append_chunk(header, "fmt ", format.chunk());
    if (!format.is_pcm()) {
        append_chunk(header, "fact", bytes_of(unknown_size));
        fact_at_ = header.size() - sizeof unknown_size;
    }
    append(header, std::string_view("data"));
    append(header, unknown_size);
    data_at_ = header.size();
    return file_.write(header);
}

bool WavWriter::fits_riff() const noexcept {
    return data_at_ + bytes_ + bytes_ % 2 - sizeof(ChunkHeader) < riff_limit_;
}

Status WavWriter::write(std::span<const std::byte> sound) {
    bytes_ += sound.size();
    if (!fits_riff() && !has_junk_ && file_.patchable()) {
        return failure({.code = ErrorCode::io,
                        .operation = "write",
                        .driver = file_.target().string(),
                        .cause = "the file grows over the 4 GiB that its header can say",
                        .advice = "Convert from a pipe: then room for a larger size is kept",
                        .system_code = 0});
    }
    return file_.write(sound);
}

Status WavWriter::patch_sizes_rf64(std::uint64_t whole, std::uint64_t samples) {
    std::vector<std::byte> ds64;
    append_chunk(ds64, "ds64", bytes_of(Ds64{whole - sizeof(ChunkHeader), bytes_, samples, 0}));
    if (Status done = file_.patch(junk_at, ds64); !done) return done;
    return file_.patch(0, std::as_bytes(std::span("RF64", 4)));
}

Status WavWriter::patch_sizes(std::uint64_t whole, std::uint64_t samples) {
    const auto riff = static_cast<std::uint32_t>(whole - sizeof(ChunkHeader));
    const auto data = static_cast<std::uint32_t>(bytes_);
    const auto fact = static_cast<std::uint32_t>(samples);
    if (Status done = file_.patch(4, bytes_of(riff)); !done) return done;
    if (Status done = file_.patch(data_at_ - sizeof data, bytes_of(data)); !done) return done;
    return fact_at_ == 0 ? Status{} : file_.patch(fact_at_, bytes_of(fact));
}

Status WavWriter::finish(std::uint64_t samples) {
    if (file_.patchable()) {
        constexpr std::byte padding{};
        const std::size_t pad = bytes_ % 2;
        if (Status done = file_.write(std::span(&padding, pad)); !done) return done;
        const std::uint64_t whole = data_at_ + bytes_ + pad;
        Status patched =
            fits_riff() ? patch_sizes(whole, samples) : patch_sizes_rf64(whole, samples);
        if (!patched) return patched;
    }
    return file_.commit();
}

}  // namespace instdrv::codec
