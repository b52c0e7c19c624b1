#include "winapi/exceptions/frame_walk_x86_64.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "image/pe/image_view.hpp"
#include "winapi/exceptions/exception_entry_x86_64.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi {
namespace {

const pe::OwnMemory memory;

bool is_in_handler_call(const pe::Context& context) {
    return context.rip == reinterpret_cast<std::uintptr_t>(instdrv_handler_returned);
}

pe::LoadedImage* image_at(const pe::Context& context) {
    return Process::instance().loader().find_by_address(pe::code_address(context));
}

}  // namespace

const FunctionEntry* find_function(const pe::LoadedImage& image, std::uint64_t address) {
    const auto& directory = image.view().directory(pe::Directory::exceptions);
    const auto* const first = reinterpret_cast<const FunctionEntry*>(image.base() + directory.rva);
    const std::span functions(first, pe::runtime_function_count(image.view()));
    const auto rva = static_cast<DWORD>(address - reinterpret_cast<std::uintptr_t>(image.base()));
    const auto after =
        std::upper_bound(functions.begin(), functions.end(), rva,
                         [](DWORD wanted, const FunctionEntry& f) { return wanted < f.begin; });
    if (after == functions.begin()) return nullptr;
    const FunctionEntry& found = *std::prev(after);
    return rva < found.end ? &found : nullptr;
}

bool FrameWalk::leave_handler() {
    if (!is_in_handler_call(context_)) return false;
    const Activity* activity = nullptr;
    std::memcpy(&activity,
                reinterpret_cast<const void*>(context_[pe::Register::rsp] + activity_offset),
                sizeof(void*));
    context_ = activity->resume;
    interrupted_ = activity->unwinds ? &activity->dispatcher : nullptr;
    return true;
}

std::optional<Frame> FrameWalk::look(pe::HandlerKind wanted) {
    interrupted_ = nullptr;
    while (leave_handler())
        is_first_ = true;
    Frame frame;
    frame.image = image_at(context_);
    if (frame.image == nullptr && is_first_) {
        if (!pe::unwind_leaf(memory, context_)) return std::nullopt;
        frame.image = image_at(context_);
    }
    is_first_ = false;
    if (frame.image == nullptr) return std::nullopt;
    frame.function = find_function(*frame.image, context_.rip);
    caller_ = context_;
    if (frame.function == nullptr) {
        if (!pe::unwind_leaf(memory, caller_)) return std::nullopt;
        return frame;
    }
    const pe::RuntimeFunction function{frame.function->begin, frame.function->end,
                                       frame.function->unwind_info};
    const auto unwound =
        pe::virtual_unwind(frame.image->view(), function, context_.rip, wanted, memory, caller_);
    if (!unwound) return std::nullopt;
    frame.unwound = *unwound;
    return frame;
}

}  // namespace instdrv::winapi
