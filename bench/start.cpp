// What it takes from nothing to the first answered message of a real Windows driver: a process that
// opens the driver in a worker, sends it one message and ends, against the same in one process, and
// in a Windows program under Wine, with Wine's server running (warm) and not (cold).
//
//     start [--json] [DRIVER]         default: msg711.acm of Debian's libwine
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rounds.hpp"
#include "wine.hpp"

namespace {

using namespace instdrv;

constexpr int rounds = 15;
constexpr int wine_rounds = 5;  // a cold Wine takes seconds

using Command = std::vector<std::string>;

// Of a command that says nothing, from here to its end, without a shell; 0 where it fails.
double milliseconds_of(const Command& command) {
    std::vector<char*> words;
    for (const auto& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t silent;
    posix_spawn_file_actions_init(&silent);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_addopen(&silent, stream, "/dev/null", O_WRONLY, 0);
    pid_t process = 0;
    int ended = 1;
    const auto start = std::chrono::steady_clock::now();
    const bool ran =
        ::posix_spawnp(&process, words[0], &silent, nullptr, words.data(), environ) == 0 &&
        ::waitpid(process, &ended, 0) == process && ended == 0;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    posix_spawn_file_actions_destroy(&silent);
    return ran ? took.count() : 0;
}

double cold_wine(const Command& command) {
    bench::stop_wine();
    return milliseconds_of(command);
}

}  // namespace

int main(int argc, char** argv) {
    std::string driver = "msg711.acm";
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') driver = argv[i];
    }
    const Command native = {INSTDRV, "send", driver, "DRV_QUERYCONFIGURE"};
    const Command wine = {"wine", WINE_DISPATCH, driver, "1"};
    ::setenv("WINEPREFIX", WINE_PREFIX, 1);
    ::setenv("WINEDEBUG", "-all", 1);

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
