#include "catalog/name.hpp"

#include <algorithm>

namespace instdrv::catalog {
namespace {

Error unusable(std::string_view text, std::string cause, std::string advice) {
    return {.code = ErrorCode::invalid_argument,
            .operation = "read the driver name",
            .driver = std::string(text.substr(0, text.find('\0'))),
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

std::string_view without_leading_spaces(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

}  // namespace

Result<DriverName> parse_driver_name(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        return failure(unusable(text, "there is a NUL character in it", {}));
    }
    const auto whole = without_leading_spaces(text);
    const bool quoted = whole.starts_with('"');
    const auto named = whole.substr(quoted ? 1 : 0);
    const auto end = std::min(named.find(quoted ? '"' : ' '), named.size());
    if (quoted && end == named.size()) {
        return failure(unusable(text, "the quote is not closed", "Write \"file name\" text."));
    }
    const auto name = named.substr(0, end);
    const auto rest = named.substr(end + (quoted ? 1 : 0));
    if (name.empty()) {
        return failure(unusable(text, "it names no driver", "Give an alias or a file."));
    }
    if (!rest.empty() && rest.front() != ' ') {
        return failure(unusable(text, "there is no space after the closing quote",
                                "Write \"file name\" text."));
    }
    return DriverName{.name = std::string(name),
                      .text = std::string(without_leading_spaces(rest)),
                      .is_path = name.find_first_of("/\\") != std::string_view::npos};
}

}  // namespace instdrv::catalog
