#include "wine.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "support/command.hpp"

namespace instdrv::test {

WineJob wine_conversion(const std::string& driver, const std::filesystem::path& input,
                        const std::filesystem::path& output, WORD tag, std::uint32_t piece) {
    return {fmt::format("convert\t{}\t{}\t{}\t{}\t{}", driver, input.filename().string(),
                        output.filename().string(), tag, piece)};
}

WineJob wine_listing(const std::string& driver, const std::filesystem::path& output) {
    return {fmt::format("formats\t{}\t{}", driver, output.filename().string())};
}

std::vector<std::string> run_wine(const std::vector<WineJob>& jobs,
                                  const std::filesystem::path& folder) {
    std::ofstream list(folder / "jobs");
    for (const auto& job : jobs)
        list << job.line << "\n";
    list.close();
    std::filesystem::create_directories(WINE_PREFIX);
    const auto result = run({.arguments = {"wine", ACM_ORACLE, "jobs"},
                             .folder = folder,
                             .input = {},
                             .environment = {{"WINEPREFIX", WINE_PREFIX},
                                             {"WINEDEBUG", "-all"},
                                             {"WINEDLLOVERRIDES", "mscoree,mshtml="}}});
    std::vector<std::string> answers;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r')) line.pop_back();
        answers.push_back(line);
    }
    if (answers.size() != jobs.size()) {
        throw std::runtime_error(
            fmt::format("Wine did {} of {} jobs\n{}", answers.size(), jobs.size(), result.err));
    }
    return answers;
}

Wav read_wine_result(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::uint32_t size = 0;
    stream.read(reinterpret_cast<char*>(&size), sizeof size);
    std::vector<std::byte> format(size);
    stream.read(reinterpret_cast<char*>(format.data()), size);
    const std::string rest{std::istreambuf_iterator<char>(stream), {}};
    std::vector<std::string> remarks;
    auto parsed = codec::WaveFormat::parse(format, remarks);
    if (!parsed) throw std::runtime_error(parsed.error().text());
    const auto bytes = std::as_bytes(std::span(rest));
    return {*std::move(parsed), {bytes.begin(), bytes.end()}};
}

}  // namespace instdrv::test
