// A client of one ACM driver: its details, its formats, and streams that convert through it.
//
// Messages and structures are those of <instdrv/acm.h>. What a driver writes is not trusted further
// than the buffers it was given: counts are bounded, text ends where its field ends.
//
// Threads: one at a time per AcmDriver and its streams. A stream must not outlive its driver.
#pragma once

#include <instdrv/acm.h>
#include <instdrv/error.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/acm_layout.hpp"
#include "codec/acm_stream.hpp"
#include "codec/wave_format.hpp"

namespace instdrv {
class Host;
}

namespace instdrv::codec {

struct AcmDetails {
    std::string short_name;
    std::string long_name;
    std::string copyright;
    std::string licensing;
    std::string features;
    WORD manufacturer = 0;
    WORD product = 0;
    DWORD acm_version = 0;     // 0xAABBCCCC: major, minor, build
    DWORD driver_version = 0;  // likewise
    DWORD support = 0;         // ACMDRIVERDETAILS_SUPPORTF_*
    DWORD format_tags = 0;
    DWORD filter_tags = 0;
};

std::string version_text(DWORD version);              // "4.0" or "4.0.1381"
std::vector<std::string> support_names(DWORD flags);  // "codec", "converter", ...

struct AcmFormatTag {
    WORD tag = 0;
    std::string name;       // the driver's; may be empty for PCM
    DWORD format_size = 0;  // of the largest format with this tag
    DWORD support = 0;
    DWORD standard_formats = 0;
};

struct AcmFormat {
    WaveFormat format;
    std::string name;  // the driver's text, such as "22,050 kHz; 4 bit; Mono"; may be empty
};

// What a conversion shall result in. What is not given follows from the source if the driver can do
// that, else is the driver's choice.
struct WantedFormat {
    WORD tag = WAVE_FORMAT_PCM;
    std::optional<WORD> channels;
    std::optional<DWORD> rate;
    std::optional<WORD> bits;
};

class AcmDriver {
public:
    // Opens as the ACM does, by alias or file. The instance is closed with the AcmDriver.
    static Result<AcmDriver> open(Host& host, std::string_view name);

    // Over an instance that is open already. name: for errors.
    AcmDriver(std::string name, AcmLayout layout, AcmSend send, AcmTakeBuffer take_buffer = {})
        : name_(std::move(name)),
          layout_(layout),
          send_(std::move(send)),
          take_buffer_(std::move(take_buffer)) {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    Result<AcmDetails> details() const;
    // All of its format tags.
    Result<std::vector<AcmFormatTag>> format_tags() const;
    // One, by tag; ACMERR_NOTPOSSIBLE if the driver does not speak it.
    Result<AcmFormatTag> format_tag(WORD tag) const;
    // The standard formats of a tag; the driver may speak more.
    Result<std::vector<AcmFormat>> formats(const AcmFormatTag& tag) const;

    // The driver's own choice. Given members are kept.
    Result<WaveFormat> suggest(const WaveFormat& source, const WantedFormat& wanted) const;
    // Can it convert? An Error if not.
    Status query(const WaveFormat& source, const WaveFormat& destination) const;
    // The format to convert to: what the driver suggests, else the first of its standard formats
    // that it accepts, always with what was given. The Error names what would be possible.
    Result<WaveFormat> choose(const WaveFormat& source, const WantedFormat& wanted) const;

    // buffer_bytes: of source to convert at a time, at least; see AcmStream.
    Result<AcmStream> open_stream(const WaveFormat& source, const WaveFormat& destination,
                                  std::uint32_t buffer_bytes = 64 * 1024) const;

private:
    // Sends, and turns an answer that is not 0 into an Error.
    Status send(const char* operation, UINT message, LPARAM lparam1, LPARAM lparam2) const;
    std::vector<AcmFormat> possible_formats(const WaveFormat& source,
                                            const WantedFormat& wanted) const;
    // Could it make the source out of a standard format of that tag?
    bool converts_back(const WaveFormat& source, WORD tag) const;

    std::string name_;
    AcmLayout layout_;
    AcmSend send_;
    AcmTakeBuffer take_buffer_;
};

}  // namespace instdrv::codec
