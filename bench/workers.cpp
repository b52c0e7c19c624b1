// What it costs that drivers run in workers: a message against a bare round trip between two
// processes, a codec against the same in this process, the memory of a worker, how late a call to a
// driver that hangs comes back, and the exit of a session in which a driver hangs.
//
//     workers [--json] [DRIVER]       default: msg711.acm of Debian's libwine
#include <instdrv/driver.h>
#include <instdrv/host.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sched.h>
#include <unistd.h>

#include <fmt/format.h>

#include "codec/acm_driver.hpp"
#include "ping_pong.hpp"
#include "processors.hpp"
#include "rounds.hpp"
#include "support/processes.hpp"

namespace {

using namespace instdrv;

constexpr UINT message = DRV_USER + 0x0123;  // no driver knows it: the shortest way through one
constexpr long calls = 20'000;
constexpr int rounds = 15;
constexpr std::size_t sound_bytes = 8u << 20;  // 47 s of 44.1 kHz stereo, 16 bits
constexpr std::chrono::milliseconds exit_deadline{500};

using Figures = std::vector<bench::Figure>;

[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "workers: {}\n", what);
    std::exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result) fail(result.error().text());
    return *std::move(result);
}

HostOptions options(Placement placement) { return {.placement = placement}; }

// This process on one processor and everything it talks to on another, for a scope.
class OnTwoProcessors {
public:
    OnTwoProcessors() {
        ::sched_getaffinity(0, sizeof before_, &before_);
        bench::run_on(::getpid(), 0);
        for (const pid_t child : test::children(::getpid()))
            bench::run_on(child, 1);
    }
    ~OnTwoProcessors() { ::sched_setaffinity(0, sizeof before_, &before_); }
    OnTwoProcessors(const OnTwoProcessors&) = delete;
    OnTwoProcessors& operator=(const OnTwoProcessors&) = delete;

private:
    cpu_set_t before_{};
};

Figures round_trips(const std::string& driver, bench::PingPong& futex, bench::PingPong& socket) {
    Host host(options(Placement::worker));
    const auto opened = must(host.open(driver));
    const HDRVR handle = opened.handle();
    const OnTwoProcessors processors;
    const auto took = bench::medians(
        {{"worker",
          [&] {
              return bench::time_per_call(calls, [=] { SendDriverMessage(handle, message, 0, 0); });
          }},
         {"futex", [&] { return bench::time_per_call(calls, [&] { futex.round_trip(); }); }},
         {"socket", [&] { return bench::time_per_call(calls, [&] { socket.round_trip(); }); }}},
        rounds);
    return {{"worker_round_trip_ns", took[0], "ns"},
            {"futex_round_trip_ns", took[1], "ns"},
            {"socket_round_trip_ns", took[2], "ns"},
            {"worker_over_futex", took[0] / took[1], "ratio"},
            {"socket_over_worker", took[2] / took[0], "ratio"}};
}

// Converts a long sound; nanoseconds per byte.
double convert(codec::AcmStream& stream) {
    const auto input = stream.input();
    for (std::size_t i = 0; i < input.size(); ++i)
        input[i] = static_cast<std::byte>(i * 37 >> 3);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t done = 0; done < sound_bytes;) {
        const auto converted = must(stream.convert(input.size(), ACM_STREAMCONVERTF_BLOCKALIGN));
        if (converted.used == 0) fail("the driver takes no sound");
        done += converted.used;
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    return took.count() / static_cast<double>(sound_bytes);
}

Figures codec_throughput(const std::string& driver) {
    Host near(options(Placement::in_process));
    Host far(options(Placement::worker));
    const auto plain = codec::WaveFormat::pcm(2, 44100, 16);
    const auto stream_of = [&](Host& host, std::vector<codec::AcmDriver>& kept) {
        kept.push_back(must(codec::AcmDriver::open(host, driver)));
        const auto details = must(kept.back().format_tags());
        const auto coded = std::find_if(details.begin(), details.end(),
                                        [](const auto& tag) { return tag.tag != WAVE_FORMAT_PCM; });
        if (coded == details.end()) fail("this benchmark wants a sound codec");
        const auto wanted = must(kept.back().choose(plain, {.tag = coded->tag}));
        return must(kept.back().open_stream(plain, wanted));
    };
    std::vector<codec::AcmDriver> drivers;
    auto in_process = stream_of(near, drivers);
    auto in_worker = stream_of(far, drivers);
    const auto took = bench::medians({{"in_process", [&] { return convert(in_process); }},
                                      {"worker", [&] { return convert(in_worker); }}},
                                     rounds);
    return {{"codec_in_process_mb_per_s", 1000 / took[0], "MB/s"},
            {"codec_worker_mb_per_s", 1000 / took[1], "MB/s"},
            {"codec_worker_over_in_process", took[0] / took[1], "ratio"}};
}

Figures memory(const std::string& driver) {
    const auto before = test::children(::getpid());
    Host host(options(Placement::worker));
    const auto opened = must(host.open(driver));
    must(opened.send(DRV_QUERYCONFIGURE));
    std::uint64_t bytes = 0;
    for (const pid_t child : test::children(::getpid())) {
        const bool is_new = std::find(before.begin(), before.end(), child) == before.end();
        if (is_new) bytes += test::private_bytes(child);
    }
    if (bytes == 0) return {};  // not root: a worker's memory cannot be looked at
    return {{"worker_private_mib", static_cast<double>(bytes) / (1 << 20), "MiB"}};
}

// How long after its deadline a call to a driver that hangs comes back, at worst.
Figures lateness() {
    constexpr std::chrono::milliseconds deadline{100};
    double worst = 0;
    for (int i = 0; i < rounds; ++i) {
        Host host(options(Placement::worker));
        const auto opened = must(host.open(BENCH_HANGS_WHEN_ASKED));
        const auto start = std::chrono::steady_clock::now();
        const auto answer = opened.send_within(deadline, DRV_QUERYCONFIGURE);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        if (answer || answer.error().code != ErrorCode::timed_out) fail("a driver did not hang");
        worst = std::max(worst, (took - deadline).count());
    }
    return {{"late_after_deadline_ms", worst, "ms"}};
}

// How long a session with `healthy` instances and a driver that hangs takes to end, against the
// deadline of the phase it hangs in.
double exit_over_deadline(const std::string& driver, int healthy) {
    Host host(options(Placement::worker));
    must(host.open(BENCH_HANGS)).release();
    for (int i = 0; i < healthy; ++i)
        must(host.open(driver)).release();
    const auto report = must(host.exit_session({.notify_timeout = exit_deadline}));
    const auto& late = report.drivers.back();  // it was opened first
    if (late.ended_well()) fail("the driver that hangs did not");
    return std::chrono::duration<double>(report.took) /
           std::chrono::duration<double>(exit_deadline);
}

Figures exits(const std::string& driver) {
    Figures out;
    for (const int instances : {1, 100, 1000}) {
        out.push_back({fmt::format("exit_over_deadline_{}_instances", instances),
                       exit_over_deadline(driver, instances - 1), "ratio"});
    }
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    // The worker programs lie beside instdrv, a folder up.
    ::setenv("INSTDRV_WORKERS", std::filesystem::path(INSTDRV).parent_path().c_str(), 0);
    std::string driver = "msg711.acm";
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') driver = argv[i];
    }
    const auto futex = bench::futex_ping_pong();
    const auto socket = bench::socket_ping_pong();
    if (futex == nullptr || socket == nullptr) fail("cannot make two processes talk");
    Figures figures = round_trips(driver, *futex, *socket);
    for (const auto& more : {codec_throughput(driver), memory(driver), lateness(), exits(driver)})
        figures.insert(figures.end(), more.begin(), more.end());
    bench::print(figures, argc, argv);
    return 0;
}
