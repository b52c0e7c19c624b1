// The blocks that version information is made of: a header, a key, a value, then blocks within.
// https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "winapi/abi.hpp"

namespace instdrv::winapi::version {

class Block {
public:
    // Nothing where the bytes do not hold the block that their first word claims.
    static std::optional<Block> parse(std::span<const std::byte> bytes);

    [[nodiscard]] std::u16string_view key() const noexcept { return key_; }
    [[nodiscard]] const void* value() const noexcept { return value_.data(); }
    // In characters with the NUL for texts, in bytes for others, as VerQueryValue answers it.
    [[nodiscard]] UINT value_length() const noexcept;
    [[nodiscard]] bool is_text() const noexcept { return is_text_; }
    [[nodiscard]] std::u16string_view text() const noexcept;
    [[nodiscard]] std::optional<Block> child(std::u16string_view name) const;

private:
    std::u16string_view key_;
    std::span<const std::byte> value_;
    std::span<const std::byte> children_;
    bool is_text_ = false;
};

// The block that "\StringFileInfo\040904E4\FileVersion" names, "\" being the first. `data` is what
// GetFileVersionInfo gave.
std::optional<Block> find_block(const void* data, std::u16string_view path);

}  // namespace instdrv::winapi::version
