// A parser program that a hostile file has taken over. What it does when it is asked is the name of
// the folder that it was started from. It is confined as the real one is, before that.
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "channel/control.hpp"
#include "parser/protocol.hpp"
#include "sandbox/confine.hpp"

namespace {

using namespace instdrv;

constexpr int control = 3;

void send(std::span<const std::byte> packet) {
    static_cast<void>(!::write(control, packet.data(), packet.size()));
}

void send_size(std::uint64_t size) { send(std::as_bytes(std::span(&size, 1))); }

// Answers with an Error that has what a call left.
void report(long result) {
    const auto answer = parser::encode(Result<image::Kind>(failure(
        {.code = ErrorCode::io, .cause = result < 0 ? std::strerror(errno) : "it can do that"})));
    send_size(answer.size());
    send(answer);
}

// It may not even sleep.
[[noreturn]] void wait_for_ever() {
    for (;;)
        ::getpid();
}

[[noreturn]] void use_up_memory() {
    std::vector<std::vector<std::byte>> all;
    for (;;)
        all.emplace_back(std::size_t{1} << 20, std::byte{1});
}

const std::map<std::string, std::function<void()>> deeds = {
    {"opens_files", [] { report(::open("/etc/passwd", O_RDONLY)); }},
    {"makes_files", [] { report(::open("/tmp/made", O_WRONLY | O_CREAT, 0600)); }},
    {"writes_to_what_it_reads", [] { report(::write(4, "mine", 4)); }},
    {"writes_its_file", [] { report(::ftruncate(4, 0)); }},
    {"looks_around",
     [] {
         struct stat status {};
         report(::stat("/etc/passwd", &status));
     }},
    {"connects", [] { report(::socket(AF_INET, SOCK_STREAM, 0)); }},
    {"starts_programs", [] { report(::execl("/bin/true", "true", nullptr)); }},
    {"forks", [] { report(::syscall(SYS_fork)); }},
    {"starts_threads", [] { std::thread([] {}).join(); }},
    {"signals", [] { report(::kill(::getppid(), 0)); }},
    {"makes_code",
     [] {
         void* const page =
             ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         report(page == MAP_FAILED ? -1 : 0);
     }},
    {"hangs", [] { wait_for_ever(); }},
    {"crashes", [] { ::syscall(SYS_tgkill, ::getpid(), ::gettid(), SIGSEGV); }},
    {"goes", [] { ::_exit(7); }},
    {"uses_up_memory", [] { use_up_memory(); }},
    {"says_too_much", [] { send_size(parser::largest_answer + 1); }},
    {"says_too_little",
     [] {
         send_size(100);
         wait_for_ever();
     }},
    {"says_nonsense",
     [] {
         send_size(5);
         send(std::as_bytes(std::span("nonse", 5)));
     }},
    {"lies_about_sounds",
     [] {
         const auto answer = parser::encode(Result<codec::WavHeader>(
             codec::WavHeader{.format = {}, .data_start = std::uint64_t{1} << 40}));
         send_size(answer.size());
         send(answer);
     }},
    {"hangs_up",
     [] {
         ::close(control);
         wait_for_ever();
     }},
    {"prints",
     [] {
         for (;;)
             static_cast<void>(!::write(STDERR_FILENO, "parser\n", 7));
     }},
};

bool confine_as_told() {
    std::vector<std::byte> plan(parser::largest_plan);
    const auto size = ::read(control, plan.data(), plan.size());
    if (size <= 0) return false;
    const std::array kept{STDOUT_FILENO, STDERR_FILENO, control};
    const auto report =
        sandbox::confine(std::span(plan).first(static_cast<std::size_t>(size)), kept);
    send(std::as_bytes(std::span(&report, 1)));
    return report.confined != 0;
}

// As where the kernel has no filters.
void say_that_it_cannot_be_confined() {
    std::vector<std::byte> plan(parser::largest_plan);
    static_cast<void>(!::read(control, plan.data(), plan.size()));
    sandbox::ConfinementReport report;
    report[sandbox::Layer::seccomp] = {.state = sandbox::LayerState::failed, .error = EINVAL};
    send(std::as_bytes(std::span(&report, 1)));
}

}  // namespace

int main(int, char** arguments) {
    const auto deed = std::filesystem::path(arguments[0]).parent_path().filename().string();
    if (deed == "does_not_start") return 1;
    if (deed == "cannot_be_confined") {
        say_that_it_cannot_be_confined();
        wait_for_ever();
    }
    if (!confine_as_told()) return 1;
    const Fd socket(control);
    parser::Question question{};
    if (::read(control, &question, sizeof question) != sizeof question) return 1;
    const auto file = channel::receive_descriptor(socket);
    try {
        deeds.at(deed)();
    } catch (const std::bad_alloc&) {
        ::_exit(parser::out_of_memory_status);
    }
    wait_for_ever();
}
