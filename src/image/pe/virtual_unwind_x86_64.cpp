#include "image/pe/virtual_unwind_x86_64.hpp"

#include <algorithm>
#include <cstring>

#include "image/pe/epilog_x86_64.hpp"

namespace instdrv::pe {
namespace {

// The prolog of one piece of unwind information, undone as far as it has run.
class Prolog {
public:
    // `offset`: how far into the function the frame is; the whole prolog of a function that a
    // chained one is a part of has run.
    Prolog(const UnwindInfo& info, std::uint32_t offset, const MemoryReader& memory,
           Context& context) noexcept
        : info_(info), offset_(offset), memory_(memory), context_(context) {}

    [[nodiscard]] std::uint64_t frame_base() const noexcept {
        if (!has_frame_register()) return context_[Register::rsp];
        return context_.registers[info_.frame_register] - info_.frame_offset;
    }

    // False: the stack is unreadable. `returned` becomes true when rip is known already.
    bool undo(bool& returned) noexcept {
        const std::uint64_t base = frame_base();
        for (const UnwindCode& code : info_.operations()) {
            if (has_run(code) && !undo(code, base, returned)) return false;
        }
        return true;
    }

private:
    [[nodiscard]] bool has_run(const UnwindCode& code) const noexcept {
        return code.prolog_offset <= offset_;
    }
    [[nodiscard]] bool has_frame_register() const noexcept {
        if (info_.frame_register == 0) return false;
        if (info_.chained) return true;  // set by the function that this one is a part of
        return std::any_of(
            info_.operations().begin(), info_.operations().end(), [&](const UnwindCode& code) {
                return code.operation == UnwindOperation::set_frame_register && has_run(code);
            });
    }

    template <class T>
    bool read(std::uint64_t address, T& out) const noexcept {
        return memory_.read(address, std::as_writable_bytes(std::span(&out, 1)));
    }

    bool undo(const UnwindCode& code, std::uint64_t base, bool& returned) noexcept {
        std::uint64_t& stack_pointer = context_[Register::rsp];
        switch (code.operation) {
            case UnwindOperation::push_nonvolatile: {
                const std::uint64_t from = stack_pointer;
                stack_pointer += 8;
                return read(from, context_.registers[code.info]);
            }
            case UnwindOperation::allocate_large:
            case UnwindOperation::allocate_small: stack_pointer += code.operand; return true;
            case UnwindOperation::set_frame_register: stack_pointer = base; return true;
            case UnwindOperation::save_nonvolatile:
            case UnwindOperation::save_nonvolatile_far:
                return read(base + code.operand, context_.registers[code.info]);
            case UnwindOperation::save_xmm128:
            case UnwindOperation::save_xmm128_far:
                return read(base + code.operand, context_.floating.xmm[code.info]);
            case UnwindOperation::push_machine_frame:
                returned = true;
                return undo_machine_frame(stack_pointer + (code.info != 0 ? 8 : 0));
            case UnwindOperation::epilog: return true;
        }
        return false;
    }

    // What the processor pushes at an interrupt: rip, cs, eflags, rsp, ss.
    bool undo_machine_frame(std::uint64_t at) noexcept {
        return read(at, context_.rip) && read(at + 24, context_[Register::rsp]);
    }

    const UnwindInfo& info_;
    std::uint32_t offset_;
    const MemoryReader& memory_;
    Context& context_;
};

bool has_handler(const UnwindInfo& info, HandlerKind wanted) noexcept {
    return (wanted == HandlerKind::exception && info.has_exception_handler) ||
           (wanted == HandlerKind::termination && info.has_termination_handler);
}

// A function behind its prolog, and the functions it is a part of.
std::optional<UnwindInfo> undo_prologs(const ImageView& image, UnwindInfo info,
                                       std::uint32_t offset, const MemoryReader& memory,
                                       Context& context) noexcept {
    bool returned = false;
    for (int link = 0; link < max_unwind_chain; ++link) {
        if (!Prolog(info, offset, memory, context).undo(returned)) return std::nullopt;
        if (!info.chained) {
            if (!returned && !unwind_leaf(memory, context)) return std::nullopt;
            return info;
        }
        const auto next = parse_unwind_info(image, info.chained->unwind_info);
        if (!next) return std::nullopt;
        info = *next;
        offset = UINT32_MAX;
    }
    return std::nullopt;
}

}  // namespace

bool OwnMemory::read(std::uint64_t address, std::span<std::byte> out) const noexcept {
    std::memcpy(out.data(), reinterpret_cast<const void*>(static_cast<std::uintptr_t>(address)),
                out.size());
    return true;
}

std::optional<UnwoundFrame> virtual_unwind(const ImageView& image, const RuntimeFunction& function,
                                           std::uint64_t control_pc, HandlerKind wanted,
                                           const MemoryReader& memory, Context& context) noexcept {
    const auto info = parse_unwind_info(image, function.unwind_info);
    const auto rva = image.to_rva(control_pc);
    if (!info || !rva || *rva < function.begin) return std::nullopt;
    const std::uint32_t offset = *rva - function.begin;

    Context unwound = context;
    UnwoundFrame frame{.establisher = Prolog(*info, offset, memory, unwound).frame_base()};
    const bool in_prolog = offset < info->prolog_size;
    if (!in_prolog && finish_epilog(image, *rva, info->frame_register, memory, unwound)) {
        context = unwound;
        return frame;
    }
    const auto primary = undo_prologs(image, *info, offset, memory, unwound);
    if (!primary) return std::nullopt;
    if (!in_prolog && has_handler(*primary, wanted)) {
        frame.handler = image.base() + primary->handler;
        frame.handler_data = image.base() + primary->handler_data;
    }
    context = unwound;
    return frame;
}

bool unwind_leaf(const MemoryReader& memory, Context& context) noexcept {
    std::uint64_t& stack_pointer = context[Register::rsp];
    if (!memory.read(stack_pointer, std::as_writable_bytes(std::span(&context.rip, 1)))) {
        return false;
    }
    stack_pointer += 8;
    return true;
}

}  // namespace instdrv::pe
