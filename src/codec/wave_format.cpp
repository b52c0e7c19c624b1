#include "codec/wave_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/wave_check.hpp"

namespace instdrv::codec {
namespace {

struct TagName {
    WORD tag;
    std::string_view name;
    std::string_view title;
};

constexpr std::array<TagName, 14> tag_table = {{
    {WAVE_FORMAT_PCM, "pcm", "PCM"},
    {WAVE_FORMAT_ADPCM, "adpcm", "Microsoft ADPCM"},
    {WAVE_FORMAT_IEEE_FLOAT, "float", "IEEE float"},
    {WAVE_FORMAT_ALAW, "alaw", "CCITT A-law"},
    {WAVE_FORMAT_MULAW, "mulaw", "CCITT µ-law"},
    {WAVE_FORMAT_IMA_ADPCM, "ima-adpcm", "IMA ADPCM"},
    {WAVE_FORMAT_DSPGROUP_TRUESPEECH, "truespeech", "DSP Group TrueSpeech"},
    {WAVE_FORMAT_GSM610, "gsm610", "GSM 6.10"},
    {WAVE_FORMAT_MSG723, "g723", "Microsoft G.723.1"},
    {WAVE_FORMAT_MPEG, "mpeg", "MPEG-1 layer 1 or 2"},
    {WAVE_FORMAT_MPEGLAYER3, "mp3", "MPEG layer 3"},
    {WAVE_FORMAT_MSAUDIO1, "wma1", "Windows Media Audio 1"},
    {WAVE_FORMAT_WMAUDIO2, "wma2", "Windows Media Audio 2"},
    {WAVE_FORMAT_EXTENSIBLE, "extensible", "extensible"},
}};

const TagName* find_tag(WORD tag) {
    const auto found = std::ranges::find(tag_table, tag, &TagName::tag);
    return found == tag_table.end() ? nullptr : found;
}

std::string channel_text(WORD channels) {
    if (channels == 1) return "mono";
    if (channels == 2) return "stereo";
    return fmt::format("{} channels", channels);
}

}  // namespace

std::string name_of_tag(WORD tag) {
    const TagName* known = find_tag(tag);
    return known != nullptr ? std::string(known->name) : fmt::format("0x{:04X}", tag);
}

std::string title_of_tag(WORD tag) {
    const TagName* known = find_tag(tag);
    return known != nullptr ? std::string(known->title) : fmt::format("format 0x{:04X}", tag);
}

std::optional<WORD> parse_tag(std::string_view text) {
    const auto named = std::ranges::find_if(
        tag_table, [text](const TagName& known) { return equals_ignoring_case(known.name, text); });
    if (named != tag_table.end()) return named->tag;
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
    }
    WORD tag = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, tag, base);
    if (error != std::errc() || stop != end) return std::nullopt;
    return tag;
}

std::string tag_names() {
    std::string names;
    for (const TagName& known : tag_table) {
        if (!names.empty()) names += ", ";
        names += known.name;
    }
    return names;
}

WaveFormat WaveFormat::pcm(WORD channels, DWORD rate, WORD bits) {
    WaveFormat format(sizeof(WAVEFORMATEX));
    const auto block = static_cast<WORD>(channels * (bits / 8));
    *format.header() = {WAVE_FORMAT_PCM, channels, rate, rate * block, block, bits, 0};
    return format;
}

WaveFormat WaveFormat::blank(WORD tag, std::size_t extra) {
    WaveFormat format(sizeof(WAVEFORMATEX) + extra);
    format.header()->wFormatTag = tag;
    format.header()->cbSize = static_cast<WORD>(std::min<std::size_t>(extra, UINT16_MAX));
    return format;
}

Result<WaveFormat> WaveFormat::parse(std::span<const std::byte> chunk,
                                     std::vector<std::string>& remarks) {
    constexpr std::size_t shortest = 16;
    if (chunk.size() < shortest) {
        return failure(
            format_error(fmt::format("the format chunk has {} bytes and cannot have fewer than {}",
                                     chunk.size(), shortest)));
    }
    WaveFormat format(sizeof(WAVEFORMATEX));
    std::memcpy(format.header(), chunk.data(), std::min(chunk.size(), sizeof(WAVEFORMATEX)));
    const std::size_t present = chunk.size() - std::min(chunk.size(), sizeof(WAVEFORMATEX));
    std::size_t extra = format.tag() == WAVE_FORMAT_PCM ? 0 : format.header()->cbSize;
    if (extra > present) {
        remarks.push_back(
            fmt::format("the format announces {} extra bytes, {} are there", extra, present));
        extra = present;
    }
    format.bytes_.resize(sizeof(WAVEFORMATEX) + extra);
    std::ranges::copy(chunk.subspan(chunk.size() - present, extra),
                      format.bytes_.begin() + sizeof(WAVEFORMATEX));
    format.header()->cbSize = static_cast<WORD>(extra);
    if (is_plain_extensible(format)) {
        format.bytes_.resize(sizeof(WAVEFORMATEX));
        format.header()->wFormatTag = WAVE_FORMAT_PCM;
        format.header()->cbSize = 0;
    }
    if (Status sound = check_and_mend(format, remarks); !sound) return failure(sound.error());
    return format;
}

std::span<const std::byte> WaveFormat::extra() const noexcept {
    return std::span(bytes_).subspan(sizeof(WAVEFORMATEX),
                                     std::min(used(), bytes_.size()) - sizeof(WAVEFORMATEX));
}

void WaveFormat::fit() {
    if (is_pcm()) header()->cbSize = 0;
    header()->cbSize = static_cast<WORD>(extra().size());
    bytes_.resize(used());
}

std::span<const std::byte> WaveFormat::chunk() const noexcept {
    constexpr std::size_t without_extra_size = 16;
    return std::span(bytes_).first(is_pcm() ? without_extra_size : std::min(used(), bytes_.size()));
}

std::string WaveFormat::text() const {
    std::string out =
        fmt::format("{}, {} Hz, {}", title_of_tag(tag()), rate(), channel_text(channels()));
    if (bits() != 0) out += fmt::format(", {} bits", bits());
    return out;
}

bool operator==(const WaveFormat& a, const WaveFormat& b) noexcept {
    return std::ranges::equal(a.chunk(), b.chunk());
}

}  // namespace instdrv::codec
