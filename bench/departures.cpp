// What it costs the others that many programs leave a session at once: the round trip of a message
// that one program sends every millisecond, while 200 others that share its driver, or another one,
// end or are killed, against the same while they are there and quiet.
//
//     departures [--json]
//
// It starts a bus and a session of its own.
#include <instdrv/driver.h>
#include <instdrv/connect.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "rounds.hpp"
#include "support/running_program.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace instdrv;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t leaving = 200;
constexpr int rounds = 5;
constexpr auto pause_between = 1ms;
constexpr auto quiet_time = 400ms;
constexpr auto longest = 60s;     // that they may take to be gone
constexpr UINT count = DRV_USER;  // of the driver tests/drivers/counts.c

[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "departures: {}\n", what);
    std::_Exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result) fail(result.error().text());
    return *std::move(result);
}

// ---- those that leave ---------------------------------------------------------------------------

// In a process of its own: has the driver open until its standard input ends, and says so.
int be_one_of_many(const char* driver) {
    const auto session = must(connect());
    const auto opened = must(session->open(driver));
    must(opened.send(count, DRV_OPEN));
    char letter = '.';
    static_cast<void>(::write(STDOUT_FILENO, &letter, 1));
    while (::read(STDIN_FILENO, &letter, 1) > 0) {
    }
    return 0;
}

class Crowd {
public:
    explicit Crowd(const std::string& driver) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("no pipe");
        const Fd hears(ends[0]);
        const Fd says(ends[1]);
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("no pipe");
        const Fd input(ends[0]);
        stays_ = Fd(ends[1]);
        posix_spawn_file_actions_t streams;
        posix_spawn_file_actions_init(&streams);
        posix_spawn_file_actions_adddup2(&streams, input.get(), STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&streams, says.get(), STDOUT_FILENO);
        std::string program = "/proc/self/exe";
        std::string member = "--member";
        std::string name = driver;
        std::array<char*, 4> words{program.data(), member.data(), name.data(), nullptr};
        for (std::size_t i = 0; i < leaving; ++i) {
            pid_t process = 0;
            if (::posix_spawn(&process, program.c_str(), &streams, nullptr, words.data(),
                              environ) != 0) {
                fail("no process");
            }
            members_.push_back(process);
        }
        posix_spawn_file_actions_destroy(&streams);
        std::array<char, leaving> arrived{};
        for (std::size_t left = leaving; left > 0;) {
            const auto got = ::read(hears.get(), arrived.data(), left);
            if (got <= 0) fail("they do not arrive");
            left -= static_cast<std::size_t>(got);
        }
    }
    ~Crowd() {
        for (const pid_t member : members_)
            ::waitpid(member, nullptr, 0);
    }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    void leave(bool killed) {
        if (!killed) return void(stays_ = Fd());
        for (const pid_t member : members_)
            ::kill(member, SIGKILL);
    }

private:
    Fd stays_;
    std::vector<pid_t> members_;
};

// ---- who is measured ----------------------------------------------------------------------------

using Times = std::vector<double>;  // microseconds

struct Measured {
    Times of_same;   // messages to the driver that the others leave
    Times of_other;  // to another one
};

// A program that stays, with both drivers open.
class Neighbour {
public:
    Neighbour(Host& session, const std::string& same, const std::string& other)
        : same_(must(session.open(same))), other_(must(session.open(other))) {}

    // Until `over`, which is told how many instances of the same driver were closed so far.
    template <class Over>
    Measured measure(const Over& over) {
        Measured out;
        for (LRESULT closed = 0; !over(closed);) {
            closed = timed(same_, out.of_same);
            timed(other_, out.of_other);
            std::this_thread::sleep_for(pause_between);
        }
        return out;
    }
    LRESULT closed() const { return must(same_.send(count, DRV_CLOSE)); }

private:
    static LRESULT timed(const Driver& driver, Times& times) {
        const auto begin = Clock::now();
        const auto answer = must(driver.send(count, DRV_CLOSE));
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        return answer;
    }

    Driver same_;
    Driver other_;
};

double slowest(const Times& times) { return *std::ranges::max_element(times); }

// What is taken of each round.
struct Figures {
    std::vector<double> quiet, same, other, quiet_other, worst, took;
};

void measure_round(Neighbour& neighbour, const std::string& driver, bool killed, Figures& out) {
    Crowd crowd(driver);
    const auto before = neighbour.closed();
    auto begin = Clock::now();
    const auto quiet =
        neighbour.measure([&](LRESULT) { return Clock::now() - begin > quiet_time; });
    begin = Clock::now();
    crowd.leave(killed);
    const auto gone = before + static_cast<LRESULT>(leaving);
    const auto busy = neighbour.measure([&](LRESULT closed) {
        if (Clock::now() - begin > longest) fail("they are not closed");
        return closed >= gone;
    });
    out.took.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    out.quiet.push_back(bench::median(quiet.of_same));
    out.quiet_other.push_back(bench::median(quiet.of_other));
    out.same.push_back(bench::median(busy.of_same));
    out.other.push_back(bench::median(busy.of_other));
    out.worst.push_back(std::max(slowest(busy.of_same), slowest(busy.of_other)));
}

std::vector<bench::Figure> figures_of(const std::string& way, Figures& taken) {
    const auto quiet = bench::median(taken.quiet);
    const auto quiet_other = bench::median(taken.quiet_other);
    return {
        {way + "_quiet_us", quiet, "us"},
        {way + "_over_quiet", bench::median(taken.same) / quiet, "ratio"},
        {way + "_over_quiet_of_another_driver", bench::median(taken.other) / quiet_other, "ratio"},
        {way + "_slowest_us", bench::median(taken.worst), "us"},
        {way + "_all_closed_ms", bench::median(taken.took), "ms"}};
}

// ---- the session --------------------------------------------------------------------------------

// The bus, and what stands on it; ended with this.
class Session {
public:
    Session() {
        const auto address = "unix:path=" + (folder_ / "bus").string();
        std::ofstream(folder_ / "bus.conf")
            << "<busconfig><type>session</type><listen>" << address
            << "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow user=\"*\"/>"
               "<allow own=\"*\"/><allow send_destination=\"*\"/><allow receive_sender=\"*\"/>"
               "</policy><limit name=\"max_connections_per_user\">1000</limit></busconfig>";
        ::setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
        ::setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1);
        ::setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
        bus_ = std::make_unique<test::RunningProgram>(std::vector<std::string>{
            "dbus-daemon", "--config-file=" + (folder_ / "bus.conf").string(), "--nofork",
            "--print-address"});
        if (!bus_->wait_for_output("unix:")) fail("no bus: " + bus_->wait().err);
        for (const char* const name : {"same", "other"}) {
            fs::create_directory(folder_ / name);
            fs::copy_file(BENCH_COUNTS, file(name));
        }
        session_ = std::make_unique<test::RunningProgram>(
            std::vector<std::string>{INSTDRV, "run", file("same"), file("other")});
        if (!session_->wait_for_output("The session runs as process"))
            fail("no session: " + session_->wait().err);
    }
    ~Session() {
        session_->signal(SIGTERM);
        session_->wait();
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const {
        return (folder_ / name / "counts.so").string();
    }

private:
    const test::TemporaryFolder folder_;
    std::unique_ptr<test::RunningProgram> bus_;
    std::unique_ptr<test::RunningProgram> session_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--member") return be_one_of_many(argv[2]);
    // The worker programs lie beside instdrv, a folder up.
    ::setenv("INSTDRV_WORKERS", fs::path(INSTDRV).parent_path().c_str(), 0);
    std::vector<bench::Figure> figures;
    {
        const Session session;
        const auto host = must(connect());
        Neighbour neighbour(*host, session.file("same"), session.file("other"));
        std::array<Figures, 2> taken;
        for (int round = 0; round < rounds; ++round) {
            for (const bool killed : {false, true})
                measure_round(neighbour, session.file("same"), killed, taken.at(killed ? 1 : 0));
        }
        figures = figures_of("leave", taken[0]);
        const auto killed = figures_of("killed", taken[1]);
        figures.insert(figures.end(), killed.begin(), killed.end());
    }
    bench::print(figures, argc, argv);
    return 0;
}
