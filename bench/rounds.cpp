#include "rounds.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace instdrv::bench {
double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<double> medians(const std::vector<Variant>& variants, int rounds) {
    std::vector<std::vector<double>> taken(variants.size());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < variants.size(); ++i)
            taken[i].push_back(variants[i].run());
    }
    std::vector<double> out;
    for (auto& values : taken)
        out.push_back(median(std::move(values)));
    return out;
}

void print(const std::vector<Figure>& figures, int argc, char** argv) {
    const bool json = std::any_of(
        argv, argv + argc, [](const char* word) { return std::strcmp(word, "--json") == 0; });
    if (json) {
        nlohmann::ordered_json out;
        for (const auto& figure : figures) {
            out[figure.name] = {{"value", figure.value}, {"unit", figure.unit}};
        }
        fmt::print("{}\n", out.dump(2));
        return;
    }
    for (const auto& figure : figures)
        fmt::print("{}: {:.3f}\n", figure.name, figure.value);
}

std::string output_of(const std::string& command) {
    struct Close {
        void operator()(std::FILE* pipe) const noexcept { ::pclose(pipe); }
    };
    const std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "r"));
    if (pipe == nullptr) return {};
    std::string out;
    std::array<char, 4096> buffer{};
    while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
        out.append(buffer.data(), got);
    }
    return out;
}

}  // namespace instdrv::bench
