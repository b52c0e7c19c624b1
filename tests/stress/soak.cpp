// Opens, messages and closes drivers in many workers for a long time, and looks whether anything
// grows: memory of this process and of the workers, descriptors, processes, threads.
//
//     soak [--workers N] [--opens N] [--sends N] [--limit SECONDS] DRIVER
//
// Each worker has a thread, which keeps one instance open so that the module stays loaded, and
// opens, messages and closes others; now and then it lets the module go, which ends the worker, and
// begins a new one. The work is done in stages. Between them everything is at rest and is measured.
// Growth is counted from the end of the second stage on: by then what is kept for later use is
// there.
#include <instdrv/host.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "base/tsan.hpp"
#include "support/processes.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace instdrv;
namespace fs = std::filesystem;

constexpr int stages = 10;
constexpr int warm_stages = 2;
constexpr long opens_per_life = 500;  // of a worker
constexpr LRESULT right_answer = 42;  // of tests/drivers' "plain" to DRV_USER

// Over all stages after the warm ones. A leak of 64 bytes for every open would be more.
constexpr std::uint64_t most_growth = 4u << 20;

struct Amount {
    long workers = 16;
    long opens = 100'000;
    long sends = 5'000'000;
    double limit = 3600;  // seconds
};

// At once, with its workers: other threads are at work.
[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "soak: {}\n", what);
    std::_Exit(1);
}

Driver open(Host& host, const fs::path& file) {
    auto driver = host.open(file.string());
    if (!driver) fail(driver.error().report());
    return *std::move(driver);
}

void close(Driver& driver) {
    if (const auto closed = driver.close(); !closed) fail(closed.error().report());
}

// One worker's share of a stage.
class Worker {
public:
    Worker(Host& host, fs::path file)
        : host_(host), file_(std::move(file)), keeper_(open(host, file_)) {}

    void work(long opens, long sends_per_open) {
        for (long i = 0; i < opens; ++i) {
            if (++opened_ % opens_per_life == 0) begin_anew();
            auto driver = open(host_, file_);
            for (long j = 0; j < sends_per_open; ++j)
                send(driver);
            close(driver);
        }
    }

private:
    void begin_anew() {
        close(keeper_);
        keeper_ = open(host_, file_);
    }

    static void send(const Driver& driver) {
        const auto answer = driver.send(DRV_USER);
        if (!answer) fail(answer.error().report());
        if (*answer != right_answer) fail(fmt::format("a driver answered {}", *answer));
    }

    Host& host_;
    fs::path file_;
    Driver keeper_;
    long opened_ = 0;
};

struct Measured {
    std::uint64_t host_memory = 0;    // bytes
    std::uint64_t worker_memory = 0;  // of all workers
    std::size_t descriptors = 0;
    std::size_t processes = 0;
    std::size_t threads = 0;
};

Measured measure() {
    const auto workers = test::children(::getpid());
    Measured now{.host_memory = test::resident_bytes(::getpid()),
                 .descriptors = test::open_descriptors(),
                 .processes = workers.size(),
                 .threads = test::threads()};
    for (const auto worker : workers)
        now.worker_memory += test::resident_bytes(worker);
    return now;
}

// Processes and threads that were told to end take a moment to do so.
Measured measure_at_rest(long workers) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    Measured now = measure();
    while (now.processes > static_cast<std::size_t>(workers) &&
           std::chrono::steady_clock::now() < until) {
        std::this_thread::yield();
        now = measure();
    }
    return now;
}

void compare(const Measured& before, const Measured& after) {
    if (after.processes != before.processes) fail("there are more or fewer processes than before");
    if (after.descriptors != before.descriptors) fail("descriptors were left open");
    if (after.threads != before.threads) fail("threads were left");
    // ThreadSanitizer's own memory grows with what it has seen.
    if (!tsan::is_at_work && after.host_memory > before.host_memory + most_growth)
        fail("the host's memory grew");
    if (after.worker_memory > before.worker_memory + most_growth) fail("the workers' memory grew");
}

std::vector<fs::path> copies(const fs::path& driver, const fs::path& folder, long count) {
    std::vector<fs::path> files;
    for (long i = 0; i < count; ++i) {
        const auto name =
            fmt::format("{}{:02}{}", driver.stem().string(), i, driver.extension().string());
        fs::copy_file(driver, folder / name);
        files.push_back(folder / name);
    }
    return files;
}

void soak(const Amount& amount, const fs::path& driver) {
    const auto start = std::chrono::steady_clock::now();
    const test::TemporaryFolder folder;
    Host host({.state_folder = folder / "state"});
    std::vector<Worker> workers;
    workers.reserve(static_cast<std::size_t>(amount.workers));
    for (const auto& file : copies(driver, folder.path(), amount.workers))
        workers.emplace_back(host, file);

    const long opens = std::max(1L, amount.opens / stages / amount.workers);
    const long sends = std::max(1L, amount.sends / amount.opens);
    Measured warm;
    for (int stage = 1; stage <= stages; ++stage) {
        std::vector<std::thread> threads;
        for (auto& worker : workers)
            threads.emplace_back([&, opens, sends] { worker.work(opens, sends); });
        for (auto& thread : threads)
            thread.join();
        const auto now = measure_at_rest(amount.workers);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        const long done = stage * opens * amount.workers;
        fmt::print(
            "{} opens, {} sends, {:.1f} s: host {} KiB, workers {} KiB, {} descriptors, "
            "{} processes, {} threads\n",
            done, done * sends, took.count(), now.host_memory >> 10, now.worker_memory >> 10,
            now.descriptors, now.processes, now.threads);
        std::fflush(stdout);
        if (took.count() > amount.limit) fail("it takes too long");
        if (stage == warm_stages) warm = now;
        if (stage > warm_stages) compare(warm, now);
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Looks whether anything grows while drivers are opened, messaged and closed"};
    Amount amount;
    std::string driver;
    app.add_option("--workers", amount.workers)->check(CLI::PositiveNumber);
    app.add_option("--opens", amount.opens)->check(CLI::PositiveNumber);
    app.add_option("--sends", amount.sends)->check(CLI::PositiveNumber);
    app.add_option("--limit", amount.limit, "seconds");
    app.add_option("DRIVER", driver, "tests/drivers' plain.so or plain.dll")->required();
    CLI11_PARSE(app, argc, argv);
    soak(amount, driver);
    return 0;
}
