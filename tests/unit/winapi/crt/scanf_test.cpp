#include "winapi/crt/scanf.hpp"

#include <string>

#include <gtest/gtest.h>

#include "oracle/run_under_wine.hpp"
#include "oracle/scanf_cases.hpp"

namespace instdrv::winapi::crt {
namespace {

VaList list_of(const void* slots) { return reinterpret_cast<VaList>(const_cast<void*>(slots)); }

struct OurRuntime {
    template <class Char>
    int scan(std::uint64_t options, const Char* text, const Char* format, const void* list) const {
        TextInput<Char> input(text);
        return crt::scan<Char>(input, ScanfOptions::from_bits(options), format,
                               Arguments(list_of(list)));
    }
    void line(const std::string& text) { lines.push_back(text); }
    std::vector<std::string> lines;
};

TEST(Scanf, AgreesWithWine) {
    const auto expected = oracle::lines_under_wine("scanf_oracle");
    OurRuntime ours;
    cases::report_scans(ours);
    ASSERT_GT(expected.size(), 100u);
    ASSERT_EQ(ours.lines.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(ours.lines[i], expected[i]);
}

int scan_into(const char* text, const char* format, void* first, void* second = nullptr) {
    const std::uint64_t slots[] = {reinterpret_cast<std::uintptr_t>(first),
                                   reinterpret_cast<std::uintptr_t>(second)};
    TextInput<char> input(text);
    return scan<char>(input, {}, format, Arguments(list_of(slots)));
}

TEST(Scanf, FollowsTheDocumentationWhereWineDoesNot) {
    int number = 7;
    EXPECT_EQ(scan_into("   ", "%d", &number), -1) << "the input ended before the number";
    float first = 0;
    float second = 0;
    EXPECT_EQ(scan_into("1.2345", "%3f%f", &first, &second), 2);
    EXPECT_FLOAT_EQ(first, 1.2F);
    EXPECT_FLOAT_EQ(second, 345.0F);
    char text[8] = "as it w";
    EXPECT_EQ(scan_into("abc", "%[0-9]", text), 0);
    EXPECT_STREQ(text, "as it w");
    EXPECT_EQ(number, 7);
}

// scanf_s: an unsigned size follows the pointer of a text.
int scan_sized(const char* text, const char* format, char* first, unsigned first_room, char* second,
               unsigned second_room) {
    const std::uint64_t slots[] = {reinterpret_cast<std::uintptr_t>(first), first_room,
                                   reinterpret_cast<std::uintptr_t>(second), second_room};
    TextInput<char> input(text);
    return scan<char>(input, ScanfOptions::from_bits(1), format, Arguments(list_of(slots)));
}

TEST(Scanf, KeepsToTheRoomThatTheSafeFormsName) {
    char first[4] = {'#', '#', '#', '#'};
    char second[4] = {'#', '#', '#', '#'};
    EXPECT_EQ(scan_sized("abc de", "%s %s", first, 4, second, 4), 2);
    EXPECT_STREQ(first, "abc");
    EXPECT_STREQ(second, "de");
    EXPECT_EQ(scan_sized("ab toolong", "%s %s", first, 4, second, 4), 1);
    EXPECT_STREQ(second, "");
    EXPECT_EQ(scan_sized("xyz", "%3c", first, 2, second, 4), 0);
    EXPECT_EQ(scan_sized("q", "%c", first, 1, second, 4), 1);
    EXPECT_EQ(first[0], 'q');
}

TEST(Scanf, FailsForTextWithoutANarrowForm) {
    char cell[8] = {};
    const std::uint64_t slots[] = {reinterpret_cast<std::uintptr_t>(+cell)};
    TextInput<char16_t> input(u"\u4e2d");
    EXPECT_EQ(scan<char16_t>(input, {}, u"%hs", Arguments(list_of(slots))), 0);
}

}  // namespace
}  // namespace instdrv::winapi::crt
