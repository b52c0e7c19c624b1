#include "cli/options.hpp"

#include <charconv>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "base/duration.hpp"

namespace instdrv::cli {
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help) {
    const auto store = [&target, name](const std::string& text) {
        const auto duration = parse_duration(text);
        if (!duration) {
            throw CLI::ValidationError(
                name, fmt::format("'{}' is no duration; write it as 2s or 500ms", text));
        }
        target = *duration;
    };
    return app.add_option_function<std::string>(name, store, help)
        ->type_name("DURATION")
        ->default_str(fmt::format("{}ms", target.count()));
}

CLI::Option* add_config(CLI::App& app, std::filesystem::path& target) {
    return app
        .add_option_function<std::string>(
            "--config", [&target](const std::string& text) { target = text; },
            "The system.ini that names the drivers")
        ->type_name("FILE")
        ->envname("INSTDRV_CONFIG");
}

void add_placement(CLI::App& app, HostOptions& target) {
    app.add_flag_callback(
        "--in-process", [&target] { target.placement = Placement::in_process; },
        "Run drivers in this process, not in confined workers: only those you trust");
    const auto store = [&target](const std::string& text) {
        const auto deadline = parse_duration(text);
        if (!deadline || deadline->count() == 0) {
            throw CLI::ValidationError(
                "--deadline",
                fmt::format("'{}' is no time for a driver; write it as 5s or 500ms", text));
        }
        target.deadline = deadline;
    };
    app.add_option_function<std::string>(
           "--deadline", store,
           "Time a driver has for each message before its worker is ended (20 s to open, 10 s "
           "for most)")
        ->type_name("DURATION");
}

CLI::Option* add_force(CLI::App& app, bool& target, const std::string& help) {
    return app.add_flag("--force", target, help);
}

CLI::Option* add_json(CLI::App& app, bool& target) {
    return app.add_flag("--json", target, "Print JSON instead of a table");
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    std::uint64_t magnitude = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, magnitude, hexadecimal ? 16 : 10);
    if (error != std::errc{} || rest != end) return std::nullopt;
    constexpr auto lowest = std::uint64_t{1} << 63;
    if (negative && magnitude > lowest) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

}  // namespace instdrv::cli
