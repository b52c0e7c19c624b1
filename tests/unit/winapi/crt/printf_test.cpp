#include "winapi/crt/printf.hpp"

#include <cstdio>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "oracle/printf_report.hpp"
#include "oracle/run_under_wine.hpp"

namespace instdrv::winapi::crt {
namespace {

VaList list_of(const void* slots) { return reinterpret_cast<VaList>(const_cast<void*>(slots)); }

struct OurRuntime {
    template <class Char>
    int ucrt(std::uint64_t options, Char* buffer, std::size_t room, const Char* format,
             const void* list) const {
        return format_into(buffer, room, PrintfOptions::from_bits(options), format,
                           Arguments(list_of(list)));
    }
    template <class Char>
    int msvcrt(Char* buffer, std::size_t room, const Char* format, const void* list) const {
        return format_into(buffer, room, PrintfOptions::msvcrt(), format, Arguments(list_of(list)));
    }
    void line(const std::string& text) { lines.push_back(text); }
    std::vector<std::string> lines;
};

TEST(Printf, AgreesWithWine) {
    const auto expected = oracle::lines_under_wine("printf_oracle");
    OurRuntime ours;
    cases::report_all(ours);
    ASSERT_GT(expected.size(), 500u);
    ASSERT_EQ(ours.lines.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(ours.lines[i], expected[i]);
}

std::string formatted(const char* format, const std::vector<cases::Slot>& slots,
                      const PrintfOptions& options = {}) {
    std::string text(400, '#');
    const int length =
        format_into(text.data(), text.size(), options, format, Arguments(list_of(slots.data())));
    return length < 0 ? "failed" : text.substr(0, static_cast<std::size_t>(length));
}

std::u16string wide_formatted(const char16_t* format, const std::vector<cases::Slot>& slots,
                              std::uint64_t bits) {
    std::u16string text(400, u'#');
    const int length = format_into(text.data(), text.size(), PrintfOptions::from_bits(bits), format,
                                   Arguments(list_of(slots.data())));
    return text.substr(0, static_cast<std::size_t>(length));
}

TEST(Printf, FollowsTheDocumentationWhereWineDoesNot) {
    EXPECT_EQ(formatted("%hhd|%hhu", {cases::number(300), cases::number(300)}), "44|44");
    EXPECT_EQ(formatted("%05.3d", {cases::number(7)}), "  007");
    EXPECT_EQ(formatted("%#.0o", {cases::number(0)}), "0");
    EXPECT_EQ(formatted("%F", {cases::real(2.5)}), "2.500000");
    EXPECT_EQ(formatted("%5%|", {}), "%|");
    EXPECT_EQ(formatted("%.0f", {cases::real(2.5)}), "2");
    EXPECT_EQ(formatted("%.0f", {cases::real(2.5)}, PrintfOptions::msvcrt()), "3");
}

TEST(Printf, WritesHexadecimalFloatsWithAllDigits) {
    EXPECT_EQ(formatted("%a", {cases::real(1)}), "0x1.0000000000000p+0");
    EXPECT_EQ(formatted("%.2A", {cases::real(-0.5)}), "-0X1.00P-1");
    EXPECT_EQ(formatted("%012.1a", {cases::real(2)}), "0x00001.0p+1");
}

TEST(Printf, WritesWhatIsNotANumber) {
    EXPECT_EQ(formatted("%f", {cases::real(std::stod("nan"))}), "nan");
    EXPECT_EQ(formatted("%f", {cases::real(-std::stod("nan"))}), "-nan(ind)");
    EXPECT_EQ(formatted("%g", {cases::real(std::stod("nan"))}, PrintfOptions::msvcrt()), "1.#QNAN");
}

TEST(Printf, RefusesToWriteThroughItsArguments) {
    int victim = 7;
    EXPECT_EQ(formatted("abc%n", {reinterpret_cast<cases::Slot>(&victim)}), "failed");
    EXPECT_EQ(victim, 7);
}

TEST(Printf, FailsForTextWithoutANarrowForm) {
    EXPECT_EQ(formatted("a%lsb", {cases::wide(u"\u4e2d")}), "failed");
}

TEST(Printf, ChoosesTheWidthOfText) {
    const auto narrow = cases::text("narrow");
    const auto wide = cases::wide(u"wide");
    EXPECT_EQ(formatted("%s %S", {narrow, wide}), "narrow wide");
    EXPECT_EQ(wide_formatted(u"%s %S", {narrow, wide}, 0), u"narrow wide");
    EXPECT_EQ(wide_formatted(u"%s %S", {wide, narrow}, 4), u"wide narrow");
}

TEST(Printf, FormatsCountedStrings) {
    struct {
        std::uint16_t length = 3, maximum = 8;
        const void* buffer = nullptr;
    } counted;
    counted.buffer = "abcdef";
    EXPECT_EQ(formatted("%Z|", {reinterpret_cast<cases::Slot>(&counted)}), "abc|");
    counted.length = 4;
    counted.buffer = u"uvw";
    EXPECT_EQ(formatted("%wZ|%Z", {reinterpret_cast<cases::Slot>(&counted), 0}), "uv|(null)");
}

// A conversion that means the same here and in the host's printf.
std::string any_conversion(std::string_view types, bool zeros) {
    std::string format = "%";
    for (const char flag : std::string_view("-+ #")) {
        if (*rc::gen::arbitrary<bool>()) format += flag;
    }
    if (zeros && *rc::gen::arbitrary<bool>()) format += '0';
    if (*rc::gen::arbitrary<bool>()) format += std::to_string(*rc::gen::inRange(1, 40));
    if (*rc::gen::arbitrary<bool>()) format += '.' + std::to_string(*rc::gen::inRange(0, 30));
    return format + *rc::gen::elementOf(std::string(types));
}

template <class Value>
std::string by_host(const std::string& format, Value value) {
    char text[600];
    std::snprintf(text, sizeof text, format.c_str(), value);
    return text;
}

RC_GTEST_PROP(Printf, WritesIntegersAsTheHostDoes, ()) {
    const int value = *rc::gen::arbitrary<int>();
    const std::string format = any_conversion("dioxXu", true);
    RC_ASSERT(formatted(format.c_str(), {cases::number(value)}) == by_host(format, value));
}

RC_GTEST_PROP(Printf, WritesRealsAsTheHostDoes, ()) {
    const double value = *rc::gen::arbitrary<double>();
    const std::string format = any_conversion("eEfFgG", true);
    RC_ASSERT(formatted(format.c_str(), {cases::real(value)}) == by_host(format, value));
}

RC_GTEST_PROP(Printf, WritesTextsAsTheHostDoes, ()) {
    const auto value = *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
    const std::string format = any_conversion("s", false);
    RC_ASSERT(formatted(format.c_str(), {cases::text(value.c_str())}) ==
              by_host(format, value.c_str()));
}

TEST(Printf, CountsWithoutABuffer) {
    const std::vector<cases::Slot> slots = {cases::number(12345)};
    EXPECT_EQ(format_into<char>(nullptr, 0, PrintfOptions::from_bits(2), "%10d",
                                Arguments(list_of(slots.data()))),
              10);
}

TEST(Printf, FailsForMoreThanAnIntCanCount) {
    const std::vector<cases::Slot> slots = {1, 2};
    EXPECT_EQ(format_into<char>(nullptr, 0, PrintfOptions::from_bits(2), "%2000000000d%2000000000d",
                                Arguments(list_of(slots.data()))),
              -1);
}

}  // namespace
}  // namespace instdrv::winapi::crt
