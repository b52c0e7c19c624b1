#include <instdrv/host.hpp>

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "codec/acm_driver.hpp"

namespace instdrv::cli {
namespace {

constexpr Option acm_list_options[] = {
    {.name = "driver", .value = "DRIVER", .help = "Alias or file", .files = true, .repeated = true},
    config_option,
    in_process_option,
    deadline_option,
    trace_calls_option,
    json_option};

// Everything one driver says.
struct Described {
    std::string name;
    codec::AcmDetails details;
    std::vector<std::pair<codec::AcmFormatTag, std::vector<codec::AcmFormat>>> tags;
};

Result<Described> describe(Host& host, const std::string& name) {
    const auto driver = codec::AcmDriver::open(host, name);
    if (!driver) return failure(driver.error());
    const auto details = driver->details();
    if (!details) return failure(details.error());
    auto tags = driver->format_tags();
    if (!tags) return failure(tags.error());
    Described described{name, *details, {}};
    for (auto& tag : *tags) {
        auto formats = driver->formats(tag);
        if (!formats) return failure(formats.error());
        described.tags.emplace_back(std::move(tag), *std::move(formats));
    }
    return described;
}

Table table_of(const Described& driver) {
    Table table({{"tag", "TAG"},
                 {"format", "FORMAT", Align::left, true},
                 {"rate", "RATE", Align::right},
                 {"channels", "CHANNELS", Align::right},
                 {"bits", "BITS", Align::right},
                 {"bytes_per_second", "BYTES/S", Align::right},
                 {"block_align", "BLOCK", Align::right}});
    const auto number = [](DWORD value) { return Cell::of(std::to_string(value), value); };
    for (const auto& [tag, formats] : driver.tags) {
        for (const auto& [format, name] : formats) {
            table.add_row({codec::name_of_tag(format.tag()), codec::title_of_tag(format.tag()),
                           number(format.rate()), number(format.channels()), number(format.bits()),
                           number(format.bytes_per_second()), number(format.block_align())});
        }
    }
    return table;
}

void print_text(Console& console, const Described& driver) {
    const auto& details = driver.details;
    fmt::print(
        console.out, "{}\n",
        painted(visible(driver.name + ": " + details.long_name), Tone::strong, console.out_colour));
    fmt::print(console.out, "{}, version {}, for ACM {}, format tags: {}\n",
               fmt::join(codec::support_names(details.support), " and "),
               codec::version_text(details.driver_version),
               codec::version_text(details.acm_version), details.format_tags);
    print(console, table_of(driver), false);
}

nlohmann::json json_of(const codec::AcmFormatTag& tag,
                       const std::vector<codec::AcmFormat>& formats) {
    auto list = nlohmann::json::array();
    for (const auto& [format, name] : formats) {
        list.push_back({{"name", name},
                        {"rate", format.rate()},
                        {"channels", format.channels()},
                        {"bits", format.bits()},
                        {"bytes_per_second", format.bytes_per_second()},
                        {"block_align", format.block_align()}});
    }
    return {{"tag", tag.tag},
            {"name", codec::name_of_tag(tag.tag)},
            {"title", tag.name.empty() ? codec::title_of_tag(tag.tag) : tag.name},
            {"support", codec::support_names(tag.support)},
            {"formats", std::move(list)}};
}

nlohmann::json json_of(const Described& driver) {
    auto tags = nlohmann::json::array();
    for (const auto& [tag, formats] : driver.tags)
        tags.push_back(json_of(tag, formats));
    const auto& details = driver.details;
    return {{"driver", driver.name},
            {"short_name", details.short_name},
            {"long_name", details.long_name},
            {"copyright", details.copyright},
            {"licensing", details.licensing},
            {"features", details.features},
            {"manufacturer", details.manufacturer},
            {"product", details.product},
            {"acm_version", codec::version_text(details.acm_version)},
            {"driver_version", codec::version_text(details.driver_version)},
            {"support", codec::support_names(details.support)},
            {"format_tags", std::move(tags)}};
}

Result<std::vector<std::string>> drivers_of(const Arguments& arguments) {
    if (arguments.given("driver")) return arguments.values("driver");
    const auto catalog = catalog::Catalog::from_file(arguments.text("--config"));
    if (!catalog) return failure(catalog.error());
    std::vector<std::string> aliases;
    for (const auto& entry : catalog->drivers()) {
        if (ascii_lower(entry.alias).starts_with("msacm.")) aliases.push_back(entry.alias);
    }
    return aliases;
}

ExitCode list_formats(const Arguments& arguments, Console& console) {
    if (!arguments.given("driver") && arguments.text("--config").empty()) {
        complain(console,
                 "no driver is named and there is no configuration. Name drivers, or pass --config "
                 "FILE or set INSTDRV_CONFIG; `instdrv acm list --help` shows how.");
        return ExitCode::usage;
    }
    const auto names = drivers_of(arguments);
    if (!names) return fail(console, names.error());
    const bool as_json = arguments.given("--json");
    auto settings = host_options(arguments);
    settings.on_notice = [&console](const std::string& line) { complain(console, line); };
    Host host(settings);
    ExitCode code = ExitCode::ok;
    auto json = nlohmann::json::array();
    for (const auto& name : *names) {
        const auto driver = describe(host, name);
        if (!driver) {
            code = fail(console, driver.error());
        } else if (as_json) {
            json.push_back(json_of(*driver));
        } else {
            if (name != names->front()) fmt::print(console.out, "\n");
            print_text(console, *driver);
        }
    }
    if (as_json) print(console, json);
    return code;
}

}  // namespace

constinit const Command acm_list_command{
    .name = "list",
    .summary = "Lists what ACM drivers can do",
    .description =
        "Shows what each driver says of itself: its name and versions, the format tags it speaks "
        "and the standard formats of each. Without a driver: every msacm.* entry of the "
        "configuration.",
    .examples =
        "instdrv acm list msadp32.acm l3codeca.acm\n"
        "instdrv acm list --config system.ini --json",
    .options = acm_list_options,
    .run = list_formats};

}  // namespace instdrv::cli
