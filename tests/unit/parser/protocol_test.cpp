#include "parser/protocol.hpp"

#include <random>

#include <gtest/gtest.h>

namespace instdrv::parser {
namespace {

DriverFile some_file() {
    return {
        .kind = image::Kind::pe32,
        .machine = "i386",
        .obstacle = "it has one",
        .warnings = {"first", std::string("se\0cond", 7)},
        .version = {{"FileVersion", "1.2"}, {"", ""}},
        .exports = {{"DriverProc", 1, {}}, {{}, 65535, "other.#12"}},
        .libraries = {{"kernel32.dll", true, {{"Sleep", 0}, {{}, 12}}}, {"none.dll", false, {}}}};
}

TEST(ParserProtocol, CarriesAFile) {
    const auto bytes = encode(Result<DriverFile>(some_file()));
    const auto got = decode_driver(bytes);
    ASSERT_TRUE(got && *got);
    const DriverFile& file = **got;
    EXPECT_EQ(file.kind, image::Kind::pe32);
    EXPECT_EQ(file.machine, "i386");
    EXPECT_EQ(file.obstacle, "it has one");
    EXPECT_EQ(file.warnings, some_file().warnings);
    EXPECT_EQ(file.version, some_file().version);
    ASSERT_EQ(file.exports.size(), 2u);
    EXPECT_EQ(file.exports[0].name, "DriverProc");
    EXPECT_EQ(file.exports[1].ordinal, 65535);
    EXPECT_EQ(file.exports[1].forwarder, "other.#12");
    ASSERT_EQ(file.libraries.size(), 2u);
    EXPECT_TRUE(file.libraries[0].delayed);
    EXPECT_EQ(file.libraries[0].functions[0].name, "Sleep");
    EXPECT_EQ(file.libraries[0].functions[1].ordinal, 12);
    EXPECT_TRUE(file.libraries[1].functions.empty());
    EXPECT_EQ(encode(*got), bytes);
}

TEST(ParserProtocol, CarriesAHeader) {
    const codec::WavHeader header{.format = {std::byte{1}, std::byte{0}, std::byte{255}},
                                  .data_start = 44,
                                  .data_size = std::uint64_t{1} << 40,
                                  .samples = {},
                                  .remarks = {"the first", ""}};
    const auto bytes = encode(Result<codec::WavHeader>(header));
    const auto got = decode_wav(bytes);
    ASSERT_TRUE(got && *got);
    EXPECT_EQ((*got)->format, header.format);
    EXPECT_EQ((*got)->data_start, header.data_start);
    EXPECT_EQ((*got)->data_size, header.data_size);
    EXPECT_EQ((*got)->samples, header.samples);
    EXPECT_EQ((*got)->remarks, header.remarks);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_wav(std::span(bytes).first(size))) << size;
}

TEST(ParserProtocol, CarriesAnError) {
    const auto got = decode_kind(encode(Result<image::Kind>(failure({.code = ErrorCode::bad_image,
                                                                     .operation = "read",
                                                                     .cause = "this is text",
                                                                     .advice = "Name a DLL",
                                                                     .system_code = -5}))));
    ASSERT_TRUE(got);
    ASSERT_FALSE(*got);
    EXPECT_EQ(got->error().code, ErrorCode::bad_image);
    EXPECT_EQ(got->error().text(), "read: this is text. Name a DLL");
    EXPECT_EQ(got->error().system_code, -5);
}

TEST(ParserProtocol, RefusesWhatIsNotAWholeAnswer) {
    auto bytes = encode(Result<DriverFile>(some_file()));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_driver(std::span(bytes).first(size))) << size;
    bytes.push_back({});
    EXPECT_FALSE(decode_driver(bytes));
    EXPECT_FALSE(decode_kind(bytes));
}

TEST(ParserProtocol, RefusesWhatIsOutOfRange) {
    for (const auto last : {std::byte{3}, std::byte{4}, std::byte{255}}) {
        auto bytes = encode(Result<image::Kind>(image::Kind::pe64));
        bytes[1] = last;
        EXPECT_EQ(decode_kind(bytes).has_value(), last == std::byte{3});
    }
}

// Where counts and lengths are what somebody wants them to be.
TEST(ParserProtocol, SurvivesAnyBytes) {
    std::mt19937 random(7);
    const auto good = encode(Result<DriverFile>(some_file()));
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = good;
        for (int change = 0; change < 3; ++change)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        const auto got = decode_driver(bytes);
        if (got && *got) {
            EXPECT_LE((*got)->exports.size(), bytes.size());
        }
    }
}

TEST(ParserProtocol, LeavesOutWhatIsTooMuch) {
    DriverFile file = some_file();
    file.warnings.assign(3, std::string(largest_answer / 2, 'A'));
    const auto got = decode_driver(encode(Result<DriverFile>(file)));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->error().code, ErrorCode::bad_image);
}

}  // namespace
}  // namespace instdrv::parser
