#include "winapi/text/make_tables/page_reader.hpp"

#include <array>
#include <optional>
#include <stdexcept>

#include <iconv.h>

namespace instdrv::text_tables {
namespace {

constexpr std::uint16_t nothing = 0xFFFD;

class Conversion {
public:
    Conversion(const char* to, const char* from) : conversion_(::iconv_open(to, from)) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own way to fail
        if (conversion_ == reinterpret_cast<iconv_t>(-1)) {
            throw std::runtime_error(std::string("iconv does not convert from ") + from + " to " +
                                     to + ": install the C library's conversions (gconv)");
        }
    }
    ~Conversion() { ::iconv_close(conversion_); }
    Conversion(const Conversion&) = delete;
    Conversion& operator=(const Conversion&) = delete;

    // The text in the other encoding; std::nullopt if that lacks it. What iconv keeps back, as a
    // mark may follow the letter, is asked for.
    std::optional<std::string> convert(std::string text) {
        ::iconv(conversion_, nullptr, nullptr, nullptr, nullptr);
        std::array<char, 16> out{};
        char* from = text.data();
        char* to = out.data();
        std::size_t in_left = text.size();
        std::size_t out_left = out.size();
        if (::iconv(conversion_, &from, &in_left, &to, &out_left) != 0 || in_left != 0) return {};
        ::iconv(conversion_, nullptr, nullptr, &to, &out_left);
        return std::string(out.data(), out.size() - out_left);
    }

private:
    iconv_t conversion_;
};

std::string text_of(std::uint16_t bytes) {
    std::string text;
    if (bytes > 0xFF) text += static_cast<char>(bytes >> 8);
    return text + static_cast<char>(bytes & 0xFF);
}

std::uint16_t number_of(std::string_view bytes) {
    unsigned number = 0;
    for (const char c : bytes)
        number = number << 8 | static_cast<unsigned char>(c);
    return static_cast<std::uint16_t>(number);
}

bool is_lead(const PageSource& source, unsigned byte) {
    for (std::size_t i = 0; i < source.lead_bytes.size(); i += 2) {
        if (byte >= source.lead_bytes[i] && byte <= source.lead_bytes[i + 1]) return true;
    }
    return false;
}

// What bytes there may be: single ones, and pairs.
std::vector<std::uint16_t> possible_bytes(const PageSource& source) {
    std::vector<std::uint16_t> all;
    for (unsigned byte = 0; byte <= 0xFF; ++byte) {
        if (!is_lead(source, byte)) {
            all.push_back(static_cast<std::uint16_t>(byte));
            continue;
        }
        for (unsigned second = 0x40; second <= 0xFE; ++second) {
            if (second != 0x7F) all.push_back(static_cast<std::uint16_t>(byte << 8 | second));
        }
    }
    return all;
}

void read_units(const PageSource& source, Page& page) {
    Conversion to_units("UTF-16BE", source.name);
    for (const std::uint16_t bytes : possible_bytes(source)) {
        const auto units = to_units.convert(text_of(bytes));
        if (units && units->size() == 2) page.units[bytes] = number_of(*units);
    }
    for (const auto& [bytes, unit] : source.instead) {
        if (unit == nothing) {
            page.units.erase(bytes);
        } else {
            page.units[bytes] = unit;
        }
    }
}

void fill_area(const UserArea& area, Page& page) {
    std::uint16_t unit = area.unit;
    for (unsigned row = area.first_row; row <= area.last_row; ++row) {
        for (const auto& [first, last] : area.columns) {
            for (unsigned column = first; column <= last; ++column) {
                if (column == 0x7F) continue;
                const auto bytes = static_cast<std::uint16_t>(row << 8 | column);
                if (page.units.try_emplace(bytes, unit).second) ++unit;
            }
        }
    }
}

void fill_open_bytes(const PageSource& source, Page& page) {
    std::uint16_t unit = source.placeholders;
    for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
        const auto bytes = static_cast<std::uint16_t>(byte);
        if (is_lead(source, byte) || page.units.contains(bytes)) continue;
        if (source.has_controls && byte < 0xA0) {
            page.units[bytes] = bytes;
        } else if (source.placeholders != 0) {
            page.units[bytes] = unit++;
        }
    }
    if (source.placeholders != 0) {
        page.placeholders = {source.placeholders, static_cast<std::uint16_t>(unit - 1)};
    }
}

// Where two bytes are one unit, those that iconv writes. It reads back as the same.
void turn_around(const PageSource& source, Page& page) {
    Conversion to_bytes(source.name, "UTF-16BE");
    for (const auto& [bytes, unit] : page.units) {
        if (page.bytes.try_emplace(unit, bytes).second) continue;
        const auto chosen =
            to_bytes.convert({static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)});
        const std::uint16_t number = chosen ? number_of(*chosen) : std::uint16_t{0};
        const auto found = page.units.find(number);
        if (found != page.units.end() && found->second == unit) page.bytes[unit] = number;
    }
    for (const auto& [bytes, unit] : source.preferred)
        page.bytes[unit] = bytes;
}

}  // namespace

Page read_page(const PageSource& source) {
    Page page;
    read_units(source, page);
    for (const UserArea& area : source.areas)
        fill_area(area, page);
    fill_open_bytes(source, page);
    turn_around(source, page);
    return page;
}

}  // namespace instdrv::text_tables
