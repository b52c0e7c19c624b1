// Checks wave formats. Drivers trust the numbers of a format they know, so formats from files are
// checked before a driver sees them.
#pragma once

#include <instdrv/error.hpp>

#include <string>
#include <vector>

#include "codec/wave_format.hpp"

namespace instdrv::codec {

// An Error about a format; the file's name is for the caller to add.
Error format_error(std::string cause, std::string advice = {});

// Integer PCM in the extensible form that says no more than the plain form would: at most 2
// channels, at most 16 bits, all of them valid.
bool is_plain_extensible(const WaveFormat& format);

// See WaveFormat::parse.
Status check_and_mend(WaveFormat& format, std::vector<std::string>& remarks);

}  // namespace instdrv::codec
