// A wave format as a value: a WAVEFORMATEX with the extra bytes behind it.
#pragma once

#include <instdrv/acm.h>
#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::codec {

// A format tag as people write it: "adpcm", "ima-adpcm", "mp3"; "0x0161" for one without a name.
std::string name_of_tag(WORD tag);
// What it stands for: "Microsoft ADPCM"; "format 0x0161" for an unknown one.
std::string title_of_tag(WORD tag);
// A name (any case) or a number, decimal or 0x hexadecimal.
std::optional<WORD> parse_tag(std::string_view text);
// All names, for --help: "pcm, adpcm, ...".
std::string tag_names();

class WaveFormat {
public:
    // Integer PCM. bits: of one sample, a multiple of 8.
    static WaveFormat pcm(WORD channels, DWORD rate, WORD bits);
    // A header, to be filled in by a driver, with room for `extra` bytes.
    static WaveFormat blank(WORD tag, std::size_t extra);
    // The content of a "fmt " chunk, 16 bytes and more. What can be put right is, and `remarks`
    // says so: extra bytes that are not there, PCM block sizes and byte rates that do not follow
    // from the rest, a byte rate of 0. Extensible PCM with nothing special becomes plain PCM. An
    // Error is what would make no sense or would lead a driver astray: 0 channels, rate or block
    // size, extra bytes that the format cannot do without, samples per block that do not fit the
    // block.
    static Result<WaveFormat> parse(std::span<const std::byte> chunk,
                                    std::vector<std::string>& remarks);

    [[nodiscard]] WORD tag() const noexcept { return header()->wFormatTag; }
    [[nodiscard]] WORD channels() const noexcept { return header()->nChannels; }
    [[nodiscard]] DWORD rate() const noexcept { return header()->nSamplesPerSec; }
    [[nodiscard]] DWORD bytes_per_second() const noexcept { return header()->nAvgBytesPerSec; }
    [[nodiscard]] WORD block_align() const noexcept { return header()->nBlockAlign; }
    [[nodiscard]] WORD bits() const noexcept { return header()->wBitsPerSample; }
    [[nodiscard]] std::span<const std::byte> extra() const noexcept;
    [[nodiscard]] bool is_pcm() const noexcept { return tag() == WAVE_FORMAT_PCM; }

    // The structure itself, for messages. size(): all bytes that are there, at least 18.
    [[nodiscard]] const WAVEFORMATEX* header() const noexcept {
        return reinterpret_cast<const WAVEFORMATEX*>(bytes_.data());
    }
    [[nodiscard]] WAVEFORMATEX* header() noexcept {
        return reinterpret_cast<WAVEFORMATEX*>(bytes_.data());
    }
    [[nodiscard]] DWORD size() const noexcept { return static_cast<DWORD>(bytes_.size()); }
    // Drops bytes beyond cbSize, after a driver filled in a blank one.
    void fit();

    // The content of a "fmt " chunk: 16 bytes for PCM, 18 + cbSize for others.
    [[nodiscard]] std::span<const std::byte> chunk() const noexcept;
    // "Microsoft ADPCM, 22050 Hz, mono, 4 bits"
    [[nodiscard]] std::string text() const;

private:
    explicit WaveFormat(std::size_t size) : bytes_(size) {}
    [[nodiscard]] std::size_t used() const noexcept {
        return sizeof(WAVEFORMATEX) + header()->cbSize;
    }

    std::vector<std::byte> bytes_;
};

bool operator==(const WaveFormat& a, const WaveFormat& b) noexcept;

}  // namespace instdrv::codec
