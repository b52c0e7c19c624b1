#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "conversions.hpp"

namespace instdrv::test {
namespace {

std::vector<std::string> formats_of(const nlohmann::json& driver) {
    std::vector<std::string> lines;
    for (const auto& tag : driver.at("format_tags")) {
        for (const auto& format : tag.at("formats")) {
            const auto number = [&](const char* key) { return format.at(key).get<unsigned>(); };
            lines.push_back(fmt::format("{} {} {} {} {} {}", tag.at("tag").get<unsigned>(),
                                        number("rate"), number("channels"), number("bits"),
                                        number("bytes_per_second"), number("block_align")));
        }
    }
    return lines;
}

TEST(AcmList, ShowsTheFormatsThatWineShows) {
    for (const auto& [driver, formats] : Conversions::instance().listings()) {
        SCOPED_TRACE(driver);
        const auto result = run({.arguments = {INSTDRV_PROGRAM, "acm", "list", "--json",
                                               std::string(WINE_DRIVERS "/") + driver}});
        ASSERT_EQ(result.status, 0) << result.err;
        const auto json = nlohmann::json::parse(result.out);
        ASSERT_EQ(json.size(), 1u);
        EXPECT_EQ(formats_of(json.at(0)), formats);
        EXPECT_FALSE(formats.empty());
    }
}

TEST(AcmList, GoesOnBehindADriverThatIsNone) {
    const auto result =
        run({.arguments = {INSTDRV_PROGRAM, "acm", "list", "/etc/passwd",
                           WINE_DRIVERS "/msvidc32.dll", WINE_DRIVERS "/msg711.acm"}});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, testing::HasSubstr("/etc/passwd"));
    EXPECT_THAT(result.err, testing::HasSubstr("It may be no sound codec"));
    EXPECT_THAT(result.out, testing::HasSubstr("alaw"));
}

}  // namespace
}  // namespace instdrv::test
