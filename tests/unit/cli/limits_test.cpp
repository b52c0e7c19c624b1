#include "cli/limits.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/temporary_folder.hpp"

namespace instdrv::cli {
namespace {

class GroupLimits : public testing::Test {
protected:
    void set(const std::filesystem::path& group, const std::string& file, const std::string& text) {
        std::filesystem::create_directories(folder_ / group);
        std::ofstream(folder_ / group / file) << text << '\n';
    }
    [[nodiscard]] MachineLimit limit(const std::string& own_groups, const char* file) const {
        return group_limit(folder_.path(), own_groups, file);
    }
    test::TemporaryFolder folder_;
};

TEST_F(GroupLimits, AreTheLowestOfAllGroupsAround) {
    set("a.slice", "pids.max", "300");
    set("a.slice/b.slice", "pids.max", "200");
    set("a.slice/b.slice/c.service", "pids.max", "max");
    const auto found = limit("0::/a.slice/b.slice/c.service\n", "pids.max");
    EXPECT_EQ(found.value, 200U);
    EXPECT_EQ(found.set_by, "pids.max of /a.slice/b.slice");
}

TEST_F(GroupLimits, AreFoundBesideGroupsOfVersionOne) {
    set("c.service", "memory.max", "536870912");
    EXPECT_EQ(limit("9:name=systemd:/x\n8:pids:/y\n0::/c.service\n", "memory.max").value,
              536870912U);
}

TEST_F(GroupLimits, AreNoneWhereNobodySetOne) {
    set("c.service", "memory.max", "max");
    for (const char* const own : {"0::/c.service\n", "0::/gone\n", "0::/\n", "8:pids:/y\n", ""}) {
        const auto found = limit(own, "memory.max");
        EXPECT_FALSE(found.value) << own;
        EXPECT_EQ(found.set_by, "") << own;
    }
}

TEST(MachineLimits, HaveTheDescriptorsOfThisProcess) {
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const auto limits = machine_limits();
    ASSERT_EQ(limits.size(), 3U);
    EXPECT_EQ(limits[2].name, "descriptors");
    EXPECT_EQ(limits[2].value, limit.rlim_cur);
}

}  // namespace
}  // namespace instdrv::cli
