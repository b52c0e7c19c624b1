// The tables of system calls in docs/sandbox.md are those that the filters are made of.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
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

std::string table_of(std::span<const CallRule> rules) {
    std::string text = heading;
    std::vector<CallRule> row;
    for (const auto& rule : rules) {
        if (!row.empty() && !share_a_row(row.front(), rule)) {
            text += row_of(row);
            row.clear();
        }
        row.push_back(rule);
    }
    return text + row_of(row);
}

// What is refused whatever its arguments is one rule here.
std::vector<CallRule> parsers() {
    std::vector<CallRule> rules;
    for (auto& rule : parser_rules()) {
        if (rule.opens_files) {
            rule.when = {};
            rule.reason = "it is handed what it reads";
            if (!rules.empty() && std::string_view(rules.back().name) == rule.name) continue;
        }
        rules.push_back(rule);
    }
    return rules;
}

// Puts `table` in the place of the one that begins at or after `from`; returns where it ends.
std::size_t replace_table(std::string& page, std::size_t from, const std::string& table) {
    const auto begin = page.find(heading, from);
    if (begin == std::string::npos) throw std::runtime_error("a table is missing");
    const auto end = std::min(page.find("\n\n", begin), page.size() - 1) + 1;
    page.replace(begin, end - begin, table);
    return begin + table.size();
}

// INSTDRV_UPDATE=1 writes the tables instead.
TEST(SandboxPage, HasTheTablesOfTheFilters) {
    std::ostringstream page;
    page << std::ifstream(INSTDRV_SANDBOX_PAGE).rdbuf();
    auto right = page.str();
    const auto end = replace_table(right, 0, table_of(parsers()));
    replace_table(right, end, table_of(default_rules()));
    if (std::getenv("INSTDRV_UPDATE") != nullptr) {
        std::ofstream(INSTDRV_SANDBOX_PAGE) << right;
        return;
    }
    EXPECT_TRUE(page.str() == right)
        << "docs/sandbox.md is out of date; run this test with INSTDRV_UPDATE=1";
}

}  // namespace
}  // namespace instdrv::sandbox
