// Limits what following a file's own pointers may cost. Entries of a table may all lead to the same
// long text, directories may share their entries, sections may overlap: a small file can describe a
// great deal of data. So all reads through pointers are counted, and memory and time stay within a
// few times the file's size. Honest files contain each thing about once.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/bad_image.hpp"

namespace instdrv::image {

class Allowance {
public:
    // stored: the bytes that the file has.
    explicit constexpr Allowance(std::uint64_t stored) noexcept
        : left_(small_change + times * stored) {}

    // False: it is used up, and so it stays.
    [[nodiscard]] constexpr bool take(std::uint64_t bytes) noexcept {
        const bool enough = bytes <= left_;
        left_ = enough ? left_ - bytes : 0;
        return enough;
    }

private:
    // Linkers and resource compilers let some entries share a text.
    static constexpr std::uint64_t times = 4;
    static constexpr std::uint64_t small_change = 4096;

    std::uint64_t left_;
};

// The Error of a table that has used up its allowance.
inline tl::unexpected<Error> repeats_itself(std::string_view what) {
    return damaged(what, "it leads to the same bytes again and again");
}

}  // namespace instdrv::image
