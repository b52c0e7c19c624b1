#include "expectations.hpp"

namespace instdrv::test {
namespace {

constexpr Ending both(std::string_view ending) { return {ending, ending}; }
constexpr Fault everywhere(const char* name, const char* what, std::string_view ending) {
    return {name, what, both(ending), both(ending)};
}

constexpr std::string_view answered = "answered";
constexpr std::string_view touches_bad_memory = "crashed SIGSEGV";

constexpr std::array table{
    Fault{"hang", "does not return", both("timed_out"), both("timed_out"), true},
    Fault{"hung_thread", "waits for a thread of its own that does not return", both("timed_out"),
          both("timed_out"), true},
    everywhere("bad_read", "reads address 0x10", touches_bad_memory),
    everywhere("bad_write", "writes to address 0x10", touches_bad_memory),
    everywhere("bad_jump", "calls address 0x10", touches_bad_memory),
    everywhere("stack_overflow", "calls itself without end", touches_bad_memory),
    everywhere("division_by_zero", "divides by zero", "crashed SIGFPE"),
    everywhere("undefined_instruction", "runs `ud2`", "crashed SIGILL"),
    Fault{
        "abort", "calls `abort`", {"crashed SIGABRT", "exited 3"}, {"crashed SIGABRT", "exited 3"}},
    everywhere("exit", "ends its process: `_exit(3)`, `ExitProcess(3)`", "exited 3"),
    everywhere("corrupt_heap", "writes beyond its blocks, then frees them", "crashed SIGABRT"),
    everywhere("leak", "takes 16 MiB and forgets them", answered),
    everywhere("allocate_without_end", "takes all memory, then writes to what it did not get",
               "out_of_memory SIGSEGV"),
    Fault{"outliving_threads", "starts four threads that run on", both(answered), both(answered),
          false, true},
    everywhere("scribble_on_channel", "overwrites the memory it shares with the supervisor",
               "broken"),
    everywhere("unmark_sleepers", "takes away the marks of who sleeps, then runs `ud2`",
               "crashed SIGILL"),
    everywhere("answer_of_another_kind", "writes an answer of no known kind into each lane",
               "broken"),
    everywhere("ring_without_end", "rings for messages that it does not write", "broken"),
    everywhere("answer_garbage", "answers 0xDEADBEEFCAFEF00D", answered),
    everywhere("hide_denials", "ignores what the kernel raises at a denied system call",
               "denied rt_sigaction"),
    everywhere("print_much", "prints 2.5 MB of lines that look like the host's", answered),
    Fault{"fork",
          "starts a process",
          {"denied clone", "denied fork"},
          {"denied clone", "denied fork"}},
    everywhere("exec", "runs `/bin/true`", "denied execve"),
    Fault{"socket",
          "opens a socket",
          both("denied socket"),
          {.native = "denied socketcall", .windows = "denied socket"}},
    everywhere("read_passwd", "reads `/etc/passwd`, is refused and goes on", answered),
    everywhere("read_home", "reads a file in `$HOME`, is refused and goes on", answered),
    everywhere("ptrace_parent", "traces the supervisor", "denied ptrace"),
    everywhere("signal_parent", "kills the supervisor", "denied kill"),
};

}  // namespace

std::string_view Fault::ending(const Build& build, const Stage&) const {
    const auto& of_machine = build.folder == std::string_view() ? bits_64 : bits_32;
    return build.ending == std::string_view(".dll") ? of_machine.windows : of_machine.native;
}

std::span<const Fault> faults() { return table; }

}  // namespace instdrv::test
