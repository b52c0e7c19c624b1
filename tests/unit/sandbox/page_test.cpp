// The table of system calls in docs/sandbox.md is the one the filter is made of.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sandbox/call_table.hpp"

namespace instdrv::sandbox {
namespace {

constexpr const char* heading =
    "| system calls | with | answer | why |\n"
    "|---|---|---|---|\n";

bool share_a_row(const CallRule& one, const CallRule& other) {
    return one.error == other.error && one.reason == other.reason && one.when == other.when;
}

std::string row_of(const std::vector<CallRule>& rules) {
    std::string names;
    for (const auto& rule : rules) {
        names += fmt::format("{}`{}`", names.empty() ? "" : ", ", rule.name);
    }
    const auto& first = rules.front();
    return fmt::format("| {} | {} | {} | {} |\n", names, first.when,
                       first.error == 0 ? "made" : ::strerrorname_np(first.error), first.reason);
}

std::string table() {
    std::string text = heading;
    std::vector<CallRule> row;
    for (const auto& rule : default_rules()) {
        if (!row.empty() && !share_a_row(row.front(), rule)) {
            text += row_of(row);
            row.clear();
        }
        row.push_back(rule);
    }
    return text + row_of(row);
}

// INSTDRV_UPDATE=1 writes the table instead.
TEST(SandboxPage, HasTheTableOfTheFilter) {
    std::ostringstream page;
    page << std::ifstream(INSTDRV_SANDBOX_PAGE).rdbuf();
    const auto text = page.str();
    const auto prose = text.substr(0, text.find(heading));
    if (std::getenv("INSTDRV_UPDATE") != nullptr) {
        std::ofstream(INSTDRV_SANDBOX_PAGE) << prose << table();
        return;
    }
    EXPECT_TRUE(text == prose + table())
        << "docs/sandbox.md is out of date; run this test with INSTDRV_UPDATE=1";
}

}  // namespace
}  // namespace instdrv::sandbox
