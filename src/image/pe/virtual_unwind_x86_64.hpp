// Computes the registers of a caller from those of one frame of PE code: one step of a stack walk,
// driven by the unwind information of x86-64 images. RtlVirtualUnwind, exception dispatch and crash
// reports are made of such steps.
//
// Takes no memory and no locks, so it serves inside signal handlers too. [any thread]
//
// https://learn.microsoft.com/cpp/build/exception-handling-x64#unwind-procedure
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "image/pe/context_x86_64.hpp"
#include "image/pe/image_view.hpp"
#include "image/pe/unwind_data.hpp"

namespace instdrv::pe {

// Where the frames lie: this process's stack, another process's, or a test's.
class MemoryReader {
public:
    virtual ~MemoryReader() = default;
    // False: not all of these bytes can be read.
    [[nodiscard]] virtual bool read(std::uint64_t address,
                                    std::span<std::byte> out) const noexcept = 0;
};

// This process's own memory, read as it is: for frames that are known to be whole.
class OwnMemory final : public MemoryReader {
public:
    [[nodiscard]] bool read(std::uint64_t address,
                            std::span<std::byte> out) const noexcept override;
};

// Which language-specific handler of a frame is asked for (UNW_FLAG_*).
enum class HandlerKind : std::uint8_t { none = 0, exception = 1, termination = 2 };

struct UnwoundFrame {
    // The address by which handlers know the frame: the frame register's base where the function
    // has one, else the stack pointer behind the prolog.
    std::uint64_t establisher = 0;
    // Addresses. 0: the frame has no such handler, or its prolog or an epilog was running, where
    // handlers are not called. A chained function has the handler of the function it is a part of.
    std::uint64_t handler = 0;
    std::uint64_t handler_data = 0;
};

// Undoes one frame: `context` becomes what the caller will see when `function` returns, with the
// registers that calls may change left as they are. `control_pc` lies in `function`, which lies in
// the mapped `image`. For a return address found on the stack it may be the address itself.
// Nothing, and `context` unchanged: the unwind information is damaged or the stack unreadable.
std::optional<UnwoundFrame> virtual_unwind(const ImageView& image, const RuntimeFunction& function,
                                           std::uint64_t control_pc, HandlerKind wanted,
                                           const MemoryReader& memory, Context& context) noexcept;

// The same for a function without unwind information, which by the rules moves neither stack
// pointer nor preserved registers. False: the stack is unreadable.
[[nodiscard]] bool unwind_leaf(const MemoryReader& memory, Context& context) noexcept;

}  // namespace instdrv::pe
