// The version resource (VS_VERSIONINFO) of an image.
//
// https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/pe/resources.hpp"

namespace instdrv::pe {

struct VersionInfo {
    std::array<std::uint16_t, 4> file_version{};  // 1.2.3.4, most significant first
    std::array<std::uint16_t, 4> product_version{};
    std::uint32_t flags = 0;  // VS_FF_*, masked by those that are valid
    std::uint32_t os = 0;
    std::uint32_t type = 0;  // VFT_*; 3 is a driver
    std::uint32_t subtype = 0;

    struct StringTable {
        std::uint16_t language = 0;
        std::uint16_t code_page = 0;
        std::vector<std::pair<std::string, std::string>> strings;  // UTF-8, in file order
    };
    std::vector<StringTable> string_tables;

    struct Translation {
        std::uint16_t language = 0;
        std::uint16_t code_page = 0;
    };
    std::vector<Translation> translations;

    // The first table's text of a name such as "FileDescription"; empty: there is none.
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
};

// Parses the data of a resource of type 16. Fails if the block is cut off or its parts overlap;
// blocks of unknown name are passed over.
Result<VersionInfo> parse_version_info(Bytes data);

// Nothing when the image has no version resource.
Result<std::optional<VersionInfo>> find_version_info(const ResourceTable& resources);

}  // namespace instdrv::pe
