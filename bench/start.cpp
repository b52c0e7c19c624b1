// What it takes from nothing to the first answered message of a real Windows driver: a process that
// opens the driver in a worker, sends it one message and ends, against the same in one process, and
// in a Windows program under Wine, with Wine's server running (warm) and not (cold).
//
//     start [--json] [DRIVER]         default: msg711.acm of Debian's libwine
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "rounds.hpp"
#include "wine.hpp"

namespace {

using namespace instdrv;

constexpr int rounds = 15;
constexpr int wine_rounds = 5;  // a cold Wine takes seconds

double milliseconds_of(const std::string& command) {
    const auto start = std::chrono::steady_clock::now();
    if (std::system(command.c_str()) != 0) return 0;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    return took.count();
}

double cold_wine(const std::string& command) {
    bench::stop_wine();
    return milliseconds_of(command);
}

}  // namespace

int main(int argc, char** argv) {
    std::string driver = "msg711.acm";
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') driver = argv[i];
    }
    const auto native = fmt::format("{} send {} DRV_QUERYCONFIGURE >/dev/null", INSTDRV, driver);
    const auto wine = bench::under_wine(fmt::format("{} {} 1 >/dev/null", WINE_DISPATCH, driver));

    const auto ours =
        bench::medians({{"instdrv", [&] { return milliseconds_of(native); }}}, rounds);
    std::vector<bench::Figure> figures = {{"instdrv_start_ms", ours[0], "ms"}};
    if (milliseconds_of(wine) > 0) {
        const auto theirs = bench::medians({{"warm", [&] { return milliseconds_of(wine); }},
                                            {"instdrv", [&] { return milliseconds_of(native); }},
                                            {"cold", [&] { return cold_wine(wine); }}},
                                           wine_rounds);
        figures = {{"instdrv_start_ms", theirs[1], "ms"},
                   {"wine_warm_start_ms", theirs[0], "ms"},
                   {"wine_cold_start_ms", theirs[2], "ms"},
                   {"wine_warm_over_instdrv", theirs[0] / theirs[1], "ratio"},
                   {"wine_cold_over_instdrv", theirs[2] / theirs[1], "ratio"}};
    }
    bench::print(figures, argc, argv);
    return 0;
}
