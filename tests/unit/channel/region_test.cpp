#include "channel/region.hpp"

#include <initializer_list>
#include <utility>

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

TEST(Regions, OfClientsAreMappedPieceByPiece) {
    const auto region = Region::create(client_region_size);
    ASSERT_TRUE(region);
    const auto attached = Region::attach_client(Fd(::dup(region->fd().get())));
    ASSERT_TRUE(attached);
    EXPECT_EQ(attached->size(), client_region_size);
    constexpr std::size_t part = std::size_t{1} << 20;
    const auto more = attached->map_more(client_region_reach, part);
    ASSERT_TRUE(more) << more.error().text();
    ASSERT_EQ(more->bytes().size(), part);
    more->bytes().back() = std::byte{42};
    EXPECT_EQ(region->base()[client_region_reach + part - 1], std::byte{42});
    for (const auto& [offset, bytes] :
         std::initializer_list<std::pair<std::uint64_t, std::uint64_t>>{
             {client_region_size, part},
             {client_region_size - part, 2 * part},
             {0, ~std::uint64_t{0} - 4095},
             {~std::uint64_t{0} - 4095, 4096},
             {100, 4096},
             {4096, 100},
             {4096, 0}}) {
        EXPECT_FALSE(attached->map_more(offset, bytes)) << offset << " " << bytes;
    }
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
