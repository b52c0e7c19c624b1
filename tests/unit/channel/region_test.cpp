#include "channel/region.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace instdrv::channel {
namespace {

constexpr std::size_t size = std::size_t{4} << 20;

TEST(Regions, AreOneMemoryForBothSides) {
    const auto region = Region::create(size);
    ASSERT_TRUE(region) << region.error().text();
    const auto attached = Region::attach(region->fd());
    ASSERT_TRUE(attached) << attached.error().text();
    EXPECT_NE(attached->base(), region->base()) << "the place is taken in one process";
    region->supervisor_arena()[5] = std::byte{42};
    EXPECT_EQ(attached->supervisor_arena()[5], std::byte{42});
    EXPECT_EQ(attached->size(), region->size());
}

TEST(Regions, LieAtTheSameAddressWhereItIsFree) {
    const auto region = Region::create(size);
    ASSERT_TRUE(region);
    const pid_t child = ::fork();
    if (child == 0) {
        ::munmap(region->base(), region->size());
        const auto attached = Region::attach(region->fd());
        ::_exit(attached && attached->base() == region->base() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(Regions, CannotBeResized) {
    const auto region = Region::create(size);
    ASSERT_TRUE(region);
    EXPECT_NE(::ftruncate(region->fd().get(), 4096), 0);
    EXPECT_NE(::ftruncate(region->fd().get(), static_cast<off_t>(2 * size)), 0);
}

TEST(Regions, DivideTheArenaBetweenTheSides) {
    const auto region = Region::create(size);
    ASSERT_TRUE(region);
    const auto ours = region->supervisor_arena();
    const auto theirs = region->worker_arena();
    EXPECT_EQ(ours.data() + ours.size(), theirs.data());
    EXPECT_TRUE(region->contains(theirs.data(), theirs.size()));
    EXPECT_FALSE(region->contains(theirs.data() + 1, theirs.size()));
    EXPECT_FALSE(region->contains(region->base() - 1, 1));
}

TEST(Regions, AreNotTakenFromAnythingElse) {
    const Fd other(::memfd_create("other", MFD_CLOEXEC));
    EXPECT_FALSE(Region::attach(other)) << "empty";
    ASSERT_EQ(::ftruncate(other.get(), static_cast<off_t>(size)), 0);
    EXPECT_FALSE(Region::attach(other)) << "zeros";
    EXPECT_FALSE(Region::attach(Fd()));
}

TEST(Regions, OfAnotherVersionAreRefused) {
    const auto region = Region::create(size);
    ASSERT_TRUE(region);
    region->header().version = version + 1;
    const auto attached = Region::attach(region->fd());
    ASSERT_FALSE(attached);
    EXPECT_NE(attached.error().text().find("version"), std::string::npos);
}

}  // namespace
}  // namespace instdrv::channel
