// Every conversion that the tests compare, done once: by instdrv and by Wine.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sounds.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {

struct Conversion {
    std::string name;    // "msadp32.acm adpcm-22050-mono"
    std::string driver;  // "msadp32.acm"
    std::filesystem::path input;
    std::filesystem::path wine_input;  // the same; but ffmpeg's byte rates of GSM, right
    WORD tag = WAVE_FORMAT_PCM;

    CommandResult program;      // how instdrv ended
    std::optional<Wav> result;  // what it wrote
    std::string wine_answer;    // "ok", or what failed
    std::optional<Wav> wine_result;
};

class Conversions {
public:
    // Made on first use, for all tests of the program.
    static const Conversions& instance();

    [[nodiscard]] const std::vector<Conversion>& encodings() const { return encodings_; }
    [[nodiscard]] const std::vector<Conversion>& decodings() const { return decodings_; }
    // Of sound whose last block is cut; "lying" inputs have a header that says it is not.
    [[nodiscard]] const std::vector<Conversion>& cut_decodings() const { return cut_; }
    // What Wine lists for each driver, a line per format.
    [[nodiscard]] const std::map<std::string, std::vector<std::string>>& listings() const {
        return listings_;
    }
    [[nodiscard]] std::filesystem::path plain_file() const { return folder_ / "plain-44100-2.wav"; }
    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

private:
    Conversions();
    void make_inputs(DWORD rate, WORD channels, std::size_t frames);
    void add_coded(const std::string& coding, const std::string& driver,
                   const std::filesystem::path& plain, const std::vector<std::string>& options);
    void add_cut(const Conversion& whole);
    void add_encodings(const std::filesystem::path& plain, WORD channels);
    void run_program();
    void run_wine_once();
    std::vector<Conversion*> all();

    TemporaryFolder folder_;
    std::vector<Conversion> encodings_;
    std::vector<Conversion> decodings_;
    std::vector<Conversion> cut_;
    std::map<std::string, std::vector<std::string>> listings_;
};

// Runs `instdrv acm convert` with a driver of Wine.
CommandResult convert_with_instdrv(const std::string& driver,
                                   const std::vector<std::string>& arguments,
                                   const std::filesystem::path& input = {});

}  // namespace instdrv::test
