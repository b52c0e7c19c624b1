#include <instdrv/host.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "codec/convert.hpp"
#include "parser/parser.hpp"

namespace instdrv::cli {
namespace {

std::string check_tag(const std::string& value) {
    if (codec::parse_tag(value)) return {};
    return fmt::format("'{}' is no format; give one of {}, or a number such as 0x0161", value,
                       codec::tag_names());
}

std::vector<std::string> names_of_tags() { return split(codec::tag_names(), ", "); }

constexpr Option acm_convert_options[] = {
    {.name = "in", .value = "IN", .help = "The WAV file to read", .files = true, .required = true},
    {.name = "out",
     .value = "OUT",
     .help = "The WAV file to write",
     .files = true,
     .required = true},
    {.name = "--driver",
     .value = "DRIVER",
     .help = "Alias or file of the driver",
     .files = true,
     .required = true},
    {.name = "--to",
     .value = "TAG",
     .help = "Format of OUT, pcm where IN is something else; by number or name",
     .check = check_tag,
     .choices = {.names = names_of_tags, .in_help = true}},
    {.name = "--rate",
     .value = "NUMBER",
     .help = "Samples per second of OUT",
     .check = check_count<DWORD>},
    {.name = "--channels",
     .value = "NUMBER",
     .help = "Channels of OUT",
     .check = check_count<WORD>},
    {.name = "--bits",
     .value = "NUMBER",
     .help = "Bits per sample of OUT",
     .check = check_count<WORD>},
    {.name = "--force", .help = "Replace OUT where it exists already"},
    config_option,
    in_process_option,
    deadline_option,
    trace_calls_option};

// What was put right is worth knowing but no failure.
void note(Console& console, const std::string& file, const std::string& text) {
    print_to_stderr(console,
                    fmt::format("{} {}: {}", painted("note:", Tone::warning, console.err_colour),
                                visible(file), visible(text)));
}

Result<codec::WantedFormat> wanted_format(const Arguments& arguments,
                                          const codec::WavReader& reader) {
    const auto tag =
        arguments.given("--to") ? codec::parse_tag(arguments.text("--to")) : std::optional<WORD>{};
    if (!tag && reader.format().is_pcm()) {
        return failure({.code = ErrorCode::invalid_argument,
                        .operation = "convert",
                        .driver = reader.name(),
                        .cause = "it is PCM already",
                        .advice = "Say with --to what it shall become, such as --to adpcm",
                        .system_code = 0});
    }
    return codec::WantedFormat{.tag = tag.value_or(WAVE_FORMAT_PCM),
                               .channels = arguments.number<WORD>("--channels"),
                               .rate = arguments.number<DWORD>("--rate"),
                               .bits = arguments.number<WORD>("--bits")};
}

Result<codec::ConversionReport> convert_sound(const Arguments& arguments, Host& host,
                                              codec::WavReader& reader, codec::OutputFile output,
                                              Console& console) {
    const auto wanted = wanted_format(arguments, reader);
    if (!wanted) return failure(wanted.error());
    const auto driver = codec::AcmDriver::open(host, arguments.text("--driver"));
    if (!driver) return failure(driver.error());
    const auto format = driver->choose(reader.format(), *wanted);
    if (!format) return failure(format.error());
    const auto total = reader.data_bytes();
    std::optional<std::uint64_t> most;
    if (total) most = codec::most_output(reader.format(), *format, *total);
    auto writer = codec::WavWriter::create(std::move(output), *format, most);
    if (!writer) return failure(writer.error());
    Progress progress(console, reader.name(), total);
    return codec::convert(reader, *driver, *format, *writer,
                          [&progress](std::uint64_t bytes) { progress.update(bytes); });
}

// What a stranger's file says of itself is read in a process of its own.
Result<codec::WavReader> open_sound(const std::string& file) {
    auto source = codec::ByteSource::open(file);
    if (!source) return failure(source.error());
    auto header = parser::Parser().wav_header_of(*source);
    if (!header) return failure(std::move(header.error()));
    return codec::WavReader::from(*std::move(source), *std::move(header));
}

ExitCode convert(const Arguments& arguments, Console& console) {
    auto reader = open_sound(arguments.text("in"));
    if (!reader) return fail(console, reader.error());
    using Existing = codec::OutputFile::Existing;
    auto output = codec::OutputFile::create(
        arguments.text("out"), arguments.given("--force") ? Existing::replace : Existing::refuse,
        reader->identity());
    if (!output) return fail(console, output.error());
    auto settings = host_options(arguments);
    settings.on_notice = [&console](const std::string& line) { complain(console, line); };
    Host host(settings);
    const auto report = convert_sound(arguments, host, *reader, *std::move(output), console);
    for (const auto& remark : reader->remarks())
        note(console, reader->name(), remark);
    if (!report) return fail(console, report.error());
    if (report->left_over != 0) {
        note(console, reader->name(),
             fmt::format("bytes of an incomplete last block, which the driver did not take: {}",
                         report->left_over));
    }
    return ExitCode::ok;
}

}  // namespace

constinit const Command acm_convert_command{
    .name = "convert",
    .summary = "Converts a WAV file through an ACM driver",
    .description =
        "IN and OUT are WAV files; - is standard input or output. OUT is there whole or not at "
        "all. One that is there already is replaced with --force only, and never where it is "
        "write-protected or is IN. What is not given of rate, channels and bits stays as it is in "
        "IN, where the driver can do that, else the driver chooses.\n"
        "\n"
        "A damaged IN is read as far as it is sound, and a note says so: sizes that are wrong or "
        "were never filled in, sound that ends early, block sizes and byte rates that do not fit. "
        "Errors are: another kind of file, no format or no sound in it, 0 channels, 0 Hz, a block "
        "size of 0, a format that lacks what its codec needs, sound before the format on a pipe. "
        "RF64 is read, and written where the sound exceeds 4 GiB.",
    .examples =
        "instdrv acm convert --driver msadp32.acm speech.wav plain.wav\n"
        "instdrv acm convert --driver imaadp32.acm --to ima-adpcm plain.wav small.wav\n"
        "sox talk.flac -t wav - |\n"
        "  instdrv acm convert --driver msg711.acm --to alaw - a.wav",
    .options = acm_convert_options,
    .run = convert};

}  // namespace instdrv::cli
