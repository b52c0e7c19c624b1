#include "fake_codec.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace instdrv::test {
namespace {

constexpr std::size_t plain_block = 3;
constexpr std::size_t coded_block = 4;

template <class Structure>
Structure& at(LPARAM address) {
    return *reinterpret_cast<Structure*>(address);
}

void put_text(WCHAR* field, std::u16string_view text) {
    std::ranges::copy(text, field);
    field[text.size()] = 0;
}

LRESULT details(ACMDRIVERDETAILSW& out) {
    if (out.cbStruct != sizeof out) return MMSYSERR_INVALPARAM;
    out.fdwSupport = ACMDRIVERDETAILS_SUPPORTF_CODEC;
    out.cFormatTags = 2;
    out.vdwDriver = 0x01020003;
    std::ranges::fill(out.szLongName, u'x');  // no end: clients must not read on
    put_text(out.szShortName, u"Fäke");
    return MMSYSERR_NOERROR;
}

LRESULT tag_details(ACMFORMATTAGDETAILSW& out, LPARAM given) {
    if (given == ACM_FORMATTAGDETAILSF_INDEX) {
        if (out.dwFormatTagIndex > 1) return MMSYSERR_INVALPARAM;
        out.dwFormatTag = out.dwFormatTagIndex == 0 ? WAVE_FORMAT_PCM : fake_tag;
    }
    if (out.dwFormatTag != WAVE_FORMAT_PCM && out.dwFormatTag != fake_tag)
        return ACMERR_NOTPOSSIBLE;
    out.cbFormatSize = out.dwFormatTag == WAVE_FORMAT_PCM ? 16 : 20;
    out.cStandardFormats = 2;
    return MMSYSERR_NOERROR;
}

codec::WaveFormat format_of(DWORD tag, DWORD rate) {
    return tag == WAVE_FORMAT_PCM ? codec::WaveFormat::pcm(1, rate, 8) : fake_format(rate);
}

LRESULT format_details(ACMFORMATDETAILSW& out) {
    const auto format = format_of(out.dwFormatTag, out.dwFormatIndex == 0 ? 11025 : 8000);
    std::memcpy(out.pwfx, format.header(), std::min(out.cbwfx, format.size()));
    put_text(out.szFormat, u"standard");
    return MMSYSERR_NOERROR;
}

template <class Instance>
bool possible(const Instance& instance) {
    const bool packed = std::is_same_v<Instance, ACMDRVSTREAMINSTANCE>;
    return instance.cbStruct == (packed ? 68 : 72) &&
           instance.pwfxSrc->nSamplesPerSec == instance.pwfxDst->nSamplesPerSec &&
           instance.pwfxSrc->wFormatTag + instance.pwfxDst->wFormatTag ==
               WAVE_FORMAT_PCM + fake_tag;
}

}  // namespace

codec::WaveFormat fake_format(DWORD rate) {
    auto format = codec::WaveFormat::blank(fake_tag, 2);
    *format.header() = {fake_tag, 1, rate, rate * 4 / 3, coded_block, 0, 2};
    return format;
}

codec::AcmDriver FakeCodec::driver() {
    return {"fake.acm", layout,
            [this](UINT message, LPARAM lparam1, LPARAM lparam2) -> Result<LRESULT> {
                messages.push_back(message);
                if (message == ACMDM_STREAM_CONVERT && death_of_nothing &&
                    at<ACMDRVSTREAMHEADER>(lparam2).cbSrcLength == 0) {
                    return failure(*death_of_nothing);
                }
                return answer(message, lparam1, lparam2);
            }};
}

LRESULT FakeCodec::suggest(LPARAM lparam1) const {
    const auto fill = [](auto& request) -> LRESULT {
        const DWORD rate = (request.fdwSuggest & ACM_FORMATSUGGESTF_NSAMPLESPERSEC) != 0
                               ? request.pwfxDst->nSamplesPerSec
                               : request.pwfxSrc->nSamplesPerSec;
        if (rate != request.pwfxSrc->nSamplesPerSec) return ACMERR_NOTPOSSIBLE;
        const auto format = format_of(request.pwfxDst->wFormatTag, rate);
        std::memcpy(request.pwfxDst, format.header(), std::min(request.cbwfxDst, format.size()));
        return MMSYSERR_NOERROR;
    };
    return layout == codec::AcmLayout::packed ? fill(at<ACMDRVFORMATSUGGEST>(lparam1))
                                              : fill(at<codec::NaturalFormatSuggestion>(lparam1));
}

LRESULT FakeCodec::open(LPARAM lparam1) {
    const auto accept = [this](const auto& instance) -> LRESULT {
        if (!possible(instance)) return ACMERR_NOTPOSSIBLE;
        if ((instance.fdwOpen & ACM_STREAMOPENF_QUERY) != 0) return MMSYSERR_NOERROR;
        encodes_ = instance.pwfxSrc->wFormatTag == WAVE_FORMAT_PCM;
        ++open_streams_;
        return MMSYSERR_NOERROR;
    };
    return layout == codec::AcmLayout::packed ? accept(at<ACMDRVSTREAMINSTANCE>(lparam1))
                                              : accept(at<codec::NaturalStreamInstance>(lparam1));
}

void FakeCodec::code(const std::byte* source, std::size_t size, bool last) {
    const std::size_t step = encodes_ ? plain_block : coded_block;
    for (std::size_t i = 0; i < size; i += step) {
        const std::size_t count = std::min(step, size - i);
        if (count < step && !last) return;
        if (encodes_) kept_.push_back(fake_mark);
        kept_.insert(kept_.end(), source + i + (encodes_ ? 0 : 1), source + i + count);
        if (encodes_) kept_.resize(kept_.size() + step - count);
    }
}

LRESULT FakeCodec::convert(ACMDRVSTREAMHEADER& header) {
    convert_flags.push_back(header.fdwConvert);
    if (header.cbSrcLength == 0 && answer_to_nothing != MMSYSERR_NOERROR) return answer_to_nothing;
    if (takes_nothing) return MMSYSERR_NOERROR;
    const bool last = (header.fdwConvert & ACM_STREAMCONVERTF_BLOCKALIGN) == 0;
    const DWORD step = encodes_ ? plain_block : coded_block;
    // A decoder takes whole blocks only, an encoder what is left of the last one too.
    const DWORD used = last && encodes_ ? header.cbSrcLength : header.cbSrcLength / step * step;
    code(reinterpret_cast<const std::byte*>(header.pbSrc), used, last);
    const std::size_t most = keeps_sound_back ? 1 : header.cbDstLength;
    const std::size_t given = std::min(most, kept_.size());
    std::ranges::copy_n(kept_.begin(), static_cast<std::ptrdiff_t>(given),
                        reinterpret_cast<std::byte*>(header.pbDst));
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(given));
    header.cbSrcLengthUsed = used + lies_about_source;
    header.cbDstLengthUsed = static_cast<DWORD>(given) + lies_about_destination;
    return MMSYSERR_NOERROR;
}

LRESULT FakeCodec::answer(UINT message, LPARAM lparam1, LPARAM lparam2) {
    switch (message) {
        case ACMDM_DRIVER_DETAILS: return details(at<ACMDRIVERDETAILSW>(lparam1));
        case ACMDM_FORMATTAG_DETAILS:
            return tag_details(at<ACMFORMATTAGDETAILSW>(lparam1), lparam2);
        case ACMDM_FORMAT_DETAILS: return format_details(at<ACMFORMATDETAILSW>(lparam1));
        case ACMDM_FORMAT_SUGGEST: return suggest(lparam1);
        case ACMDM_STREAM_OPEN: return open(lparam1);
        case ACMDM_STREAM_CLOSE: return --open_streams_ == 0 ? MMSYSERR_NOERROR : MMSYSERR_ERROR;
        case ACMDM_STREAM_SIZE:
            at<ACMDRVSTREAMSIZE>(lparam2).cbDstLength =
                at<ACMDRVSTREAMSIZE>(lparam2).cbSrcLength * 2 + lies_about_size;
            return MMSYSERR_NOERROR;
        case ACMDM_STREAM_PREPARE:
            prepared_ = knows_prepare;
            return knows_prepare ? MMSYSERR_NOERROR : MMSYSERR_NOTSUPPORTED;
        case ACMDM_STREAM_UNPREPARE: prepared_ = false; return MMSYSERR_NOERROR;
        case ACMDM_STREAM_CONVERT: return convert(at<ACMDRVSTREAMHEADER>(lparam2));
        default: return MMSYSERR_NOTSUPPORTED;
    }
}

}  // namespace instdrv::test
