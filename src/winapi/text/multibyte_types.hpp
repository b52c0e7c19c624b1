// The C runtimes' table _mbctype: kinds of the bytes of a code page. Drivers read it themselves.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/getmbcp
#pragma once

#include <array>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

class MultibyteTypes {
public:
    static constexpr unsigned char lead = 0x04;
    static constexpr unsigned char trail = 0x08;
    static constexpr unsigned char upper = 0x10;  // of single bytes above ASCII
    static constexpr unsigned char lower = 0x20;

    // A page that resolve_code_page gives; those of one byte per character have no lead bytes.
    explicit MultibyteTypes(UINT code_page) { choose(code_page); }

    void choose(UINT code_page);
    // 0: one of single bytes.
    [[nodiscard]] UINT double_byte_page() const noexcept { return double_byte_page_; }
    [[nodiscard]] UINT code_page() const noexcept { return code_page_; }
    [[nodiscard]] bool is(unsigned char byte, unsigned char kind) const noexcept {
        return (types_[byte + 1U] & kind) != 0;
    }
    // 257 entries, the first of which is for EOF.
    [[nodiscard]] unsigned char* table() noexcept { return types_.data(); }

private:
    UINT code_page_ = 0;
    UINT double_byte_page_ = 0;
    std::array<unsigned char, 257> types_{};
};

}  // namespace instdrv::winapi
