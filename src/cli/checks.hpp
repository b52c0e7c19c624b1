// Checks and reads the values of options.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace instdrv::cli {

// Each is a Check: what is wrong with the value, empty where nothing is.

// A length of time from a millisecond to a day, as parse_duration (base/quantity.hpp) takes it.
std::string check_time(const std::string& value);
// An integer of 64 bits, as parse_integer takes it.
std::string check_integer(const std::string& value);
// An integer from 1 to `most`, of which there are as many as Number holds.
std::string check_count_up_to(std::uint64_t most, const std::string& value);
template <class Number>
std::string check_count(const std::string& value) {
    return check_count_up_to(std::numeric_limits<Number>::max(), value);
}

// An integer in decimal or 0x hexadecimal, with an optional sign, of 64 bits signed or unsigned.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace instdrv::cli
