// Converts a WAV file through an ACM driver in this process: acm_convert DRIVER TAG IN OUT. For tests
// that compare drivers of two machines.
#include <cstdio>

#include "codec/convert.hpp"
#include "in_process.hpp"

namespace instdrv::test {
namespace {

Status convert(const std::string& driver_file, const std::string& tag, const std::string& input,
               const std::string& output) {
    InProcess drivers(".", "/nonexistent");
    codec::NaturalOpenDescription opening{.cbStruct = sizeof opening,
                                          .fccType = ACMDRIVERDETAILS_FCCTYPE_AUDIOCODEC,
                                          .fccComp = ACMDRIVERDETAILS_FCCCOMP_UNDEFINED,
                                          .dwVersion = 0x05000000};
    const auto opened = drivers.open_driver(driver_file, reinterpret_cast<LPARAM>(&opening));
    if (!opened) return failure(opened.error());
    const codec::AcmDriver driver(
        driver_file, codec::layout_of(std::filesystem::path(driver_file)),
        [&](UINT message, LPARAM lparam1, LPARAM lparam2) {
            return drivers.ask(*opened, message, lparam1, lparam2);
        });
    auto reader = codec::WavReader::open(input);
    if (!reader) return failure(reader.error());
    const auto format = driver.choose(reader->format(), {.tag = *codec::parse_tag(tag)});
    if (!format) return failure(format.error());
    auto writer = codec::WavWriter::create(output, *format, {});
    if (!writer) return failure(writer.error());
    const auto report = codec::convert(*reader, driver, *format, *writer);
    if (!report) return failure(report.error());
    return {};
}

}  // namespace
}  // namespace instdrv::test

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const auto done =
        instdrv::test::convert(arguments[1], arguments[2], arguments[3], arguments[4]);
    if (!done) std::fprintf(stderr, "%s\n", done.error().text().c_str());
    return done ? 0 : 1;
}
