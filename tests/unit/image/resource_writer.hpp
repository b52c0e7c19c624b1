// Writes resource trees and version resources for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "image/pe/resources.hpp"
#include "image_builder.hpp"

namespace instdrv::pe::test {

struct ResourceLeaf {
    ResourceId type;
    ResourceId name;
    std::uint16_t language = 0;
    std::vector<std::byte> data;
};

// A whole resource section that begins at an RVA. Leaves of the same type and name stand together.
TableWriter write_resources(Rva start, const std::vector<ResourceLeaf>& leaves);

// The data of a string resource: 16 texts, each behind its length.
std::vector<std::byte> string_block(const std::vector<std::u16string>& texts);

// The data of a version resource: version 1.2.3.4 of the file, 5.6.7.8 of the product, one table of
// texts in US English and UTF-16, one translation.
std::vector<std::byte> version_block(
    const std::vector<std::pair<std::u16string, std::u16string>>& texts);

}  // namespace instdrv::pe::test
