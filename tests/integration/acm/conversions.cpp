#include "conversions.hpp"

#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "wine.hpp"

namespace instdrv::test {
namespace {

constexpr std::array drivers = {"msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm",
                                "l3codeca.acm"};

// Wine converts everything at once, or in pieces of this size: none of it may show.
std::uint32_t piece_for(std::size_t index) { return index % 2 == 0 ? 0 : 16384; }

}  // namespace

CommandResult convert_with_instdrv(const std::string& driver,
                                   const std::vector<std::string>& arguments,
                                   const std::filesystem::path& input) {
    std::vector<std::string> all = {INSTDRV_PROGRAM, "acm", "convert", "--driver",
                                    driver.front() == '/' ? driver : WINE_DRIVERS "/" + driver};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run({.arguments = all, .folder = {}, .input = input, .environment = {}});
}

const Conversions& Conversions::instance() {
    static const Conversions conversions;
    return conversions;
}

Conversions::Conversions() {
    make_inputs(8000, 1, 24'037);
    make_inputs(11025, 2, 20'011);
    make_inputs(22050, 1, 33'333);
    make_inputs(44100, 2, 70'001);
    for (const Conversion& whole : decodings_)
        add_cut(whole);
    run_program();
    run_wine_once();
}

void Conversions::make_inputs(DWORD rate, WORD channels, std::size_t frames) {
    const auto plain = folder_ / fmt::format("plain-{}-{}.wav", rate, channels);
    write_wav(plain, make_sound(rate, channels, frames));
    add_encodings(plain, channels);
    add_coded("adpcm", "msadp32.acm", plain, {"-c:a", "adpcm_ms"});
    add_coded("ima-adpcm", "imaadp32.acm", plain, {"-c:a", "adpcm_ima_wav"});
    add_coded("alaw", "msg711.acm", plain, {"-c:a", "pcm_alaw"});
    add_coded("mulaw", "msg711.acm", plain, {"-c:a", "pcm_mulaw"});
    add_coded("mp3", "l3codeca.acm", plain, {"-c:a", "libmp3lame", "-b:a", "64k"});
    if (channels == 1) {
        add_coded("gsm610", "msgsm32.acm", plain, {"-c:a", "libgsm_ms", "-strict", "unofficial"});
    }
}

void Conversions::add_encodings(const std::filesystem::path& plain, WORD channels) {
    std::vector<std::pair<const char*, WORD>> ways = {{"imaadp32.acm", WAVE_FORMAT_IMA_ADPCM},
                                                      {"msg711.acm", WAVE_FORMAT_ALAW},
                                                      {"msg711.acm", WAVE_FORMAT_MULAW}};
    if (channels == 1) ways.emplace_back("msgsm32.acm", WAVE_FORMAT_GSM610);
    for (const auto& [driver, tag] : ways) {
        encodings_.push_back({.name = fmt::format("{} {} to {}", driver, plain.stem().string(),
                                                  codec::name_of_tag(tag)),
                              .driver = driver,
                              .input = plain,
                              .wine_input = plain,
                              .tag = tag});
    }
}

void Conversions::add_coded(const std::string& coding, const std::string& driver,
                            const std::filesystem::path& plain,
                            const std::vector<std::string>& options) {
    const auto name = coding + plain.stem().string().substr(std::string("plain").size());
    const auto coded = folder_ / (name + ".wav");
    ffmpeg(plain, options, coded);
    const auto mended = folder_ / (name + "-mended.wav");
    write_wav(mended, read_wav(coded));
    decodings_.push_back(
        {.name = driver + " " + name, .driver = driver, .input = coded, .wine_input = mended});
}

void Conversions::add_cut(const Conversion& whole) {
    Wav wav = read_wav(whole.input);
    const auto announced = static_cast<std::uint32_t>(wav.sound.size());
    wav.sound.resize(wav.sound.size() - (wav.format.block_align() + 1) / 2);
    const auto stem = whole.input.stem().string();
    const auto cut = folder_ / (stem + "-cut.wav");
    const auto lying = folder_ / (stem + "-lying.wav");
    write_wav(cut, wav);
    write_wav(lying, wav, announced);
    for (const auto& file : {cut, lying}) {
        cut_.push_back({.name = whole.driver + " " + file.stem().string(),
                        .driver = whole.driver,
                        .input = file,
                        .wine_input = file});
    }
}

std::vector<Conversion*> Conversions::all() {
    std::vector<Conversion*> list;
    for (auto* group : {&encodings_, &decodings_, &cut_}) {
        for (Conversion& conversion : *group)
            list.push_back(&conversion);
    }
    return list;
}

void Conversions::run_program() {
    int index = 0;
    for (Conversion* conversion : all()) {
        const auto output = folder_ / fmt::format("instdrv-{}.wav", index++);
        conversion->program = convert_with_instdrv(
            conversion->driver,
            {"--to", codec::name_of_tag(conversion->tag), conversion->input, output});
        if (conversion->program.status == 0) conversion->result = read_wav(output);
    }
}

void Conversions::run_wine_once() {
    const auto conversions = all();
    std::vector<WineJob> jobs;
    const auto output = [&](std::size_t index) { return folder_ / fmt::format("wine-{}", index); };
    for (std::size_t i = 0; i < conversions.size(); ++i) {
        jobs.push_back(wine_conversion(conversions[i]->driver, conversions[i]->wine_input,
                                       output(i), conversions[i]->tag, piece_for(i)));
    }
    for (const char* driver : drivers)
        jobs.push_back(wine_listing(driver, folder_ / driver));
    const auto answers = run_wine(jobs, folder_.path());
    for (std::size_t i = 0; i < conversions.size(); ++i) {
        conversions[i]->wine_answer = answers[i];
        if (answers[i] == "ok") conversions[i]->wine_result = read_wine_result(output(i));
    }
    for (const char* driver : drivers) {
        std::ifstream lines(folder_ / driver);
        for (std::string line; std::getline(lines, line);) {
            if (line.ends_with('\r')) line.pop_back();
            listings_[driver].push_back(line);
        }
    }
}

}  // namespace instdrv::test
