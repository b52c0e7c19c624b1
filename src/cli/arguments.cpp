#include "cli/arguments.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/quantity.hpp"
#include "cli/checks.hpp"
#include "cli/command.hpp"

namespace instdrv::cli {

Arguments::Arguments(const Command& command, std::vector<std::string> words)
    : command_(&command), words_(std::move(words)), values_(command.options.size()) {}

void Arguments::set(std::string_view option, std::vector<std::string> values) {
    values_[index_of(option)] = std::move(values);
}

const std::vector<std::string>& Arguments::values(std::string_view option) const {
    return values_[index_of(option)];
}

std::string Arguments::text(std::string_view option) const {
    const auto index = index_of(option);
    if (!values_[index].empty()) return values_[index].back();
    return std::string(command_->options[index].initial);
}

std::optional<std::chrono::milliseconds> Arguments::duration(std::string_view option) const {
    return parse_duration(text(option));
}

std::optional<std::int64_t> Arguments::integer(std::string_view option) const {
    return parse_integer(text(option));
}

std::size_t Arguments::index_of(std::string_view option) const {
    const auto found = std::ranges::find(command_->options, option, &Option::name);
    if (found == command_->options.end())
        throw std::logic_error("no option of this command: " + std::string(option));
    return static_cast<std::size_t>(found - command_->options.begin());
}

}  // namespace instdrv::cli
