// What an attack costs the neighbour: a driver that works, in a worker, beside one in another
// worker of the same host that takes what it can get; against the same beside one that does
// nothing.
//
//     neighbours [--json] [ATTACK...] 2>/dev/null      default: all
//
// What the other one prints comes through standard error.
#include <instdrv/driver.h>
#include <instdrv/host.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "drivers/neighbour.h"
#include "rounds.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace instdrv;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr auto measured = 150ms;  // of each kind of message
// Who has asked for nothing may ask for a second's worth at once.
constexpr auto settles = 1200ms;
constexpr UINT flush = DRV_USER + 1;
constexpr UINT begin_attack = DRV_USER + 2;
constexpr UINT end_process = DRV_USER + 3;
constexpr UINT work = DRV_USER + 4;

struct Attack {
    std::string name;
    attack kind;
    int threads;
};

// Threads that ask the host have lanes, of which there are 16 for them.
const std::vector<Attack> attacks = {
    {"computes_1", attack_compute, 1},   {"computes_2", attack_compute, 2},
    {"computes_16", attack_compute, 16}, {"memory", attack_memory, 1},
    {"prints", attack_print, 1},         {"files", attack_files, 1},
    {"flushes", attack_flush, 1},        {"requests", attack_requests, 16},
    {"opens", attack_opens, 16},         {"workers", attack_workers, 4},
    {"instances", attack_instances, 1},  {"rings", attack_rings, 1},
};
// Beside the idle driver, and beside one whose process ends again and again.
const std::string nothing = "nothing";
const std::string dies = "dies";

[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "neighbours: {}\n", what);
    std::_Exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result) fail(result.error().text());
    return *std::move(result);
}

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// What the honest driver got, in figures of which more is better.
struct Share {
    double messages;  // a second, of nothing but the way there and back
    double work;      // messages a second that it computes for
    double flushes;   // a second
    double exits;     // one over the seconds until it was told, closed and unloaded
    double
        sessions;  // one over the seconds until the session's end was reported, all being flushed
};

// The two drivers, each in a folder of its own, with a configuration that names them.
class Neighbours {
public:
    Neighbours() {
        std::ofstream configuration(folder_ / "system.ini");
        configuration << "[drivers32]\nhonest=honest/neighbour.so\nother=other/neighbour.so\n"
                         "[instdrv.honest]\nstate=honest\n[instdrv.other]\nstate=other\n";
        for (const char* const name : {"honest", "other"}) {
            const auto place = folder_ / name;
            fs::create_directories(place);
            fs::copy_file(BENCH_NEIGHBOUR, place / "neighbour.so");
            fs::copy_file(BENCH_NEIGHBOUR, place / "beside.so");
            std::ofstream(place / "state.txt") << (folder_ / "state" / "named" / name).string();
        }
    }

    // Null: the other driver does nothing.
    [[nodiscard]] Share beside(const Attack* attack, bool dying) const {
        Host host({.configuration = folder_ / "system.ini",
                   .state_folder = folder_ / "state",
                   .recovery = Recovery::restart});
        const auto honest = must(host.open("honest"));
        auto other = must(host.open("other"));
        if (attack != nullptr && must(other.send(begin_attack, attack->kind, attack->threads)) == 0)
            fail("no attack begins");
        std::jthread killer;
        if (dying)
            killer = std::jthread([&](const std::stop_token& over) { die(host, other, over); });
        std::this_thread::sleep_for(settles);
        Share share{};
        share.messages = rate(honest, DRV_USER);
        share.work = rate(honest, work);
        share.flushes = rate(honest, flush);
        if (killer.joinable()) killer = {};
        end(host, share);
        other.release();
        return share;
    }

private:
    static double rate(const Driver& driver, UINT message) {
        const auto begin = Clock::now();
        long count = 0;
        for (; Clock::now() - begin < measured; ++count) {
            if (!driver.send(message)) fail("the honest driver does not answer");
        }
        return static_cast<double>(count) / seconds_since(begin);
    }

    static void die(Host& host, Driver& other, const std::stop_token& over) {
        while (!over.stop_requested()) {
            static_cast<void>(other.send(end_process));
            static_cast<void>(other.close_forced());
            other = must(host.open("other"));
        }
    }

    void end(Host& host, Share& share) const {
        const auto begin = Clock::now();
        const auto file = (folder_ / "honest" / "neighbour.so").string();
        const auto report = must(host.exit_session({}, [&](const ExitProgress& progress) {
            if (progress.file == file) share.exits = 1 / seconds_since(begin);
        }));
        share.sessions = 1 / seconds_since(begin);
        for (const auto& driver : report.drivers) {
            if (driver.file == file && !driver.ended_well())
                fail("the honest driver did not end well");
        }
    }

    const test::TemporaryFolder folder_;
};

// Of each attack the shares of all rounds.
using Taken = std::map<std::string, std::vector<Share>>;

double median_of(const std::vector<Share>& shares, double Share::*what) {
    std::vector<double> values;
    values.reserve(shares.size());
    for (const auto& share : shares)
        values.push_back(share.*what);
    return bench::median(std::move(values));
}

std::vector<bench::Figure> figures_of(const Taken& taken, const std::vector<std::string>& names) {
    const std::vector<std::pair<std::string, double Share::*>> columns = {
        {"messages", &Share::messages},
        {"work", &Share::work},
        {"flushes", &Share::flushes},
        {"exit", &Share::exits},
        {"session", &Share::sessions}};
    std::vector<bench::Figure> out;
    const auto& without = taken.at(nothing);
    for (const auto& [column, what] : columns) {
        out.push_back({column + "_beside_nothing", median_of(without, what), "1/s"});
        for (const auto& name : names) {
            out.push_back({fmt::format("{}_beside_{}", column, name),
                           median_of(taken.at(name), what) / median_of(without, what), "ratio"});
        }
    }
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    // The worker programs lie beside instdrv, a folder up.
    ::setenv("INSTDRV_WORKERS", fs::path(INSTDRV).parent_path().c_str(), 0);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto is_wanted = [&](const std::string& name) {
        const bool all = std::ranges::all_of(words, [](auto& word) { return word[0] == '-'; });
        return all || std::ranges::find(words, name) != words.end();
    };
    const Neighbours neighbours;
    Taken taken;
    std::vector<std::string> names;
    for (int round = 0; round < rounds; ++round) {
        taken[nothing].push_back(neighbours.beside(nullptr, false));
        for (const auto& attack : attacks) {
            if (is_wanted(attack.name))
                taken[attack.name].push_back(neighbours.beside(&attack, false));
        }
        if (is_wanted(dies)) taken[dies].push_back(neighbours.beside(nullptr, true));
    }
    for (const auto& attack : attacks) {
        if (taken.contains(attack.name)) names.push_back(attack.name);
    }
    if (taken.contains(dies)) names.push_back(dies);
    bench::print(figures_of(taken, names), argc, argv);
    return 0;
}
