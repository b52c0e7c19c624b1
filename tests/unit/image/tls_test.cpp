#include "image/pe/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t base = 0x10000000;

struct TlsSpec {
    std::uint64_t start = base + 0x1100, end = base + 0x1110;
    std::uint64_t index = base + 0x1200, callbacks = base + 0x1300;
    std::uint32_t zero_fill = 32, characteristics = 0x00600000;  // aligned to 32
    std::uint64_t second_callback = base + 0x1020;
};

ImageSpec tls_image(const TlsSpec& tls, Machine machine = Machine::x86_64) {
    TableWriter out(table_rva);
    for (const auto word : {tls.start, tls.end, tls.index, tls.callbacks}) {
        out.put_word(machine, word);
    }
    out.put(tls.zero_fill).put(tls.characteristics).fill_to(0x1100).text("initial").fill_to(0x1300);
    out.put_word(machine, base + 0x1010).put_word(machine, tls.second_callback);
    out.put_word(machine, 0).fill_to(0x1400);
    return with_table(Directory::tls, out, 0, machine);
}

std::string cause_for(const TlsSpec& tls) {
    return cause_of(parse_tls(BuiltImage(tls_image(tls)).view));
}

TEST(Tls, IsReadInBothSizes) {
    for (const auto machine : {Machine::x86_64, Machine::x86}) {
        const BuiltImage image(tls_image({}, machine));
        const auto tls = parse_tls(image.view);
        ASSERT_TRUE(tls) << tls.error().text();
        ASSERT_TRUE(*tls);
        EXPECT_EQ((*tls)->template_rva, 0x1100u);
        EXPECT_EQ((*tls)->template_size, 16u);
        EXPECT_EQ((*tls)->zero_fill, 32u);
        EXPECT_EQ((*tls)->alignment, 32u);
        EXPECT_EQ((*tls)->index_slot, 0x1200u);
        EXPECT_THAT((*tls)->callbacks, ElementsAre(0x1010, 0x1020));
        const auto mapped = lay_out(image.view);
        const auto copied = (*tls)->make_template(mapped);
        EXPECT_TRUE(image::as_text(copied.initial).starts_with("initial"));
        EXPECT_EQ(copied.zero_fill, 32u);
        EXPECT_EQ(copied.alignment, 32u);
    }
}

TEST(Tls, MayBeAbsentOrEmpty) {
    const BuiltImage without(
        with_table(Directory::imports, TableWriter(0x1000).fill_to(0x1400), 0));
    EXPECT_FALSE(*parse_tls(without.view));
    const BuiltImage empty(tls_image({.start = 0, .end = 0, .callbacks = 0}));
    const auto tls = parse_tls(empty.view);
    ASSERT_TRUE(tls && *tls);
    EXPECT_EQ((*tls)->template_size, 0u);
    EXPECT_TRUE((*tls)->callbacks.empty());
}

TEST(Tls, RefusesAddressesOutside) {
    EXPECT_THAT(cause_for({.start = 1}), HasSubstr("initial data"));
    EXPECT_THAT(cause_for({.end = base}), HasSubstr("initial data"));
    EXPECT_THAT(cause_for({.end = UINT64_MAX}), HasSubstr("initial data"));
    EXPECT_THAT(cause_for({.index = base + 0x1FFE}), HasSubstr("index"));
    EXPECT_THAT(cause_for({.index = 0}), HasSubstr("index"));
    EXPECT_THAT(cause_for({.callbacks = 5}), HasSubstr("list of callbacks lies outside"));
    EXPECT_THAT(cause_for({.second_callback = 5}), HasSubstr("a callback lies outside"));
    EXPECT_THAT(cause_for({.zero_fill = 0xFFFFFFFF}), HasSubstr("64 MiB"));
}

TEST(Tls, ListOfCallbacksMustEnd) {
    TableWriter out(table_rva);
    out.put<std::uint64_t>(0).put<std::uint64_t>(0).put(base + 0x1FF8).put(base + 0x1100);
    out.fill_to(0x1100);
    while (out.here() < 0x2000)
        out.put(base + 0x1000);
    const BuiltImage image(with_table(Directory::tls, out, 40));
    EXPECT_THAT(cause_of(parse_tls(image.view)), HasSubstr("no end"));
}

}  // namespace
}  // namespace instdrv::pe::test
