#include "winapi/ntdll/exception.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/ntdll/exception_entry_x86_64.hpp"
#include "winapi/ntdll/frame_walk_x86_64.hpp"
#include "winapi/process.hpp"

namespace instdrv::winapi {
namespace {

std::string_view exception_name(DWORD code) {
    switch (code) {
        case 0x80000003: return " (breakpoint)";
        case 0xC0000005: return " (access violation)";
        case 0xC0000017: return " (no memory)";
        case 0xC000001D: return " (illegal instruction)";
        case 0xC000008E: return " (floating-point division by zero)";
        case 0xC0000094: return " (integer division by zero)";
        case 0xC00000FD: return " (stack overflow)";
        case 0xC0000409: return " (stack buffer overrun)";
        case 0x20474343:
        case 0xE06D7363: return " (a C++ exception)";
        default: return "";
    }
}

std::string place_of(const void* address) {
    const pe::LoadedImage* const image = Process::instance().loader().find_by_address(address);
    if (image == nullptr) return fmt::format("{}", address);
    return fmt::format("{}+{:#x}", image->file().filename().string(),
                       static_cast<const std::byte*>(address) - image->base());
}

Error error_of(const ExceptionRecord& record, std::string_view why) {
    return {.code = ErrorCode::broken,
            .operation = "run driver code",
            .cause = fmt::format("it raised exception {:#010x}{} at {}, {}", record.code,
                                 exception_name(record.code), place_of(record.address), why),
            .system_code = record.code};
}

// Nothing that owns memory may live here: the frame is thrown away.
[[noreturn]] void give_up(const ExceptionRecord& record, std::string_view why) {
    pe::break_off(error_of(record, why));
}

[[noreturn]] void go_on_with(const pe::Context& context) {
    pe::Context copy = context;
    instdrv_restore_context(&copy);
}

void fill_dispatcher(DispatcherContext& dispatcher, const Frame& frame,
                     const pe::Context& frame_context) {
    dispatcher.control_pc = frame_context.rip;
    dispatcher.image_base = reinterpret_cast<std::uintptr_t>(frame.image->base());
    dispatcher.function = frame.function;
    dispatcher.establisher_frame = frame.unwound.establisher;
    dispatcher.handler = reinterpret_cast<const void*>(frame.unwound.handler);
    dispatcher.handler_data = reinterpret_cast<const void*>(frame.unwound.handler_data);
}

Disposition call_language_handler(ExceptionRecord& record, pe::Context& context,
                                  Activity& activity) {
    const DispatcherContext& dispatcher = activity.dispatcher;
    const auto answer = instdrv_call_handler(
        reinterpret_cast<std::uintptr_t>(&record), dispatcher.establisher_frame,
        reinterpret_cast<std::uintptr_t>(&context),
        reinterpret_cast<std::uintptr_t>(&activity.dispatcher), dispatcher.handler, &activity);
    return static_cast<Disposition>(static_cast<int>(answer));
}

[[noreturn]] void nobody_took(ExceptionRecord& record, pe::Context& context) {
    ExceptionPointers exception{&record, &context};
    const bool continuable = (record.flags & exception_flag::noncontinuable) == 0;
    if (ask_unhandled_filter(exception) == EXCEPTION_CONTINUE_EXECUTION && continuable) {
        go_on_with(context);
    }
    give_up(record, "and nobody handled it");
}

}  // namespace

void dispatch_exception(ExceptionRecord& record, const pe::Context& raised) {
    pe::Context context = raised;
    ExceptionPointers exception{&record, &context};
    if (ask_vectored_handlers(exception)) go_on_with(context);

    FrameWalk walk(raised);
    while (const auto frame = walk.look(pe::HandlerKind::exception)) {
        if (frame->unwound.handler != 0) {
            pe::Context scratch = walk.caller();
            Activity activity{.resume = raised};
            fill_dispatcher(activity.dispatcher, *frame, walk.context());
            activity.dispatcher.context = &scratch;
            if (walk.interrupted() != nullptr) {
                activity.dispatcher.scope_index = walk.interrupted()->scope_index;
            }
            const Disposition answer = call_language_handler(record, context, activity);
            if (answer == Disposition::continue_execution) {
                if ((record.flags & exception_flag::noncontinuable) != 0) {
                    give_up(record, "and a handler went on although it must not be continued");
                }
                go_on_with(context);
            }
        }
        walk.step();
    }
    nobody_took(record, context);
}

void unwind_to(std::uint64_t target_frame, std::uint64_t target_ip, ExceptionRecord* record,
               std::uint64_t return_value, const pe::Context& start) {
    ExceptionRecord own{};
    if (record == nullptr) {
        own.code = STATUS_UNWIND;
        own.address = reinterpret_cast<const void*>(start.rip);
        record = &own;
    }
    record->flags |= exception_flag::unwinding;
    if (target_frame == 0) record->flags |= exception_flag::exit_unwind;

    FrameWalk walk(start);
    while (const auto frame = walk.look(pe::HandlerKind::termination)) {
        const bool is_target =
            frame->function != nullptr && frame->unwound.establisher == target_frame;
        if (frame->unwound.handler != 0) {
            record->flags &= ~(exception_flag::target_unwind | exception_flag::collided_unwind);
            if (is_target) record->flags |= exception_flag::target_unwind;
            Activity activity{.resume = walk.context(), .unwinds = true};
            fill_dispatcher(activity.dispatcher, *frame, walk.context());
            activity.dispatcher.target_ip = target_ip;
            activity.dispatcher.context = &walk.context();
            if (walk.interrupted() != nullptr) {
                record->flags |= exception_flag::collided_unwind;
                activity.dispatcher.scope_index = walk.interrupted()->scope_index;
            }
            call_language_handler(*record, walk.context(), activity);
        }
        if (is_target) {
            walk.context()[pe::Register::rax] = return_value;
            walk.context().rip = target_ip;
            go_on_with(walk.context());
        }
        walk.step();
    }
    give_up(*record, "and the frame to unwind to is not on the stack");
}

extern "C" void instdrv_raise(const pe::Context* context, DWORD code, DWORD flags, DWORD count,
                              const std::uintptr_t* parameters) {
    ExceptionRecord record{};
    record.code = code;
    record.flags = flags & exception_flag::noncontinuable;
    record.address = reinterpret_cast<const void*>(context->rip);
    if (parameters != nullptr) {
        record.parameter_count = std::min<DWORD>(count, most_exception_parameters);
        std::copy_n(parameters, record.parameter_count, record.parameters);
    }
    dispatch_exception(record, *context);
}

extern "C" void instdrv_raise_record(const pe::Context* context, ExceptionRecord* record) {
    record->address = reinterpret_cast<const void*>(context->rip);
    dispatch_exception(*record, *context);
}

extern "C" void instdrv_unwind(const pe::Context* context, std::uint64_t target_frame,
                               std::uint64_t target_ip, ExceptionRecord* record,
                               std::uint64_t return_value) {
    unwind_to(target_frame, target_ip, record, return_value, *context);
}

}  // namespace instdrv::winapi
