// Walks up the frames of PE code on this thread's stack.
#pragma once

#include <optional>

#include "image/pe/loader.hpp"
#include "image/pe/virtual_unwind_x86_64.hpp"
#include "winapi/exceptions/unwind_x86_64.hpp"

namespace instdrv::winapi {

// A handler being called: what a walk that comes up from inside the handler goes on with, since it
// cannot walk through the host's own frames. Lives on the stack of dispatch_exception or unwind_to.
struct Activity {
    DispatcherContext dispatcher{};
    // Where the walk goes on: where the exception was raised, or the frame that is being unwound.
    pe::Context resume{};
    bool unwinds = false;
};

struct Frame {
    pe::LoadedImage* image = nullptr;
    const FunctionEntry* function = nullptr;  // null: a leaf, which has no handlers
    pe::UnwoundFrame unwound;
};

class FrameWalk {
public:
    explicit FrameWalk(const pe::Context& start) : context_(start) {}

    // The frame the walk stands at, and what its caller will see in caller(). std::nullopt if the
    // frame is not PE code's, or the stack is broken.
    std::optional<Frame> look(pe::HandlerKind wanted);
    [[nodiscard]] pe::Context& context() noexcept { return context_; }
    [[nodiscard]] const pe::Context& caller() const noexcept { return caller_; }
    // Goes on to the caller of the frame looked at.
    void step() { context_ = caller_; }

    // The dispatcher of an unwinding that this one interrupted, once the walk has come to the frame
    // it was at; null otherwise.
    [[nodiscard]] const DispatcherContext* interrupted() const noexcept { return interrupted_; }

private:
    bool leave_handler();

    pe::Context context_;
    pe::Context caller_;
    // The code that was running may be none: a function was called where there is no code.
    bool is_first_ = true;
    const DispatcherContext* interrupted_ = nullptr;
};

// The function that an address lies in; null: none, or a leaf.
const FunctionEntry* find_function(const pe::LoadedImage& image, std::uint64_t address);

}  // namespace instdrv::winapi
