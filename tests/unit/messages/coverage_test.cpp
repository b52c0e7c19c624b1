// src/messages/README.md tells the truth.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "messages/declarations.hpp"
#include "messages/layout.hpp"

namespace instdrv::messages::test {
namespace {

constexpr std::string_view mark = "<!-- what follows is generated -->\n";
constexpr Family families[] = {Family::standard, Family::mci, Family::acm, Family::vfw};

std::string name_of(LengthRule rule) {
    switch (rule) {
        case LengthRule::none: return "";
        case LengthRule::fixed: return "fixed";
        case LengthRule::sibling: return "lParam2 bytes";
        case LengthRule::wave_format: return "WAVEFORMATEX";
        case LengthRule::wave_filter: return "WAVEFILTER";
        case LengthRule::dib_format: return "BITMAPINFOHEADER";
        case LengthRule::dib_format_wanted: return "BITMAPINFOHEADER to fill";
        case LengthRule::dib_palette_wanted: return "BITMAPINFOHEADER and 256 colours to fill";
        case LengthRule::image:
        case LengthRule::frame:
        case LengthRule::compressed_frame: return "picture";
    }
    return "";
}

std::string direction(Flow flow) {
    switch (flow) {
        case Flow::in: return "in";
        case Flow::out: return "out";
        case Flow::both: return "in, out";
    }
    return "";
}

bool returns(const Structure& structure) {
    for (const Field& field : structure.fields) {
        if (field.flow != Flow::in) return true;
    }
    return false;
}

std::string cell(const Parameter& parameter) {
    const Field& field = parameter.field;
    switch (field.kind) {
        case Kind::size_of_other: return "size of it";
        case Kind::text: return "text (in)";
        case Kind::structure:
            return fmt::format("{} ({})", field.structure->name,
                               returns(*field.structure) ? "in, out" : "in");
        case Kind::buffer: {
            const std::string what = field.length.rule == LengthRule::fixed
                                         ? fmt::format("{} bytes", field.length.bytes)
                                         : name_of(field.length.rule);
            return fmt::format("{} ({})", what, direction(field.flow));
        }
        default: return field.label.empty() ? "number" : fmt::format("number: {}", field.label);
    }
}

std::string held(const Declaration& declaration) {
    if (declaration.ends != Group::none) return "ends";
    for (const Parameter* const parameter : {&declaration.lparam2, &declaration.lparam1}) {
        if (parameter->keep == Keep::begin) return "begins";
        if (parameter->keep == Keep::end) return "ends";
    }
    return "";
}

void write_messages(std::string& page, Family family) {
    page += fmt::format("\n## {}\n\n", messages::name_of(family));
    page += "| message | number | lParam1 | lParam2 | held |\n|---|---|---|---|---|\n";
    const auto row = [&](const Declaration& declaration) {
        page +=
            fmt::format("| {} | {:#06x} | {} | {} | {} |\n", declaration.name, declaration.number,
                        cell(declaration.lparam1), cell(declaration.lparam2), held(declaration));
    };
    if (family != Family::standard) row(table_of(family).opening);
    for (const Declaration& declaration : table_of(family).messages)
        row(declaration);
}

std::string sizes(const Structure& structure) {
    const auto size = [&](unsigned pointer, bool natural) {
        return layout_of(structure, pointer, natural).size;
    };
    if (size(8, false) == size(8, true)) {
        return fmt::format("{} | {}", size(4, false), size(8, false));
    }
    return fmt::format("{} | {}, or {} without packing", size(4, false), size(8, false),
                       size(8, true));
}

std::string generated() {
    std::string page;
    for (const Family family : families)
        write_messages(page, family);
    page += "\n## Structures\n\n| structure | family | bytes on 32 bits | bytes on 64 bits |\n";
    page += "|---|---|---|---|\n";
    for (const Family family : families) {
        for (const Structure* const structure : table_of(family).structures) {
            page += fmt::format("| {} | {} | {} |\n", structure->name, messages::name_of(family),
                                sizes(*structure));
        }
    }
    return page;
}

std::string contents(const char* path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TEST(Coverage, page_says_what_the_declarations_say) {
    const std::string page = contents(INSTDRV_MESSAGES_PAGE);
    const std::size_t at = page.find(mark);
    ASSERT_NE(at, std::string::npos);
    const std::string prose = page.substr(0, at + mark.size());
    if (std::getenv("INSTDRV_UPDATE") != nullptr) {
        std::ofstream(INSTDRV_MESSAGES_PAGE) << prose << generated();
        return;
    }
    EXPECT_EQ(page.substr(prose.size()), generated())
        << "src/messages/README.md is out of date; run this test with INSTDRV_UPDATE=1";
}

}  // namespace
}  // namespace instdrv::messages::test
