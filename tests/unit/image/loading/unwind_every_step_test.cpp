// Functions that a compiler made, run one instruction at a time: wherever they are, unwinding leads
// to the registers of their caller.
#include <array>
#include <csignal>
#include <cstring>
#include <vector>

#include <ucontext.h>

#include <gtest/gtest.h>

#include "image/pe/virtual_unwind_x86_64.hpp"
#include "recorder.hpp"

using namespace instdrv;
using namespace instdrv::test;

// Where the caller of a function that is stepped through stands, and its registers.
extern "C" {
std::uint64_t instdrv_test_caller_stack = 0;
void instdrv_test_after_call();
void instdrv_test_visit();
std::uint64_t instdrv_test_step_through(const void* function, std::uint64_t a, std::uint64_t b);
}

// instdrv_test_step_through sets every preserved register to a number of its own, calls
// `function(visit, a, b)` in the Windows convention with the trap flag set, and clears the flag.
// instdrv_test_visit ruins all registers that a call may change.
__asm__(R"(
    .text
    .globl instdrv_test_visit
instdrv_test_visit:
    mov $-1, %rax
    mov %rax, %rcx
    mov %rax, %rdx
    mov %rax, %r8
    mov %rax, %r9
    mov %rax, %r10
    mov %rax, %r11
    pcmpeqd %xmm0, %xmm0
    movdqa %xmm0, %xmm5
    ret

    .globl instdrv_test_step_through
instdrv_test_step_through:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    sub $40, %rsp
    mov %rdi, %rax
    mov %rdx, %r8
    mov %rsi, %rdx
    lea instdrv_test_visit(%rip), %rcx
    mov %rsp, instdrv_test_caller_stack(%rip)
    mov $103, %rbx
    mov $105, %rbp
    mov $106, %rsi
    mov $107, %rdi
    mov $112, %r12
    mov $113, %r13
    mov $114, %r14
    mov $115, %r15
    movq %rbx, %xmm6
    movq %rbp, %xmm7
    movq %rsi, %xmm8
    movq %r15, %xmm15
    pushfq
    orq $0x100, (%rsp)
    popfq
    call *%rax
    .globl instdrv_test_after_call
instdrv_test_after_call:
    pushfq
    andq $~0x100, (%rsp)
    popfq
    add $40, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
)");

namespace {

struct Expected {
    pe::Register which;
    std::uint64_t value;
};
constexpr std::array<Expected, 8> preserved = {{{pe::Register::rbx, 103},
                                                {pe::Register::rbp, 105},
                                                {pe::Register::rsi, 106},
                                                {pe::Register::rdi, 107},
                                                {pe::Register::r12, 112},
                                                {pe::Register::r13, 113},
                                                {pe::Register::r14, 114},
                                                {pe::Register::r15, 115}}};

// What the signal handler works with and finds.
struct Walk {
    const pe::LoadedImage* image = nullptr;
    std::size_t steps = 0;
    std::size_t deepest = 0;
    std::vector<std::uint64_t> wrong;  // RVAs where unwinding failed
} walk;

pe::Context context_of(const ucontext_t& machine) {
    const auto& general = machine.uc_mcontext.gregs;
    constexpr std::array order = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                  REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                  REG_R12, REG_R13, REG_R14, REG_R15};
    pe::Context context;
    for (std::size_t i = 0; i < order.size(); ++i)
        context.registers[i] = static_cast<std::uint64_t>(general[order[i]]);
    context.rip = static_cast<std::uint64_t>(general[REG_RIP]);
    std::memcpy(context.floating.xmm.data(), machine.uc_mcontext.fpregs->_xmm,
                sizeof context.floating.xmm);
    return context;
}

bool is_callers(const pe::Context& context) {
    for (const auto& [which, value] : preserved) {
        if (context[which] != value) return false;
    }
    const auto& xmm = context.floating.xmm;
    return context.rip == reinterpret_cast<std::uint64_t>(&instdrv_test_after_call) &&
           context[pe::Register::rsp] == instdrv_test_caller_stack && xmm[6].low == 103 &&
           xmm[7].low == 105 && xmm[8].low == 106 && xmm[15].low == 115;
}

// Unwinds all frames of the image. Returns how many there were, 0 if that failed.
std::size_t leave_image(pe::Context& context) {
    const pe::ImageView& view = walk.image->view();
    const pe::OwnMemory memory;
    for (std::size_t depth = 0; depth < 100; ++depth) {
        const auto rva = view.to_rva(context.rip);
        if (!rva) return depth;
        const auto function = pe::find_runtime_function(view, *rva);
        const bool unwound = function ? pe::virtual_unwind(view, *function, context.rip,
                                                           pe::HandlerKind::none, memory, context)
                                            .has_value()
                                      : pe::unwind_leaf(memory, context);
        if (!unwound) return 0;
    }
    return 0;
}

void on_step(int, siginfo_t*, void* machine) {
    pe::Context context = context_of(*static_cast<ucontext_t*>(machine));
    const auto rva = walk.image->view().to_rva(context.rip);
    if (!rva) return;
    ++walk.steps;
    const std::size_t depth = leave_image(context);
    walk.deepest = std::max(walk.deepest, depth);
    if (depth == 0 || !is_callers(context)) walk.wrong.push_back(*rva);
}

class UnwindEveryStep : public LoaderTest,
                        public testing::WithParamInterface<std::tuple<const char*, const char*>> {
protected:
    void SetUp() override {
        struct sigaction action = {};
        action.sa_sigaction = on_step;
        action.sa_flags = SA_SIGINFO;
        ASSERT_EQ(::sigaction(SIGTRAP, &action, &before_), 0);
        walk = {};
        walk.image = load(test_dll(std::get<0>(GetParam())));
    }
    void TearDown() override { ::sigaction(SIGTRAP, &before_, nullptr); }

private:
    struct sigaction before_ = {};
};

TEST_P(UnwindEveryStep, LeadsToTheCaller) {
    const auto* image =
        const_cast<pe::LoadedImage*>(walk.image)->find_export({.name = std::get<1>(GetParam())});
    ASSERT_NE(image, nullptr);
    instdrv_test_step_through(image, 3, 4);
    EXPECT_GT(walk.steps, 8u);
    if (std::get<1>(GetParam()) == std::string_view("recursive")) {
        EXPECT_GE(walk.deepest, 5u);
    }
    for (const auto rva : walk.wrong)
        ADD_FAILURE() << "at " << std::hex << rva;
}

INSTANTIATE_TEST_SUITE_P(
    Frames, UnwindEveryStep,
    testing::Combine(testing::Values("frames", "frames_small", "frames_unoptimised"),
                     testing::Values("small_frame", "large_frame", "frame_pointer", "saves_vectors",
                                     "tail_call", "recursive")),
    [](const auto& test) {
        return std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param);
    });

}  // namespace
