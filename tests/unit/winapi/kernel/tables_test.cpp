#include <cstdlib>
#include <fstream>
#include <set>
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

TEST(ExportTables, NameEachFunctionOnce) {
    for (const Dll& dll : all_dlls()) {
        std::set<std::string_view> names;
        for (const Export& entry : dll.exports) {
            EXPECT_TRUE(names.insert(entry.name).second) << dll.name << '!' << entry.name;
            EXPECT_NE(entry.address, nullptr) << dll.name << '!' << entry.name;
        }
    }
}

TEST(ExportTables, SayWhatIsMissingWhereSomethingIs) {
    for (const Dll& dll : all_dlls()) {
        for (const Export& entry : dll.exports) {
            EXPECT_EQ(entry.note.empty(), entry.coverage == Coverage::done)
                << dll.name << '!' << entry.name;
        }
    }
}

TEST(ExportTables, AreFoundByEveryNameOfADll) {
    ASSERT_NE(find_dll("KERNEL32.dll"), nullptr);
    EXPECT_EQ(find_dll("KERNEL32.dll"), find_dll("kernel32"));
    EXPECT_EQ(find_dll("api-ms-win-core-synch-l1-2-0.dll"), find_dll("kernelbase.dll"));
    EXPECT_EQ(find_dll("msadp32.acm"), nullptr);
    EXPECT_EQ(find_dll(""), nullptr);
}

TEST(ExportTables, AnswerNullForWhatTheyDoNotHave) {
    const Dll* const kernel32 = find_dll("kernel32.dll");
    ASSERT_NE(kernel32, nullptr);
    EXPECT_NE(find_export(*kernel32, {.name = "HeapAlloc"}), nullptr);
    EXPECT_EQ(find_export(*kernel32, {.name = "heapalloc"}), nullptr);
    EXPECT_EQ(find_export(*kernel32, {.name = {}, .ordinal = 0}), nullptr);
    EXPECT_EQ(find_export(*kernel32, {.name = {}, .ordinal = 7}), nullptr);
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
