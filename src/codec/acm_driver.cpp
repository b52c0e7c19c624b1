#include "codec/acm_driver.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/acm_error.hpp"

namespace instdrv::codec {
namespace {

// A driver says how many tags and formats it has; no real one comes near this.
constexpr DWORD most_entries = 4096;

// Text in a fixed field, which a careless driver may have left without its end.
template <std::size_t size>
std::string field_text(const WCHAR (&field)[size]) {
    const auto* end = std::find(field, field + size, u'\0');
    return to_utf8(std::u16string_view(field, static_cast<std::size_t>(end - field)));
}

LPARAM address(auto& structure) { return reinterpret_cast<LPARAM>(&structure); }

AcmFormatTag described(const ACMFORMATTAGDETAILSW& raw) {
    return {.tag = static_cast<WORD>(raw.dwFormatTag),
            .name = field_text(raw.szFormatTag),
            .format_size = raw.cbFormatSize,
            .support = raw.fdwSupport,
            .standard_formats = raw.cStandardFormats};
}

bool keeps(const WaveFormat& format, const WantedFormat& wanted) {
    return format.tag() == wanted.tag &&
           format.channels() == wanted.channels.value_or(format.channels()) &&
           format.rate() == wanted.rate.value_or(format.rate()) &&
           format.bits() == wanted.bits.value_or(format.bits());
}

std::string extra_text(const WantedFormat& wanted) {
    std::string out = title_of_tag(wanted.tag);
    if (wanted.rate) out += fmt::format(", {} Hz", *wanted.rate);
    if (wanted.channels) out += fmt::format(", {} channels", *wanted.channels);
    if (wanted.bits) out += fmt::format(", {} bits", *wanted.bits);
    return out;
}

}  // namespace

std::string version_text(DWORD version) {
    const DWORD build = version & 0xFFFF;
    std::string text = fmt::format("{}.{}", version >> 24, version >> 16 & 0xFF);
    if (build != 0) text += fmt::format(".{}", build);
    return text;
}

std::vector<std::string> support_names(DWORD flags) {
    constexpr std::pair<DWORD, const char*> names[] = {
        {ACMDRIVERDETAILS_SUPPORTF_CODEC, "codec"},
        {ACMDRIVERDETAILS_SUPPORTF_CONVERTER, "converter"},
        {ACMDRIVERDETAILS_SUPPORTF_FILTER, "filter"},
        {ACMDRIVERDETAILS_SUPPORTF_HARDWARE, "hardware"},
        {ACMDRIVERDETAILS_SUPPORTF_ASYNC, "async"},
    };
    std::vector<std::string> out;
    for (const auto& [flag, name] : names) {
        if ((flags & flag) != 0) out.emplace_back(name);
    }
    return out;
}

Status AcmDriver::send(const char* operation, UINT message, LPARAM lparam1, LPARAM lparam2) const {
    const auto answer = send_(message, lparam1, lparam2);
    if (!answer) return failure(answer.error());
    if (*answer == MMSYSERR_NOERROR) return {};
    return failure(acm_error(operation, name_, static_cast<MMRESULT>(*answer)));
}

Result<AcmDetails> AcmDriver::details() const {
    ACMDRIVERDETAILSW raw{};
    raw.cbStruct = sizeof raw;
    const Status asked = send("ask the details of", ACMDM_DRIVER_DETAILS, address(raw), 0);
    if (!asked) return failure(asked.error());
    return AcmDetails{.short_name = field_text(raw.szShortName),
                      .long_name = field_text(raw.szLongName),
                      .copyright = field_text(raw.szCopyright),
                      .licensing = field_text(raw.szLicensing),
                      .features = field_text(raw.szFeatures),
                      .manufacturer = raw.wMid,
                      .product = raw.wPid,
                      .acm_version = raw.vdwACM,
                      .driver_version = raw.vdwDriver,
                      .support = raw.fdwSupport,
                      .format_tags = raw.cFormatTags,
                      .filter_tags = raw.cFilterTags};
}

Result<std::vector<AcmFormatTag>> AcmDriver::format_tags() const {
    const auto known = details();
    if (!known) return failure(known.error());
    std::vector<AcmFormatTag> tags;
    for (DWORD index = 0; index < std::min(known->format_tags, most_entries); ++index) {
        ACMFORMATTAGDETAILSW raw{};
        raw.cbStruct = sizeof raw;
        raw.dwFormatTagIndex = index;
        const Status asked = send("ask a format tag of", ACMDM_FORMATTAG_DETAILS, address(raw),
                                  ACM_FORMATTAGDETAILSF_INDEX);
        if (!asked) return failure(asked.error());
        tags.push_back(described(raw));
    }
    return tags;
}

Result<AcmFormatTag> AcmDriver::format_tag(WORD tag) const {
    ACMFORMATTAGDETAILSW raw{};
    raw.cbStruct = sizeof raw;
    raw.dwFormatTag = tag;
    const Status asked = send("ask a format tag of", ACMDM_FORMATTAG_DETAILS, address(raw),
                              ACM_FORMATTAGDETAILSF_FORMATTAG);
    if (!asked) return failure(asked.error());
    return described(raw);
}

Result<std::vector<AcmFormat>> AcmDriver::formats(const AcmFormatTag& tag) const {
    std::vector<AcmFormat> found;
    for (DWORD index = 0; index < std::min(tag.standard_formats, most_entries); ++index) {
        const DWORD size = std::clamp<DWORD>(tag.format_size, sizeof(WAVEFORMATEX), UINT16_MAX);
        AcmFormat entry{WaveFormat::blank(tag.tag, size - sizeof(WAVEFORMATEX)), {}};
        ACMFORMATDETAILSW raw{};
        raw.cbStruct = sizeof raw;
        raw.dwFormatIndex = index;
        raw.dwFormatTag = tag.tag;
        raw.pwfx = entry.format.header();
        raw.cbwfx = entry.format.size();
        const Status asked =
            send("ask a format of", ACMDM_FORMAT_DETAILS, address(raw), ACM_FORMATDETAILSF_INDEX);
        if (!asked) return failure(asked.error());
        entry.format.fit();
        entry.name = field_text(raw.szFormat);
        found.push_back(std::move(entry));
    }
    return found;
}

Result<WaveFormat> AcmDriver::suggest(const WaveFormat& source, const WantedFormat& wanted) const {
    const auto tag = format_tag(wanted.tag);
    if (!tag) return failure(tag.error());
    const DWORD size = std::clamp<DWORD>(tag->format_size, sizeof(WAVEFORMATEX), UINT16_MAX);
    WaveFormat from = source;
    WaveFormat to = WaveFormat::blank(wanted.tag, size - sizeof(WAVEFORMATEX));
    to.header()->nChannels = wanted.channels.value_or(0);
    to.header()->nSamplesPerSec = wanted.rate.value_or(0);
    to.header()->wBitsPerSample = wanted.bits.value_or(0);
    DWORD given = ACM_FORMATSUGGESTF_WFORMATTAG;
    if (wanted.channels) given |= ACM_FORMATSUGGESTF_NCHANNELS;
    if (wanted.rate) given |= ACM_FORMATSUGGESTF_NSAMPLESPERSEC;
    if (wanted.bits) given |= ACM_FORMATSUGGESTF_WBITSPERSAMPLE;
    auto suggestion = make<FormatSuggestion>(layout_);
    std::visit(
        [&](auto& raw) {
            raw.fdwSuggest = given;
            raw.pwfxSrc = from.header();
            raw.cbwfxSrc = from.size();
            raw.pwfxDst = to.header();
            raw.cbwfxDst = to.size();
        },
        suggestion);
    const Status asked = send("ask a format of", ACMDM_FORMAT_SUGGEST, parameter(suggestion), 0);
    if (!asked) return failure(asked.error());
    to.fit();
    return to;
}

Status AcmDriver::query(const WaveFormat& source, const WaveFormat& destination) const {
    return AcmStream::query({.driver = name_,
                             .layout = layout_,
                             .send = send_,
                             .take_buffer = take_buffer_,
                             .source = source,
                             .destination = destination});
}

std::vector<AcmFormat> AcmDriver::possible_formats(const WaveFormat& source,
                                                   const WantedFormat& wanted) const {
    const auto tag = format_tag(wanted.tag);
    if (!tag) return {};
    auto candidates = formats(*tag);
    if (!candidates) return {};
    std::erase_if(*candidates, [&](const AcmFormat& candidate) {
        return !keeps(candidate.format, wanted) || !query(source, candidate.format);
    });
    std::ranges::stable_sort(*candidates, std::ranges::greater{}, [&](const AcmFormat& candidate) {
        return std::tuple(candidate.format.rate() == source.rate(),
                          candidate.format.channels() == source.channels(),
                          candidate.format.bits());
    });
    return *std::move(candidates);
}

Result<WaveFormat> AcmDriver::choose(const WaveFormat& source, const WantedFormat& wanted) const {
    WantedFormat like_source = wanted;
    like_source.channels = wanted.channels.value_or(source.channels());
    like_source.rate = wanted.rate.value_or(source.rate());
    for (const WantedFormat& wish : {like_source, wanted}) {
        auto format = suggest(source, wish);
        if (format && keeps(*format, wanted) && query(source, *format)) return format;
    }
    const auto possible = possible_formats(source, wanted);
    if (!possible.empty()) return possible.front().format;

    Error error = acm_error("convert with", name_, ACMERR_NOTPOSSIBLE);
    error.cause = fmt::format("the driver cannot turn {} into {} (ACMERR_NOTPOSSIBLE)",
                              source.text(), extra_text(wanted));
    const auto others = possible_formats(source, {.tag = wanted.tag});
    if (!others.empty()) {
        error.advice = "It could make " + others.front().format.text();
    } else if (converts_back(source, wanted.tag)) {
        error.advice = "It only converts the other way";
    }
    return failure(std::move(error));
}

bool AcmDriver::converts_back(const WaveFormat& source, WORD tag) const {
    const auto known = format_tag(tag);
    if (!known) return false;
    const auto candidates = formats(*known);
    return candidates && std::ranges::any_of(*candidates, [&](const AcmFormat& candidate) {
               return query(candidate.format, source).has_value();
           });
}

Result<AcmStream> AcmDriver::open_stream(const WaveFormat& source, const WaveFormat& destination,
                                         std::uint32_t buffer_bytes) const {
    return AcmStream::open({.driver = name_,
                            .layout = layout_,
                            .send = send_,
                            .take_buffer = take_buffer_,
                            .source = source,
                            .destination = destination,
                            .buffer_bytes = buffer_bytes});
}

}  // namespace instdrv::codec
