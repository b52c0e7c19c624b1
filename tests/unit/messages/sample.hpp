// A message as a client would send it: every pointer set, every number different, made from the
// message's own declaration.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "messages/declaration.hpp"
#include "world.hpp"

namespace instdrv::messages::test {

// Bytes that a parameter or a field points at.
struct Pointee {
    const Field* field = nullptr;
    std::uint64_t address = 0;
    std::size_t length = 0;
    std::size_t field_index = 0;
};

struct SampledParameter {
    const Parameter* parameter = nullptr;
    std::uint64_t value = 0;
    std::vector<Pointee> pointees;  // of the structure's fields, or the one at the parameter
};

struct Sample {
    SampledParameter parameters[2];

    [[nodiscard]] Parameters values() const { return {parameters[0].value, parameters[1].value}; }
};

Sample make_sample(World& world, const Declaration& declaration);

// What every picture in a sample is: 16 by 4, 8 bits, 4 colours, 64 bytes.
inline constexpr std::size_t sample_format_size = 40 + 4 * 4;
inline constexpr std::size_t sample_image_size = 64;

}  // namespace instdrv::messages::test
