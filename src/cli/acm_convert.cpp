#include <instdrv/host.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/acm.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "codec/convert.hpp"

namespace instdrv::cli {
namespace {

struct AcmConvertOptions {
    std::string driver;
    std::string input;
    std::string output;
    std::optional<WORD> tag;
    std::optional<WORD> channels;
    std::optional<DWORD> rate;
    std::optional<WORD> bits;
    std::filesystem::path config;
    HostOptions host;
    bool force = false;
};

std::string footer() {
    return "IN and OUT are WAV files; - is standard input or output. OUT is there whole or not\n"
           "at all. One that is there already is replaced with --force only, and never where it "
           "is\n"
           "write-protected or is IN. What is not given of rate, channels and bits stays as it is "
           "in IN, where the\n"
           "driver can do that, else the driver chooses. Formats by name:\n  " +
           codec::tag_names() +
           ".\n"
           "\n"
           "A damaged IN is read as far as it is sound, and a note says so: sizes that are wrong\n"
           "or were never filled in, sound that ends early, block sizes and byte rates that do\n"
           "not fit. Errors are: another kind of file, no format or no sound in it, 0 channels,\n"
           "0 Hz, a block size of 0, a format that lacks what its codec needs, sound before the\n"
           "format on a pipe. RF64 is read, and written where the sound exceeds 4 GiB.\n"
           "\n"
           "Examples:\n"
           "  instdrv acm convert --driver msadp32.acm speech.wav plain.wav\n"
           "  instdrv acm convert --driver imaadp32.acm --to ima-adpcm plain.wav small.wav\n"
           "  sox talk.flac -t wav - | instdrv acm convert --driver msg711.acm --to alaw - a.wav";
}

// What was put right is worth knowing but no failure.
void note(Console& console, const std::string& file, const std::string& text) {
    tell(console, fmt::format("{} {}: {}", painted("note:", Tone::warning, console.err_colour),
                              visible(file), visible(text)));
}

Result<codec::WantedFormat> wanted_format(const AcmConvertOptions& options,
                                          const codec::WavReader& reader) {
    if (!options.tag && reader.format().is_pcm()) {
        return failure({.code = ErrorCode::invalid_argument,
                        .operation = "convert",
                        .driver = reader.name(),
                        .cause = "it is PCM already",
                        .advice = "Say with --to what it shall become, such as --to adpcm",
                        .system_code = 0});
    }
    return codec::WantedFormat{.tag = options.tag.value_or(WAVE_FORMAT_PCM),
                               .channels = options.channels,
                               .rate = options.rate,
                               .bits = options.bits};
}

Result<codec::ConversionReport> convert_sound(const AcmConvertOptions& options, Host& host,
                                              codec::WavReader& reader, codec::OutputFile output,
                                              Console& console) {
    const auto wanted = wanted_format(options, reader);
    if (!wanted) return failure(wanted.error());
    const auto driver = codec::AcmDriver::open(host, options.driver);
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

ExitCode convert(const AcmConvertOptions& options, Console& console) {
    auto reader = codec::WavReader::open(options.input);
    if (!reader) return fail(console, reader.error());
    using Existing = codec::OutputFile::Existing;
    auto output = codec::OutputFile::create(
        options.output, options.force ? Existing::replace : Existing::refuse, reader->identity());
    if (!output) return fail(console, output.error());
    auto host_options = options.host;
    host_options.configuration = options.config;
    host_options.on_notice = [&console](const std::string& line) { complain(console, line); };
    Host host(host_options);
    const auto report = convert_sound(options, host, *reader, *std::move(output), console);
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

WORD tag_of(const std::string& text) {
    if (const auto tag = codec::parse_tag(text)) return *tag;
    throw CLI::ValidationError(
        "--to", fmt::format("'{}' is no format; give one of {}, or a number such as 0x0161", text,
                            codec::tag_names()));
}

template <class Number>
void add_number(CLI::App& app, const char* name, std::optional<Number>& target, const char* help) {
    CLI::Validator positive = CLI::PositiveNumber;
    positive.description("");  // NUMBER says it
    app.add_option(name, target, help)->check(positive)->type_name("NUMBER");
}

}  // namespace

void add_acm_convert(CLI::App& acm, Invocation& invocation) {
    auto options = std::make_shared<AcmConvertOptions>();
    CLI::App* command = acm.add_subcommand("convert", "Converts a WAV file through an ACM driver");
    command->footer(footer());
    command->add_option("--driver", options->driver, "Alias or file of the driver")
        ->type_name("DRIVER")
        ->required();
    command->add_option("in", options->input, "The WAV file to read")->type_name("IN")->required();
    command->add_option("out", options->output, "The WAV file to write")
        ->type_name("OUT")
        ->required();
    command
        ->add_option_function<std::string>(
            "--to", [options](const std::string& text) { options->tag = tag_of(text); },
            "Format of OUT by name or number; pcm where IN is something else")
        ->type_name("TAG");
    add_number(*command, "--rate", options->rate, "Samples per second of OUT");
    add_number(*command, "--channels", options->channels, "Channels of OUT");
    add_number(*command, "--bits", options->bits, "Bits per sample of OUT");
    add_force(*command, options->force, "Replace OUT where it exists already");
    add_config(*command, options->config);
    add_placement(*command, options->host);
    command->callback([options, &invocation] {
        invocation.action = [options](Console& console) { return convert(*options, console); };
    });
}

}  // namespace instdrv::cli
