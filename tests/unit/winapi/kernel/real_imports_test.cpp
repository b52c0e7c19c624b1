// What real Windows libraries import from the DLLs of ours.
#include <string>

#include <gtest/gtest.h>

#include "base/fd.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/imports.hpp"
#include "winapi/exports/export_table.hpp"

namespace instdrv::winapi::test {
namespace {

// "KERNEL32.dll!Name" of each import that a DLL of ours should have and has not.
template <class ImportedDlls>
std::vector<std::string> missing_of(const ImportedDlls& imports) {
    std::vector<std::string> missing;
    for (const auto& imported : imports) {
        const Dll* const dll = find_dll(imported.name);
        if (dll == nullptr) {
            missing.push_back(std::string(imported.name));
            continue;
        }
        for (const pe::ImportedSymbol& symbol : imported.symbols) {
            if (find_export(*dll, symbol.symbol) == nullptr) {
                missing.push_back(pe::describe(imported.name, symbol.symbol));
            }
        }
    }
    return missing;
}

std::vector<std::string> missing_imports(const std::string& file) {
    const auto content = read_file(file);
    if (!content) return {content.error().text()};
    const auto view = pe::ImageView::of_file(*content);
    if (!view) return {view.error().text()};
    auto missing = missing_of(*pe::parse_imports(*view));
    const auto delayed = missing_of(*pe::parse_delay_imports(*view));
    missing.insert(missing.end(), delayed.begin(), delayed.end());
    return missing;
}

class RealImports : public testing::TestWithParam<const char*> {};

TEST_P(RealImports, AreAllProvided) {
    EXPECT_EQ(missing_imports(std::string(INSTDRV_WINE_DLLS) + '/' + GetParam()),
              std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Drivers, RealImports,
                         testing::Values("msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm",
                                         "l3codeca.acm", "iccvid.dll", "msrle32.dll",
                                         "msvidc32.dll", "mciwave.dll", "mciseq.dll", "mcicda.dll",
                                         "midimap.dll", "msacm32.drv"),
                         [](const auto& tested) {
                             std::string name = tested.param;
                             name[name.find('.')] = '_';
                             return name;
                         });

TEST(MingwImports, AreAllProvided) {
    for (const char* const name : {"/throwing.dll", "/helper.dll"}) {
        EXPECT_EQ(missing_imports(std::string(INSTDRV_TEST_DLLS) + name),
                  std::vector<std::string>{});
    }
}

}  // namespace
}  // namespace instdrv::winapi::test
