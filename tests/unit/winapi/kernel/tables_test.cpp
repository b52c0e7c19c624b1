#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "winapi/exports/export_table.hpp"

namespace instdrv::winapi {
namespace {

TEST(ExportTables, NameEachFunctionOnce) {
    for (const Dll& dll : all_dlls()) {
        std::set<std::string_view> names;
        for (const Export& entry : dll.exports()) {
            EXPECT_TRUE(names.insert(entry.name).second) << dll.name << '!' << entry.name;
            EXPECT_NE(entry.address(), nullptr) << dll.name << '!' << entry.name;
        }
    }
}

TEST(ExportTables, AreSortedByName) {
    for (const Dll& dll : all_dlls()) {
        EXPECT_TRUE(std::ranges::is_sorted(dll.exports(), {}, &Export::name)) << dll.name;
    }
}

// In a process of its own, as ctest runs it, this is the first use of every table.
TEST(ExportTables, AreMadeOnceWhoeverComesFirst) {
    constexpr std::size_t callers = 4;
    std::array<std::vector<const Export*>, callers> seen;
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < callers; ++i) {
            threads.emplace_back([&seen, i] {
                for (std::size_t j = 0; j < all_dlls().size(); ++j)
                    seen[i].push_back(all_dlls()[(j + 3 * i) % all_dlls().size()].exports().data());
                std::ranges::sort(seen[i]);
            });
        }
    }
    for (const auto& tables : seen)
        EXPECT_EQ(tables, seen[0]);
    for (const char* runtime : {"msvcrt.dll", "ucrtbase.dll"})
        EXPECT_NE(find_export(*find_dll(runtime), {.name = "_stricmp_l"}), nullptr) << runtime;
}

TEST(ExportTables, SayWhatIsMissingWhereSomethingIs) {
    for (const Dll& dll : all_dlls()) {
        for (const Export& entry : dll.exports()) {
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

#ifdef INSTDRV_WINAPI_SOURCES
std::string all_sources() {
    std::string text;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(INSTDRV_WINAPI_SOURCES)) {
        if (entry.path().extension() != ".cpp") continue;
        std::ifstream file(entry.path());
        text.append(std::istreambuf_iterator<char>(file), {});
    }
    std::erase_if(text, [](char c) { return c == '\n' || c == ' '; });  // of long lines
    return text;
}

// As grep finds it: in the line that exports it, beside its definition.
TEST(ExportTables, NameFunctionsAsTheirSourcesDo) {
    const std::string sources = all_sources();
    for (const Dll& dll : all_dlls()) {
        for (const Export& entry : dll.exports()) {
            const std::string name(entry.name);
            if (name.ends_with("_l") && (entry.dlls & with_locale) != 0) continue;
            const bool is_found = sources.find("_EXPORT(" + name + ",") != std::string::npos ||
                                  sources.find('"' + name + '"') != std::string::npos;
            EXPECT_TRUE(is_found) << dll.name << '!' << name;
        }
    }
}
#endif

}  // namespace
}  // namespace instdrv::winapi
