#include "messages/memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <limits>

#include <gtest/gtest.h>

#include "world.hpp"

namespace instdrv::messages::test {
namespace {

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

// One page, and one behind it that nobody can touch.
class Pages {
public:
    Pages()
        : size_(static_cast<std::size_t>(getpagesize())),
          first_(static_cast<std::byte*>(mmap(nullptr, 2 * size_, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
        mprotect(first_ + size_, size_, PROT_NONE);
    }
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    ~Pages() { munmap(first_, 2 * size_); }

    std::span<std::byte> last(std::size_t count) const { return {first_ + size_ - count, count}; }

private:
    std::size_t size_;
    std::byte* first_;
};

TEST(ProcessMemory, reads_and_writes_this_process) {
    for (const auto access : {ProcessMemory::Access::direct, ProcessMemory::Access::checked}) {
        const ProcessMemory memory(access);
        std::uint32_t value = 0x12345678;
        std::array<std::byte, 4> got{};
        ASSERT_TRUE(memory.read(address_of(&value), got));
        EXPECT_EQ(got[0], std::byte{0x78});
        got[3] = std::byte{0xFF};
        ASSERT_TRUE(memory.write(address_of(&value), got));
        EXPECT_EQ(value, 0xFF345678u);
        EXPECT_TRUE(memory.read(0, {}));
    }
}

TEST(ProcessMemory, survives_addresses_of_nothing) {
    const Pages pages;
    std::array<std::byte, 8> bytes{};
    const ProcessMemory checked(ProcessMemory::Access::checked);
    const ProcessMemory direct;
    EXPECT_FALSE(checked.read(address_of(pages.last(4).data()), bytes));
    EXPECT_FALSE(checked.write(address_of(pages.last(4).data()), bytes));
    EXPECT_FALSE(direct.try_read(address_of(pages.last(4).data()), bytes));
    EXPECT_TRUE(direct.try_read(address_of(pages.last(8).data()), bytes));
    for (const std::uint64_t address :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xFFFF}, std::uint64_t{1} << 47,
          std::numeric_limits<std::uint64_t>::max() - 3}) {
        EXPECT_FALSE(direct.read(address, bytes)) << address;
        EXPECT_FALSE(direct.write(address, bytes)) << address;
        EXPECT_FALSE(direct.try_read(address, bytes)) << address;
    }
}

TEST(RegionMemory, touches_nothing_outside_of_the_region) {
    std::vector<std::byte> bytes(64, std::byte{1});
    const std::span middle = std::span(bytes).subspan(16, 32);
    constexpr std::uint64_t there = 0x10000;
    const RegionMemory memory(middle, there);
    std::array<std::byte, 8> eight{};
    EXPECT_TRUE(memory.read(there, eight));
    EXPECT_TRUE(memory.write(there + 24, eight));
    for (const std::uint64_t address : {there - 1, there + 25, there + 32, std::uint64_t{0},
                                        std::numeric_limits<std::uint64_t>::max() - 7,
                                        std::numeric_limits<std::uint64_t>::max()}) {
        EXPECT_FALSE(memory.read(address, eight)) << address;
        EXPECT_FALSE(memory.write(address, eight)) << address;
        EXPECT_FALSE(memory.try_read(address, eight)) << address;
    }
    EXPECT_EQ(bytes[15], std::byte{1});
    EXPECT_EQ(bytes[48], std::byte{1});
}

TEST(Texts, are_read_up_to_their_end) {
    const Pages pages;
    const ProcessMemory memory;
    const auto place = [&](std::u16string_view text) {
        const auto bytes = bytes_of(text);
        const auto to = pages.last(bytes.size());
        std::memcpy(to.data(), bytes.data(), bytes.size());
        return address_of(to.data());
    };
    for (const std::size_t length : {0u, 1u, 31u, 32u, 33u, 200u}) {
        const std::u16string text(length, u'x');
        const auto got = read_text(memory, place(text), 2);
        ASSERT_TRUE(got) << length;
        EXPECT_EQ(*got, bytes_of(text));
    }
    // A zero byte in the middle of a character ends nothing.
    const auto got = read_text(memory, place(u"\u0100\u0001"), 2);
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, bytes_of(u"\u0100\u0001"));
    const auto narrow = read_text(memory, place(u"a"), 1);
    ASSERT_TRUE(narrow);
    EXPECT_EQ(narrow->size(), 2u);
}

TEST(Texts, without_an_end_are_errors) {
    std::vector<std::byte> bytes(70'000, std::byte{'x'});
    const RegionMemory region(bytes, 0x10000);
    EXPECT_FALSE(read_text(region, 0x10000, 1)) << "longer than any text";
    EXPECT_FALSE(read_text(region, 0x10000 + 69'990, 1)) << "the region ends first";
}

}  // namespace
}  // namespace instdrv::messages::test
