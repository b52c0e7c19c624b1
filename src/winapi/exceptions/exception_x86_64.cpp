#include "winapi/exceptions/exception_entry_x86_64.hpp"
#include "winapi/exceptions/frame_walk_x86_64.hpp"

namespace instdrv::winapi {
namespace {

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

}  // namespace

bool ask_frames(ExceptionRecord& record, pe::Context& context) {
    const pe::Context raised = context;
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
                return true;
            }
        }
        walk.step();
    }
    return false;
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

void go_on_with(const pe::Context& context) {
    pe::Context copy = context;
    instdrv_restore_context(&copy);
}

extern "C" void instdrv_unwind(const pe::Context* context, std::uint64_t target_frame,
                               std::uint64_t target_ip, ExceptionRecord* record,
                               std::uint64_t return_value) {
    unwind_to(target_frame, target_ip, record, return_value, *context);
}

}  // namespace instdrv::winapi
