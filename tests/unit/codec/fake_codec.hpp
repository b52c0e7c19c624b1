// An ACM driver of a few lines, behind the seam that AcmDriver sends through.
//
// It codes three bytes of 8-bit mono PCM as a block of four: 0xB0 and the three. A last block that
// is not full is filled up with zeros.
#pragma once

#include <instdrv/acm.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "codec/acm_driver.hpp"

namespace instdrv::test {

constexpr WORD fake_tag = 0x4321;
constexpr std::byte fake_mark{0xB0};

// The formats it speaks, at 8000 and 11025 Hz.
codec::WaveFormat fake_format(DWORD rate = 8000);

class FakeCodec {
public:
    codec::AcmLayout layout = codec::AcmLayout::packed;
    bool knows_prepare = true;
    bool keeps_sound_back = false;  // gives out one byte per conversion, the rest afterwards
    bool takes_nothing = false;
    // What becomes of a conversion of no bytes, by which the end is asked for.
    LRESULT answer_to_nothing = MMSYSERR_NOERROR;
    std::optional<Error> death_of_nothing;
    DWORD lies_about_source = 0;  // added to cbSrcLengthUsed
    DWORD lies_about_destination = 0;
    DWORD lies_about_size = 0;

    std::vector<UINT> messages;        // all it got
    std::vector<DWORD> convert_flags;  // of each conversion

    codec::AcmDriver driver();

private:
    LRESULT answer(UINT message, LPARAM lparam1, LPARAM lparam2);
    LRESULT suggest(LPARAM lparam1) const;
    LRESULT open(LPARAM lparam1);
    LRESULT convert(ACMDRVSTREAMHEADER& header);
    void code(const std::byte* source, std::size_t size, bool last);

    bool encodes_ = false;
    bool prepared_ = false;
    int open_streams_ = 0;
    std::vector<std::byte> kept_;
};

}  // namespace instdrv::test
