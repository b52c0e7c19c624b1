// Writes the source of tables.hpp's tables from what the C library knows on the machine that
// builds: iconv(3) for code pages, towupper(3) and towlower(3) of the locale C.UTF-8 for letters.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cwctype>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <iconv.h>
#include <clocale>

namespace {

constexpr unsigned replacement = 0xFFFD;

struct CodePage {
    unsigned number;
    const char* name;  // as iconv knows it
    // Bytes that it leaves open are the control characters of the same number, as on Windows:
    // https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WindowsBestFit/bestfit1252.txt
    bool has_controls;
};
constexpr std::array code_pages{
    CodePage{437, "CP437", false},
    CodePage{1252, "CP1252", true},
    CodePage{20127, "ASCII", false},
    CodePage{28591, "ISO-8859-1", false},
};

class Conversion {
public:
    explicit Conversion(const char* name) : conversion_(::iconv_open("UTF-16LE", name)) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own way to fail
        if (conversion_ == reinterpret_cast<iconv_t>(-1)) {
            throw std::runtime_error(std::string("iconv does not know ") + name);
        }
    }
    ~Conversion() { ::iconv_close(conversion_); }
    Conversion(const Conversion&) = delete;
    Conversion& operator=(const Conversion&) = delete;

    unsigned unit_of(unsigned byte) {
        ::iconv(conversion_, nullptr, nullptr, nullptr, nullptr);
        char in = static_cast<char>(byte);
        std::array<unsigned char, 2> out{};
        char* from = &in;
        char* to = reinterpret_cast<char*>(out.data());
        std::size_t in_left = 1;
        std::size_t out_left = out.size();
        const auto converted = ::iconv(conversion_, &from, &in_left, &to, &out_left);
        return converted != 0 || out_left != 0 ? replacement : out[0] | unsigned{out[1]} << 8;
    }

private:
    iconv_t conversion_;
};

void write_code_page(std::ostream& out, const CodePage& page) {
    Conversion conversion(page.name);
    std::vector<std::pair<unsigned, unsigned>> pairs;
    out << "    {" << page.number << ",\n     {";
    for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
        unsigned unit = conversion.unit_of(byte);
        if (unit == replacement && page.has_controls) unit = byte;
        out << unit << ", ";
        pairs.emplace_back(unit, byte);
    }
    std::ranges::sort(pairs);
    out << "},\n     {{";
    for (const auto& [unit, byte] : pairs)
        out << '{' << unit << ", " << byte << "}, ";
    out << "}}},\n";
}

struct Range {
    unsigned first;
    unsigned last;
    unsigned distance;
    unsigned step;
};

// The same distance from unit to unit, or from every second one.
std::vector<Range> ranges_of(const std::vector<std::pair<unsigned, unsigned>>& pairs) {
    std::vector<Range> ranges;
    for (const auto& [from, to] : pairs) {
        const unsigned distance = (to - from) & 0xFFFF;
        Range* const before = ranges.empty() ? nullptr : &ranges.back();
        const unsigned step = before == nullptr ? 0 : from - before->last;
        const bool goes_on = before != nullptr && before->distance == distance && step <= 2 &&
                             (before->first == before->last || before->step == step);
        if (goes_on) {
            before->last = from;
            before->step = step;
        } else {
            ranges.push_back({from, from, distance, 1});
        }
    }
    return ranges;
}

// Units that are each other's other case. Those of which only the one names the other (the long s,
// the dotless i, the final sigma) have none: changing them would not be undone by changing back.
void write_case(std::ostream& out, const char* name, std::wint_t (*change)(std::wint_t),
                std::wint_t (*back)(std::wint_t)) {
    std::vector<std::pair<unsigned, unsigned>> pairs;
    for (std::wint_t from = 0; from <= 0xFFFF; ++from) {
        const std::wint_t to = change(from);
        if (to != from && to <= 0xFFFF && back(to) == from) pairs.emplace_back(from, to);
    }
    const auto ranges = ranges_of(pairs);
    out << "constexpr CaseRange " << name << "[] = {\n";
    for (const Range& range : ranges) {
        out << "    {" << range.first << ", " << range.last << ", " << range.distance << ", "
            << range.step << "},\n";
    }
    out << "};\n";
}

void write_tables(std::ostream& out) {
    out << "// Made by instdrv-make-text-tables.\n"
           "#include \"winapi/text/tables.hpp\"\n\n"
           "namespace instdrv::winapi {\nnamespace {\n\n"
           "constexpr CodePageTable pages[] = {\n";
    for (const CodePage& page : code_pages)
        write_code_page(out, page);
    out << "};\n";
    write_case(out, "upper", std::towupper, std::towlower);
    write_case(out, "lower", std::towlower, std::towupper);
    out << "\n}  // namespace\n\n"
           "std::span<const CodePageTable> code_page_tables() noexcept { return pages; }\n"
           "std::span<const CaseRange> upper_case_ranges() noexcept { return upper; }\n"
           "std::span<const CaseRange> lower_case_ranges() noexcept { return lower; }\n\n"
           "}  // namespace instdrv::winapi\n";
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) throw std::runtime_error("usage: instdrv-make-text-tables FILE");
    if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) {
        throw std::runtime_error("this machine has no locale C.UTF-8");
    }
    std::ofstream file(argv[1]);
    write_tables(file);
    file.close();
    return file ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
}
