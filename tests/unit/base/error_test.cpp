#include <gtest/gtest.h>
#include <instdrv/error.hpp>

namespace instdrv {
namespace {

TEST(Error, reads_as_a_sentence) {
    const Error error{.code = ErrorCode::bad_image,
                      .operation = "open",
                      .driver = "msadp32.acm",
                      .cause = "the file ends inside its section table",
                      .advice = "Copy it again from its source."};
    EXPECT_EQ(error.text(),
              "open msadp32.acm: the file ends inside its section table. Copy it again from its "
              "source.");
    EXPECT_EQ(Error{.cause = "it broke"}.text(), "it broke");
    EXPECT_EQ((Error{.driver = "a.drv", .cause = "it broke"}.text()), "a.drv: it broke");
    EXPECT_EQ((Error{.operation = "open", .cause = "it broke"}.text()), "open: it broke");
    EXPECT_EQ(Error{}.text(), "");
}

TEST(ErrorCode, has_the_name_that_reports_use) {
    EXPECT_EQ(name_of(ErrorCode::none), "ok");
    EXPECT_EQ(name_of(ErrorCode::invalid_argument), "invalid_argument");
    EXPECT_EQ(name_of(ErrorCode::refused_close), "refused_close");
    EXPECT_EQ(name_of(ErrorCode::exiting), "exiting");
    EXPECT_EQ(name_of(ErrorCode::configuration), "configuration");
    EXPECT_EQ(name_of(ErrorCode::exited), "exited");
    EXPECT_EQ(name_of(static_cast<ErrorCode>(INSTDRV_LAST_ERROR_CODE + 1)), "unknown");
    EXPECT_EQ(name_of(static_cast<ErrorCode>(-1)), "unknown");
}

}  // namespace
}  // namespace instdrv
