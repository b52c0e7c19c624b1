#include "codec/wave_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace instdrv::codec {
namespace {

// KSDATAFORMAT_SUBTYPE_*: a format tag in the first two bytes, then always the same.
constexpr std::array<BYTE, 14> guid_of_tags = {0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80,
                                               0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71};

WORD extra_word(const WaveFormat& format, std::size_t offset) {
    WORD value = 0;
    std::memcpy(&value, format.extra().data() + offset, sizeof value);
    return value;
}

Status need_extra(const WaveFormat& format, std::size_t bytes) {
    if (format.extra().size() >= bytes) return {};
    return failure(
        format_error(fmt::format("{} needs {} extra bytes in its format chunk, {} are there",
                                 title_of_tag(format.tag()), bytes, format.extra().size())));
}

Status bad_block(const WaveFormat& format, std::size_t samples) {
    return failure(format_error(fmt::format("a block of {} bytes cannot hold {} samples of {}",
                                            format.block_align(), samples, format.text())));
}

// Samples of one channel in a block of 4-bit codes behind a header of `header` bytes per channel,
// which itself holds `in_header` samples.
std::size_t samples_of_nibbles(const WaveFormat& format, std::size_t header,
                               std::size_t in_header) {
    const std::size_t headers = header * format.channels();
    if (format.block_align() < headers) return 0;
    return (format.block_align() - headers) * 2 / format.channels() + in_header;
}

Status check_nibbles(const WaveFormat& format, std::size_t header, std::size_t in_header) {
    if (format.bits() != 4) {
        return failure(format_error(fmt::format("{} has 4 bits per sample, this file says {}",
                                                title_of_tag(format.tag()), format.bits())));
    }
    const std::size_t samples = extra_word(format, 0);
    if (samples < in_header || samples > samples_of_nibbles(format, header, in_header)) {
        return bad_block(format, samples);
    }
    return {};
}

Status check_adpcm(const WaveFormat& format) {
    if (Status there = need_extra(format, 4); !there) return there;
    const std::size_t coefficients = extra_word(format, 2);
    if (coefficients == 0) return failure(format_error("Microsoft ADPCM without coefficients"));
    if (Status there = need_extra(format, 4 + 4 * coefficients); !there) return there;
    return check_nibbles(format, 7, 2);
}

Status check_ima(const WaveFormat& format) {
    if (Status there = need_extra(format, 2); !there) return there;
    return check_nibbles(format, 4, 1);
}

Status check_gsm(const WaveFormat& format) {
    constexpr std::size_t block = 65;
    constexpr std::size_t samples = 320;
    if (Status there = need_extra(format, 2); !there) return there;
    const std::size_t blocks = format.block_align() / block;
    if (blocks == 0 || format.block_align() % block != 0 ||
        extra_word(format, 0) != blocks * samples) {
        return bad_block(format, extra_word(format, 0));
    }
    return {};
}

Status check_law(const WaveFormat& format) {
    if (format.block_align() != format.channels() || format.bits() != 8) {
        return bad_block(format, 1);
    }
    return {};
}

void set_byte_rate(WaveFormat& format, DWORD rate, std::vector<std::string>& remarks) {
    remarks.push_back(fmt::format("its byte rate is {}, not {}", rate, format.bytes_per_second()));
    format.header()->nAvgBytesPerSec = rate;
}

// Where each block holds so many samples the byte rate follows, and drivers refuse another one. How
// it is rounded is up to who wrote it.
Status mend_byte_rate(WaveFormat& format, std::size_t samples, std::vector<std::string>& remarks) {
    const std::uint64_t exact = std::uint64_t{format.rate()} * format.block_align() / samples;
    if (exact > UINT32_MAX) {
        return failure(format_error(fmt::format("{} bytes per second", exact)));
    }
    const std::uint64_t given = format.bytes_per_second();
    const std::uint64_t tolerance = exact / 50 + 1;
    if (given + tolerance < exact || given > exact + tolerance) {
        set_byte_rate(format, static_cast<DWORD>(exact), remarks);
    }
    return {};
}

// Drivers divide by what follows from the byte rate, which many writers of MP3 leave at 0.
Status mend_mp3(WaveFormat& format, std::vector<std::string>& remarks) {
    constexpr DWORD fastest_sampling = 48'000;
    constexpr DWORD lowest_rate = 1'000;    // 8 kbit/s
    constexpr DWORD highest_rate = 80'000;  // 640 kbit/s
    constexpr DWORD usual_rate = 16'000;    // 128 kbit/s
    constexpr std::size_t extra_size = sizeof(MPEGLAYER3WAVEFORMAT) - sizeof(WAVEFORMATEX);
    if (Status there = need_extra(format, extra_size); !there) return there;
    if (format.rate() > fastest_sampling || format.channels() > 2) {
        return failure(format_error("there is no such MPEG layer 3: " + format.text()));
    }
    const DWORD rate = format.bytes_per_second();
    if (rate < lowest_rate || rate > highest_rate) {
        set_byte_rate(format, usual_rate, remarks);
    }
    return {};
}

Status check_known(WaveFormat& format, std::vector<std::string>& remarks) {
    const auto mend = [&] { return mend_byte_rate(format, extra_word(format, 0), remarks); };
    switch (format.tag()) {
        case WAVE_FORMAT_ADPCM: return check_adpcm(format).and_then(mend);
        case WAVE_FORMAT_IMA_ADPCM: return check_ima(format).and_then(mend);
        case WAVE_FORMAT_GSM610: return check_gsm(format).and_then(mend);
        case WAVE_FORMAT_ALAW:
        case WAVE_FORMAT_MULAW:
            return check_law(format).and_then([&] { return mend_byte_rate(format, 1, remarks); });
        case WAVE_FORMAT_MPEGLAYER3: return mend_mp3(format, remarks);
        case WAVE_FORMAT_EXTENSIBLE:
            return need_extra(format, sizeof(WAVEFORMATEXTENSIBLE) - sizeof(WAVEFORMATEX));
        default: return {};
    }
}

Status mend_pcm(WaveFormat& format, std::vector<std::string>& remarks) {
    if (format.bits() == 0 || format.bits() > 64) {
        return failure(format_error(fmt::format("PCM with {} bits per sample", format.bits())));
    }
    const std::size_t block = std::size_t{format.channels()} * ((format.bits() + 7) / 8);
    if (block > UINT16_MAX) {
        return failure(format_error(
            fmt::format("PCM with {} channels of {} bits", format.channels(), format.bits())));
    }
    if (format.block_align() != block) {
        remarks.push_back(fmt::format("its block size is {}, not {}", block, format.block_align()));
        format.header()->nBlockAlign = static_cast<WORD>(block);
    }
    return mend_byte_rate(format, 1, remarks);
}

}  // namespace

Error format_error(std::string cause, std::string advice) {
    return {.code = ErrorCode::invalid_argument,
            .operation = "read",
            .driver = {},
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

bool is_plain_extensible(const WaveFormat& format) {
    if (format.tag() != WAVE_FORMAT_EXTENSIBLE || format.size() < sizeof(WAVEFORMATEXTENSIBLE)) {
        return false;
    }
    const auto* wide = reinterpret_cast<const WAVEFORMATEXTENSIBLE*>(format.header());
    const WORD valid = wide->wValidBitsPerSample;
    return wide->SubFormat[0] == WAVE_FORMAT_PCM && wide->SubFormat[1] == 0 &&
           std::ranges::equal(guid_of_tags, std::span(wide->SubFormat).subspan(2)) &&
           format.channels() <= 2 && format.bits() <= 16 && (valid == 0 || valid == format.bits());
}

Status check_and_mend(WaveFormat& format, std::vector<std::string>& remarks) {
    if (format.channels() == 0) return failure(format_error("the format has 0 channels"));
    if (format.rate() == 0) return failure(format_error("the format has a sample rate of 0 Hz"));
    if (format.is_pcm()) return mend_pcm(format, remarks);
    if (format.block_align() == 0) return failure(format_error("the format has a block size of 0"));
    if (Status known = check_known(format, remarks); !known) return known;
    if (format.bytes_per_second() == 0) {
        const DWORD guess = std::max<DWORD>(format.rate() / 8 * format.channels(), 1);
        set_byte_rate(format, guess, remarks);
    }
    return {};
}

}  // namespace instdrv::codec
