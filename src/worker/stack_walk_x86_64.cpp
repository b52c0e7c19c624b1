#include <cstring>
#include <optional>

#include "image/pe/loader.hpp"
#include "image/pe/virtual_unwind_x86_64.hpp"
#include "winapi/process/process.hpp"
#include "worker/stack_walk.hpp"

namespace instdrv::worker {
namespace {

class StackMemory final : public pe::MemoryReader {
public:
    explicit StackMemory(StackBounds bounds) : bounds_(bounds) {}
    [[nodiscard]] bool read(std::uint64_t address,
                            std::span<std::byte> out) const noexcept override {
        if (!bounds_.contains(address, out.size())) return false;
        std::memcpy(out.data(), reinterpret_cast<const void*>(address), out.size());
        return true;
    }
    [[nodiscard]] std::optional<std::uint64_t> word(std::uint64_t address) const noexcept {
        std::uint64_t value = 0;
        if (!read(address, std::as_writable_bytes(std::span(&value, 1)))) return std::nullopt;
        return value;
    }

private:
    StackBounds bounds_;
};

pe::Context context_of(const ucontext_t& stopped) noexcept {
    const auto& registers = stopped.uc_mcontext.gregs;
    const auto value = [&](int index) { return static_cast<std::uint64_t>(registers[index]); };
    pe::Context context{};
    context[pe::Register::rax] = value(REG_RAX);
    context[pe::Register::rcx] = value(REG_RCX);
    context[pe::Register::rdx] = value(REG_RDX);
    context[pe::Register::rbx] = value(REG_RBX);
    context[pe::Register::rsp] = value(REG_RSP);
    context[pe::Register::rbp] = value(REG_RBP);
    context[pe::Register::rsi] = value(REG_RSI);
    context[pe::Register::rdi] = value(REG_RDI);
    context[pe::Register::r8] = value(REG_R8);
    context[pe::Register::r9] = value(REG_R9);
    context[pe::Register::r10] = value(REG_R10);
    context[pe::Register::r11] = value(REG_R11);
    context[pe::Register::r12] = value(REG_R12);
    context[pe::Register::r13] = value(REG_R13);
    context[pe::Register::r14] = value(REG_R14);
    context[pe::Register::r15] = value(REG_R15);
    context.rip = value(REG_RIP);
    return context;
}

// The next frame up from PE code, by unwind data.
bool step_in_image(const pe::LoadedImage& image, const StackMemory& memory,
                   pe::Context& context) noexcept {
    const auto rva =
        static_cast<std::uint32_t>(context.rip - reinterpret_cast<std::uintptr_t>(image.base()));
    const auto function = pe::find_runtime_function(image.view(), rva);
    if (!function) return pe::unwind_leaf(memory, context);
    return pe::virtual_unwind(image.view(), *function, context.rip, pe::HandlerKind::none, memory,
                              context)
        .has_value();
}

// The next frame up from code of ours or of a library, as long as it keeps frame pointers.
bool step_by_frame_pointer(const StackMemory& memory, pe::Context& context) noexcept {
    const auto frame = context[pe::Register::rbp];
    const auto saved = memory.word(frame);
    const auto target = memory.word(frame + 8);
    if (!saved || !target) return false;
    context[pe::Register::rbp] = *saved;
    context[pe::Register::rsp] = frame + 16;
    context.rip = *target;
    return true;
}

// A jump into nowhere is a call whose return address still lies on top of the stack.
bool step_from_nowhere(const StackMemory& memory, pe::Context& context) noexcept {
    return pe::unwind_leaf(memory, context);
}

}  // namespace

std::size_t walk_stack(const ucontext_t& stopped, std::span<channel::CrashFrame> out) noexcept {
    const StackMemory memory(stack_bounds());
    pe::Context context = context_of(stopped);
    std::size_t count = 0;
    while (count < out.size()) {
        out[count] = frame_at(context.rip);
        const bool known = out[count].image[0] != '\0';
        ++count;
        const auto before = context[pe::Register::rsp];
        const auto* const image = winapi::Process::instance().loader().find_by_address(
            reinterpret_cast<const void*>(context.rip));
        const bool stepped = image != nullptr ? step_in_image(*image, memory, context)
                             : known          ? step_by_frame_pointer(memory, context)
                             : count == 1     ? step_from_nowhere(memory, context)
                                              : false;
        if (!stepped || context[pe::Register::rsp] <= before || context.rip == 0) break;
    }
    return count;
}

}  // namespace instdrv::worker
