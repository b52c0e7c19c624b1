#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "winapi/exports/coverage.hpp"

namespace instdrv::winapi {
namespace {

std::string read(const std::string& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// The first line that is not the same in both; empty where there is none.
std::string first_difference(const std::string& there, const std::string& here) {
    std::istringstream old_lines(there);
    std::istringstream new_lines(here);
    std::string old_line;
    std::string new_line;
    while (std::getline(new_lines, new_line)) {
        if (!std::getline(old_lines, old_line)) return new_line;
        if (old_line != new_line) return new_line;
    }
    return std::getline(old_lines, old_line) ? old_line : "";
}

// INSTDRV_UPDATE=1 writes the page instead.
TEST(CoveragePage, IsTheOneInTheDocumentation) {
    const std::string page = coverage_page(provided_here(), provided_on_i386());
    if (std::getenv("INSTDRV_UPDATE") != nullptr) std::ofstream(INSTDRV_COVERAGE_PAGE) << page;
    EXPECT_EQ(first_difference(read(INSTDRV_COVERAGE_PAGE), page), "")
        << "docs/windows-calls.md is out of date; run this test with INSTDRV_UPDATE=1";
}

TEST(Provided, IsEachMachinesOwn) {
    const auto* const here = find_dll(provided_here(), "MSVCR90.dll");
    const auto* const there = find_dll(provided_on_i386(), "MSVCR90.dll");
    ASSERT_NE(here, nullptr);
    ASSERT_NE(there, nullptr);
    EXPECT_NE(find_function(*there, {.name = "_except_handler3"}), nullptr);
    EXPECT_EQ(find_function(*here, {.name = "_except_handler3"}), nullptr);
    EXPECT_NE(find_function(*here, {.name = "__C_specific_handler"}), nullptr);
    EXPECT_EQ(find_function(*there, {.name = "__C_specific_handler"}), nullptr);
    EXPECT_EQ(find_dll(provided_on_i386(), "nobodys.dll"), nullptr);
}

TEST(Provided, SurvivesBeingText) {
    EXPECT_EQ(text_of(provided_from_text(text_of(provided_here()))), text_of(provided_here()));
    EXPECT_EQ(provided_from_text("no line of a table\n\n").size(), 0U);
}

}  // namespace
}  // namespace instdrv::winapi
