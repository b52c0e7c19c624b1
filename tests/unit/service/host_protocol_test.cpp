#include "service/host_protocol.hpp"

#include <gtest/gtest.h>

#include "service/host_parts.hpp"

namespace instdrv::service {
namespace {

TEST(HostProtocol, CarriesEveryErrorByItsName) {
    for (int number = 1; number <= INSTDRV_LAST_ERROR_CODE; ++number) {
        const auto code = static_cast<ErrorCode>(number);
        const Error sent{
            .code = code, .operation = "open", .driver = "a.dll", .cause = "this: that"};
        const auto got = error_of(name_of(code), sent.text());
        EXPECT_EQ(got.code, code) << name_of(code);
        // Who hands it on says himself what was attempted with which driver.
        EXPECT_EQ(got.text(), "this: that");
    }
    EXPECT_EQ(error_of("of_another_version", "no words").code, ErrorCode::broken);
    EXPECT_EQ(error_of("of_another_version", "no words").cause, "no words");
}

TEST(HostProtocol, CarriesHandles) {
    for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63})
        EXPECT_EQ(id_of(handle_of(id)), id);
}

TEST(HostParts, SayWhyAnOpeningHasNoInstance) {
    DriverOpening opening{.request = {.name = "a.dll"}, .finished = true};
    EXPECT_EQ(refusal_of(opening)->text(), "open a.dll: it was closed again at once");
    opening.error = Error{.code = ErrorCode::not_found, .cause = "there is none"};
    EXPECT_EQ(refusal_of(opening)->code, ErrorCode::not_found);
    opening.error.reset();
    opening.info = InstanceInfo{};
    EXPECT_FALSE(refusal_of(opening));
}

}  // namespace
}  // namespace instdrv::service
