// Real drivers with damaged headers and tables, mapped and bound. Nothing of them runs: their entry
// points are taken away.
#include <random>

#include <gtest/gtest.h>

#include "image/pe/image_view.hpp"
#include "patched_file.hpp"
#include "recorder.hpp"

using namespace instdrv;
using namespace instdrv::test;

namespace {

const std::filesystem::path drivers = INSTDRV_WINE_DLLS;

// Where the loader looks: the headers and the tables that directories name.
std::vector<std::pair<std::size_t, std::size_t>> interesting_ranges(const PatchedFile& file) {
    const auto view = pe::ImageView::of_file(std::as_bytes(std::span(file.content())));
    std::vector<std::pair<std::size_t, std::size_t>> ranges = {
        {0, view->headers().size_of_headers}};
    for (const auto& directory : view->headers().directories) {
        const pe::Section* const section = view->section_at(directory.rva);
        if (section == nullptr || directory.size == 0) continue;
        const std::size_t offset = directory.rva - section->rva + section->raw_offset;
        ranges.emplace_back(offset,
                            std::min<std::size_t>(offset + directory.size, file.content().size()));
    }
    return ranges;
}

void take_entry_points_away(PatchedFile& file) {
    const std::size_t entry_point = file.pe_header() + 40;
    if (file.directory(9) + 8 > file.content().size()) return;
    file.put<std::uint32_t>(entry_point, 0);
    file.put<std::uint64_t>(file.directory(9), 0);
}

class MutatedDriver : public LoaderTest, public testing::WithParamInterface<const char*> {};

TEST_P(MutatedDriver, IsLoadedOrRefusedButHarmsNothing) {
    if (!std::filesystem::exists(drivers / GetParam())) GTEST_SKIP() << "needs the package libwine";
    const PatchedFile original(drivers / GetParam());
    const auto ranges = interesting_ranges(original);
    const Folder folder;
    recorder.owns_all = true;
    std::mt19937 random(20240601);
    int loaded = 0;
    constexpr int rounds = 700;
    for (int round = 0; round < rounds; ++round) {
        PatchedFile damaged = original;
        const auto [begin, end] = ranges[random() % ranges.size()];
        for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
            const std::size_t at = begin + random() % (end - begin);
            damaged.put(at, static_cast<std::uint8_t>(random()));
        }
        take_entry_points_away(damaged);
        const auto image = loader.load(folder.write("damaged.dll", damaged.content()));
        if (image) {
            ++loaded;
            static_cast<void>((*image)->find_export({.name = "DriverProc"}));
            loader.release(*image);
        } else {
            EXPECT_NE(image.error().cause, "");
        }
        ASSERT_TRUE(loader.images().empty());
    }
    EXPECT_GT(loaded, 0);
    EXPECT_LT(loaded, rounds);
}

INSTANTIATE_TEST_SUITE_P(Wine, MutatedDriver,
                         testing::Values("msadp32.acm", "iccvid.dll", "msacm32.drv"),
                         [](const auto& test) {
                             const std::string name = test.param;
                             return name.substr(0, name.find('.'));
                         });

}  // namespace
