// Calls of the scanf family that are made twice: by our engine in the tests, and under Wine by
// scanf_oracle.cpp. Every call gets pointers to cells of memory that are shown afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace cases {

struct ScanCase {
    const char* format;
    const char* input;
};

inline const std::vector<ScanCase>& scan_cases() {
    static const std::vector<ScanCase> all = {
        {"%d", "42"},
        {"%d", "  -42 rest"},
        {"%d %d", "1 2"},
        {"%d,%d", "1,2"},
        {"%d,%d", "1;2"},
        {"%d", ""},
        {"%d", "x"},
        {"%d%d", "1"},
        {"%3d%d", "12345"},
        {"%*d%d", "1 2"},
        {"%i %i %i", "0x1F 017 19"},
        {"%x %X", "ff 0xAB"},
        {"%o", "777"},
        {"%u", "-1"},
        {"%hd %d", "70000 1"},
        {"%ld", "-5"},
        {"%lld %llu", "-5000000000 18446744073709551615"},
        {"%I64d %I64x", "-5000000000 ffffffffff"},
        {"%I32d", "77"},
        {"%d", "+7"},
        {"%d", "--7"},
        {"%d", "- 7"},
        {"%f", "1.5"},
        {"%lf %lf %lf", "1e3 -2.5E-2 .5"},
        {"%f%s", "1.5abc"},
        {"%f", "x1"},
        {"%lg", "12."},
        {"%s", "word rest"},
        {"%s %s", "  two\twords\n"},
        {"%3s%s", "abcdef"},
        {"%*s %s", "skip take"},
        {"%c%c", "a b"},
        {"%3c", "abcdef"},
        {" %c", "   z"},
        {"%[abc]", "aabbcd"},
        {"%[^,],%s", "left,right"},
        {"%[a-c]%[x-z]", "abcxyz1"},
        {"%[]x]", "]x]y"},
        {"%[^]]", "ab]c"},
        {"%4[a-z]%s", "abcdefg"},
        {"%d%n", "123 x"},
        {"%n", "abc"},
        {"%d%%%d", "5%6"},
        {"ab%d", "ab7"},
        {"ab%d", "ac7"},
        {"%hs", "narrow"},
        {"%ls", "wide"},
        {"%S", "other"},
        {"%hc%lc", "nw"},
        {"%s %d %s", "a 1 b"},
        {"%d : %d", "1:2"},
        {"%d:%d", "1 :2"},
        {"%p", "12ab"},
        {"%2x%2x%2x", "a1b2c3"},
        {"%d-%d-%d", "2024-01-31"},
    };
    return all;
}

constexpr std::size_t cell_count = 4;
constexpr std::size_t cell_size = 24;
using Cells = std::array<std::array<unsigned char, cell_size>, cell_count>;

// Calls `scan(list)`, the list being pointers to the cells, and describes the answer and the cells.
template <class Call>
std::string scan_outcome(const std::string& function, const ScanCase& one, Call scan) {
    Cells cells;
    std::uint64_t list[cell_count + 4] = {};
    for (std::size_t i = 0; i < cell_count; ++i) {
        cells[i].fill(0xEE);
        list[i] = reinterpret_cast<std::uintptr_t>(cells[i].data());
    }
    const int answer = scan(list);
    std::string text =
        function + " [" + one.format + "] [" + one.input + "] " + std::to_string(answer);
    for (const auto& cell : cells) {
        std::size_t used = cell_size;
        while (used > 0 && cell[used - 1] == 0xEE)
            --used;
        text += " |";
        for (std::size_t i = 0; i < used; ++i) {
            char hex[4];
            std::snprintf(hex, sizeof hex, "%02x", cell[i]);
            text += hex;
        }
    }
    for (char& c : text) {
        if (c == '\n' || c == '\t') c = '~';
    }
    return text;
}

template <class Runtime>
void report_scans(Runtime& runtime) {
    for (const ScanCase& one : scan_cases()) {
        const std::u16string wide_format(one.format, one.format + std::strlen(one.format));
        const std::u16string wide_input(one.input, one.input + std::strlen(one.input));
        runtime.line(scan_outcome("narrow", one, [&](const void* list) {
            return runtime.scan(0, one.input, one.format, list);
        }));
        // Wine reads wide text for %s whatever the options say, so ask for that.
        constexpr std::uint64_t legacy_wide_specifiers = 2;
        runtime.line(scan_outcome("wide", one, [&](const void* list) {
            return runtime.scan(legacy_wide_specifiers, wide_input.c_str(), wide_format.c_str(),
                                list);
        }));
    }
}

}  // namespace cases
