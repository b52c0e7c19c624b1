// Many programs that share one driver of a session: forks COUNT processes, each of which connects,
// opens DRIVER and sends to it before, while and after the others arrive.
//
//     crowd DRIVER COUNT WAY
//
// WAY: `leave` has them all end by themselves, `kill` has all killed at once when everybody was
// served. Prints a line: how many programs were served to their end, how many were refused at their
// arrival (ErrorCode::busy), how many were failed, and the first Error.
//
//     served 300 refused 0 failed 0
#include <instdrv/connect.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace instdrv;
using namespace std::chrono_literals;

constexpr UINT answers_lparam2 = DRV_USER + 2;  // of the test driver "counts"
constexpr int sends_afterwards = 5;

// In memory that all share.
struct Crowd {
    std::atomic<int> arrived{0};
    std::atomic<int> served{0};
    std::atomic<int> refused{0};
    std::atomic<int> failed{0};
    std::atomic<bool> all_are_there{false};
    std::atomic_flag said;
    char error[512]{};  // of the first that was failed or refused

    void say(const Error& why) {
        if (!said.test_and_set()) std::snprintf(error, sizeof error, "%s", why.text().c_str());
    }
    [[nodiscard]] int known() const { return arrived + refused + failed; }
};

bool send(const Driver& driver, LPARAM number, Crowd& crowd) {
    const auto answer = driver.send(answers_lparam2, 0, number);
    if (answer && *answer == number) return true;
    crowd.say(answer ? Error{.cause = "another answer"} : answer.error());
    ++crowd.failed;
    return false;
}

void be_one_of(Crowd& crowd, const char* name, bool waits_to_be_killed) {
    const auto turned_away = [&](const Error& why) {
        ++(why.code == ErrorCode::busy ? crowd.refused : crowd.failed);
        crowd.say(why);
    };
    auto host = connect();
    if (!host) return turned_away(host.error());
    auto driver = (*host)->open(name);
    if (!driver) return turned_away(driver.error());
    LPARAM number = 0;
    if (!send(*driver, number, crowd)) return;
    ++crowd.arrived;
    while (!crowd.all_are_there) {
        if (!send(*driver, ++number, crowd)) return;
        std::this_thread::sleep_for(250ms);
    }
    for (int i = 0; i < sends_afterwards; ++i) {
        if (!send(*driver, ++number, crowd)) return;
    }
    ++crowd.served;
    if (waits_to_be_killed) ::pause();  // with all that it has open
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int count = std::atoi(argv[2]);
    const bool kills = std::string_view(argv[3]) == "kill";
    void* const memory =
        ::mmap(nullptr, sizeof(Crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 1;
    auto& crowd = *new (memory) Crowd;
    std::vector<pid_t> members;
    for (int i = 0; i < count; ++i) {
        const pid_t child = ::fork();
        if (child < 0) return 1;
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            be_one_of(crowd, argv[1], kills);
            std::quick_exit(0);
        }
        members.push_back(child);
    }
    while (crowd.known() < count)
        std::this_thread::sleep_for(10ms);
    crowd.all_are_there = true;
    if (kills) {
        while (crowd.served + crowd.refused + crowd.failed < count)
            std::this_thread::sleep_for(10ms);
        for (const pid_t member : members)
            ::kill(member, SIGKILL);
    }
    for (const pid_t member : members)
        ::waitpid(member, nullptr, 0);
    std::printf("served %d refused %d failed %d\n%s\n", crowd.served.load(), crowd.refused.load(),
                crowd.failed.load(), crowd.error);
    return 0;
}
