// Damaged images: whatever a file says, every stage gives a value or a sentence.
#include <filesystem>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/fd.hpp"
#include "image/pe/driver_image.hpp"
#include "mutator.hpp"
#include "real_drivers.hpp"
#include "rich_image.hpp"
#include "stage_exerciser.hpp"

namespace instdrv::pe::test {
namespace {

using instdrv::test::FileRange;
using instdrv::test::Mutator;

// The headers, as often as all sections that hold tables together.
std::vector<FileRange> ranges_of(const ImageView& view) {
    std::vector<FileRange> ranges;
    for (const Section& section : view.sections()) {
        bool holds_table = section.name == ".xdata";
        for (const auto& directory : view.headers().directories) {
            holds_table |= directory.rva != 0 && section.contains(directory.rva);
        }
        if (!holds_table || section.raw_size == 0) continue;
        ranges.push_back({.offset = section.raw_offset, .size = section.raw_size});
        ranges.push_back({.offset = 0, .size = view.headers().section_table + 40 * 12});
    }
    return ranges;
}

void damage_and_exercise(const std::vector<std::byte>& whole, std::uint32_t seed, int mutants) {
    const auto ranges = ranges_of(ImageView::of_file(whole).value());
    Mutator mutator(seed);
    for (int i = 0; i < mutants; ++i) {
        auto mutant = whole;
        mutator.damage(mutant, ranges);
        ASSERT_EQ(exercise_stages(mutant), "") << "seed " << seed << ", mutant " << i;
    }
}

void truncate_and_exercise(const std::vector<std::byte>& whole, std::size_t size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    ASSERT_EQ(exercise_stages(cut), "") << "cut to " << size;
}

TEST(DamagedImages, SmallOnesAtThousandsOfPlaces) {
    for (const auto machine : {Machine::x86_64, Machine::x86}) {
        damage_and_exercise(build(rich_image(machine)), 20240, 4000);
    }
}

TEST(DamagedImages, SmallOnesCutOffAnywhere) {
    for (const auto machine : {Machine::x86_64, Machine::x86}) {
        const auto whole = build(rich_image(machine));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            truncate_and_exercise(whole, size);
            const auto driver = validate_driver(Bytes(whole).first(size), machine);
            ASSERT_FALSE(driver) << "cut to " << size;
        }
    }
}

class DamagedDriver : public testing::TestWithParam<std::filesystem::path> {
protected:
    std::vector<std::byte> whole_ = read_file(GetParam()).value();
};

TEST_P(DamagedDriver, HasASentence) { damage_and_exercise(whole_, 1995, 300); }

TEST_P(DamagedDriver, CutOffHasASentence) {
    Mutator mutator(1995);
    for (int i = 0; i < 40; ++i)
        truncate_and_exercise(whole_, mutator.below(whole_.size()));
    for (std::size_t size = 0; size < 0x400; size += 3)
        truncate_and_exercise(whole_, size);
}

std::string test_name(const testing::TestParamInfo<std::filesystem::path>& info) {
    return info.param.stem().string() + "_" + info.param.extension().string().substr(1);
}

INSTANTIATE_TEST_SUITE_P(Drivers, DamagedDriver, testing::ValuesIn(real_drivers()), test_name);
INSTANTIATE_TEST_SUITE_P(Drivers32, DamagedDriver, testing::ValuesIn(real_drivers_32()), test_name);

}  // namespace
}  // namespace instdrv::pe::test
