#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "winapi/coverage.hpp"
#include "winapi/export_table.hpp"

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
    const std::string page = coverage_page(all_dlls());
    if (std::getenv("INSTDRV_UPDATE") != nullptr) std::ofstream(INSTDRV_COVERAGE_PAGE) << page;
    EXPECT_EQ(first_difference(read(INSTDRV_COVERAGE_PAGE), page), "")
        << "docs/windows-calls.md is out of date; run this test with INSTDRV_UPDATE=1";
}

}  // namespace
}  // namespace instdrv::winapi
