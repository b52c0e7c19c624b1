// The two layouts in which 64-bit ACM drivers expect two of the structures they are sent.
//
// Windows' msacmdrv.h packs to one byte, and so does <instdrv/acm.h>. The drivers that come with
// Wine are built without packing: where pointers have 8 bytes, the pointers of the stream instance
// and of a format suggestion lie at multiples of 8. (Seen by giving Wine's msacm32 a driver of ours
// that records what it is sent: it says 72 and 40 bytes where Windows' header says 68 and 32.) Both
// layouts are the same on i386, and all other structures are the same in both, the description of
// an opening but for 4 bytes at its end.
//
// Wine's own DLLs carry the words "Wine builtin DLL" after their MS-DOS header; every other driver
// is taken for one built with Windows' headers.
#pragma once

#include <instdrv/acm.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <variant>

namespace instdrv::codec {

enum class AcmLayout { packed, natural };

// By the first bytes of a driver file (96 are enough).
AcmLayout layout_of(std::span<const std::byte> file_start) noexcept;
// packed for a file that cannot be read.
AcmLayout layout_of(const std::filesystem::path& file);

struct NaturalOpenDescription {
    DWORD cbStruct;
    FOURCC fccType;
    FOURCC fccComp;
    DWORD dwVersion;
    DWORD dwFlags;
    DWORD dwError;
    LPCWSTR pszSectionName;
    LPCWSTR pszAliasName;
    DWORD dnDevNode;
};

struct NaturalFormatSuggestion {
    DWORD cbStruct;
    DWORD fdwSuggest;
    WAVEFORMATEX* pwfxSrc;
    DWORD cbwfxSrc;
    WAVEFORMATEX* pwfxDst;
    DWORD cbwfxDst;
};

struct NaturalStreamInstance {
    DWORD cbStruct;
    WAVEFORMATEX* pwfxSrc;
    WAVEFORMATEX* pwfxDst;
    WAVEFILTER* pwfltr;
    DWORD_PTR dwCallback;
    DWORD_PTR dwInstance;
    DWORD fdwOpen;
    DWORD fdwDriver;
    DWORD_PTR dwDriver;
    HACMSTREAM has;
};

static_assert(sizeof(NaturalOpenDescription) == (sizeof(void*) == 8 ? 48 : 36));
static_assert(offsetof(NaturalOpenDescription, dnDevNode) == offsetof(ACMDRVOPENDESCW, dnDevNode));
static_assert(sizeof(NaturalFormatSuggestion) == (sizeof(void*) == 8 ? 40 : 24));
static_assert(sizeof(NaturalStreamInstance) == (sizeof(void*) == 8 ? 72 : 40));

using FormatSuggestion = std::variant<ACMDRVFORMATSUGGEST, NaturalFormatSuggestion>;
using StreamInstance = std::variant<ACMDRVSTREAMINSTANCE, NaturalStreamInstance>;

// One of the variants above, zeroed, with its cbStruct set.
template <class Structure>
Structure make(AcmLayout layout) {
    Structure structure;
    if (layout == AcmLayout::natural) structure.template emplace<1>();
    std::visit([](auto& actual) { actual.cbStruct = sizeof actual; }, structure);
    return structure;
}

// The address of the structure inside the variant, as a message parameter.
template <class Structure>
LPARAM parameter(Structure& structure) {
    return std::visit([](auto& actual) { return reinterpret_cast<LPARAM>(&actual); }, structure);
}

}  // namespace instdrv::codec
