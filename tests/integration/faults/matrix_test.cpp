// The fault matrix: each fault at each stage, in each build. docs/fault-matrix.md shows it.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "expectations.hpp"
#include "remains.hpp"
#include "row.hpp"

namespace instdrv::test {
namespace {

class FaultMatrix : public testing::TestWithParam<Build> {
protected:
    void SetUp() override {
#ifdef __SANITIZE_ADDRESS__
        GTEST_SKIP() << "AddressSanitizer ends a faulty driver in its own way";
#endif
        ::setenv("TMPDIR", temporary_.path().c_str(), 1);
    }
    void TearDown() override { ::unsetenv("TMPDIR"); }

    TemporaryFolder temporary_;
};

TEST_P(FaultMatrix, EveryFaultAtEveryStage) {
    const auto first = what_remains(temporary_.path());
    {
        Host host({.state_folder = temporary_ / "state"});  // the first worker starts the monitor
        ASSERT_TRUE(host.open(driver_file("misbehaves", ".so")));
    }
    const auto before = remains_of_monitor(first, temporary_.path());
    for (const auto& fault : faults()) {
        SCOPED_TRACE(fault.name);
        std::array<std::string, stages.size()> endings;
        {
            Row row(fault, GetParam());
            row.run();
            endings = row.endings();
        }
        std::array<std::string, stages.size()> expected;
        for (std::size_t i = 0; i < stages.size(); ++i)
            expected.at(i) = fault.ending(GetParam(), stages.at(i));
        if (fault.outlives_its_file) endings.back() = expected.back();
        EXPECT_EQ(endings, expected);
        EXPECT_EQ(wait_for_remains(before, temporary_.path()), before);
        fmt::print("{:<24} {}\n", fault.name, fmt::join(endings, " | "));
    }
}

TEST(FaultMatrixPage, IsWhatTheTestsExpect) {
    std::ifstream file(INSTDRV_FAULT_MATRIX);
    const std::string page(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(page, matrix_page()) << "write it anew with build/debug/bin/fault_matrix";
}

INSTANTIATE_TEST_SUITE_P(Builds, FaultMatrix, testing::ValuesIn(matrix_builds), name_of_build);

}  // namespace
}  // namespace instdrv::test
