// Windows' own way to convert, as Debian's Wine has it: msacm32 and the same driver DLLs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sounds.hpp"

namespace instdrv::test {

struct WineJob {
    std::string line;  // of acm_oracle's list
};

WineJob wine_conversion(const std::string& driver, const std::filesystem::path& input,
                        const std::filesystem::path& output, WORD tag, std::uint32_t piece);
WineJob wine_listing(const std::string& driver, const std::filesystem::path& output);

// Does all jobs in one Wine process; "ok" or what failed, for each.
std::vector<std::string> run_wine(const std::vector<WineJob>& jobs,
                                  const std::filesystem::path& folder);

// What a conversion wrote.
Wav read_wine_result(const std::filesystem::path& file);

}  // namespace instdrv::test
