// A DLL made by mingw-w64 from C and C++ runs on the runtimes of ours as it does on Wine's, whose
// amd64 build is what that for i386 is compared with, too.
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "image/pe/guarded_call.hpp"
#include "kernel/driver_folder.hpp"
#include "oracle/run_under_wine.hpp"

namespace instdrv::winapi::test {
namespace {

class RuntimeProbe : public DriverFolderTest {
protected:
    static std::vector<std::string> lines_here() {
        Process::instance().prepare_thread();
        auto loaded = Process::instance().loader().load(INSTDRV_PROBE);
        if (!loaded) return {loaded.error().text()};
        const void* const probe = (*loaded)->find_export({.name = "probe"});
        const auto result = pe::guarded_call(probe);
        std::istringstream report(result.broken != nullptr
                                      ? result.broken->text()
                                      : reinterpret_cast<const char*>(result.value));
        std::vector<std::string> lines;
        for (std::string line; std::getline(report, line);)
            lines.push_back(line);
        Process::instance().loader().release(*loaded);
        return lines;
    }
};

TEST_F(RuntimeProbe, SaysTheSameHereAsUnderWine) {
    const auto expected = oracle::lines_under_wine("x86_64/runtime_probe");
    ASSERT_GT(expected.size(), 100u);
    const auto here = lines_here();
    ASSERT_EQ(here.size(), expected.size());
    for (std::size_t i = 0; i < here.size(); ++i)
        EXPECT_EQ(here[i], expected[i]);
}

}  // namespace
}  // namespace instdrv::winapi::test
