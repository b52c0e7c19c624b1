#include "image/bad_image.hpp"

#include <fmt/format.h>

namespace instdrv::image {

namespace {

constexpr std::string_view copy_again =
    "It is incomplete or damaged: copy it again from its source";

}  // namespace

tl::unexpected<Error> bad_image(std::string cause, std::string advice) {
    return failure({.code = ErrorCode::bad_image,
                    .operation = {},
                    .driver = {},
                    .cause = std::move(cause),
                    .advice = std::move(advice)});
}

tl::unexpected<Error> ends_inside(std::string_view what) {
    return bad_image(fmt::format("the file ends inside {}", what), std::string(copy_again));
}

tl::unexpected<Error> damaged(std::string_view what, std::string_view detail) {
    return bad_image(fmt::format("{} is damaged: {}", what, detail), std::string(copy_again));
}

tl::unexpected<Error> wrong_machine(std::string_view built_for, std::string_view usable) {
    return failure({.code = ErrorCode::wrong_machine,
                    .operation = {},
                    .driver = {},
                    .cause = fmt::format("built for {}, not for {}", built_for, usable),
                    .advice = fmt::format("Get the driver built for {}", usable)});
}

}  // namespace instdrv::image
