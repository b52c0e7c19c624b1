#include "winapi/exceptions/exception_entry_x86.hpp"
#include "winapi/exceptions/unwind_x86.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

// Lies on the chain while a handler runs, so that an exception in the handler is known to be one.
struct Marker {
    Registration registration;
    Registration* asked;  // whose handler it is
};

const Marker& marker_of(Registration* registration) {
    static_assert(offsetof(Marker, registration) == 0);
    return *reinterpret_cast<const Marker*>(registration);
}

bool is_unwinding(const ExceptionRecord& record) {
    return (record.flags & (exception_flag::unwinding | exception_flag::exit_unwind)) != 0;
}

// An exception in a handler that was asked about another one.
Disposition while_asking(ExceptionRecord* record, Registration* registration, pe::Context*,
                         Registration** dispatcher) {
    if (is_unwinding(*record)) return Disposition::continue_search;
    *dispatcher = marker_of(registration).asked;
    return Disposition::nested;
}

// An unwinding out of a handler that was cleaning up for another one.
Disposition while_unwinding(ExceptionRecord* record, Registration* registration, pe::Context*,
                            Registration** dispatcher) {
    if (!is_unwinding(*record)) return Disposition::continue_search;
    *dispatcher = marker_of(registration).asked;
    return Disposition::collided_unwind;
}

void set_innermost(Registration* registration) {
    current_thread().teb().ExceptionList = registration;
}

Disposition call_handler(ExceptionRecord& record, Registration& asked, pe::Context& context,
                         Registration*& dispatcher, FrameHandler marking) {
    Marker marker{{innermost_registration(), marking}, &asked};
    set_innermost(&marker.registration);
    const Disposition answer = asked.handler(&record, &asked, &context, &dispatcher);
    set_innermost(marker.registration.next);
    return answer;
}

// Registrations lie on the stack, each outer one at a higher address.
bool is_sound(const Registration* registration, std::uintptr_t above) {
    const Teb& teb = current_thread().teb();
    const auto address = reinterpret_cast<std::uintptr_t>(registration);
    return address % alignof(Registration) == 0 && address >= above &&
           address >= reinterpret_cast<std::uintptr_t>(teb.StackLimit) &&
           address <= reinterpret_cast<std::uintptr_t>(teb.StackBase) - sizeof(Registration);
}

void check_sound(const ExceptionRecord& record, const Registration* registration,
                 std::uintptr_t above = 0) {
    if (!is_sound(registration, above)) {
        give_up(record, "and the chain of exception handlers is broken");
    }
}

std::uintptr_t behind(const Registration* registration) {
    return reinterpret_cast<std::uintptr_t>(registration + 1);
}

[[noreturn]] void give_up_on_answer(const ExceptionRecord& record) {
    give_up(record, "and a handler gave an answer that there is not");
}

}  // namespace

Registration* innermost_registration() noexcept {
    return static_cast<Registration*>(current_thread().teb().ExceptionList);
}

bool ask_frames(ExceptionRecord& record, pe::Context& context) {
    Registration* nested_until = nullptr;  // the outermost frame that another exception is being
                                           // offered to while this one is
    std::uintptr_t above = 0;
    for (auto* frame = innermost_registration(); frame != end_of_chain(); frame = frame->next) {
        check_sound(record, frame, above);
        above = behind(frame);
        Registration* dispatcher = nullptr;
        const auto answer = call_handler(record, *frame, context, dispatcher, while_asking);
        if (frame == nested_until) {
            nested_until = nullptr;
            record.flags &= ~exception_flag::nested_call;
        }
        switch (answer) {
            case Disposition::continue_execution:
                if ((record.flags & exception_flag::noncontinuable) != 0) {
                    give_up(record, "and a handler went on although it must not be continued");
                }
                return true;
            case Disposition::continue_search: break;
            case Disposition::nested:
                record.flags |= exception_flag::nested_call;
                nested_until = std::max(nested_until, dispatcher);
                break;
            default: give_up_on_answer(record);
        }
    }
    return false;
}

void unwind_to(Registration* target, ExceptionRecord* record, pe::Context& context) {
    ExceptionRecord own{};
    if (record == nullptr) {
        own.code = STATUS_UNWIND;
        own.address = pe::code_address(context);
        record = &own;
    }
    record->flags |= exception_flag::unwinding;
    if (target == nullptr) record->flags |= exception_flag::exit_unwind;
    auto* frame = innermost_registration();
    while (frame != end_of_chain() && frame != target) {
        check_sound(*record, frame);
        if (target != nullptr && frame > target) break;
        Registration* dispatcher = nullptr;
        switch (call_handler(*record, *frame, context, dispatcher, while_unwinding)) {
            case Disposition::continue_search: break;
            case Disposition::collided_unwind: frame = dispatcher; break;
            default: give_up_on_answer(*record);
        }
        frame = frame->next;
        set_innermost(frame);
    }
    if (target != nullptr && frame != target) {
        give_up(*record, "and the frame to unwind to is not on the stack");
    }
}

void go_on_with(const pe::Context& context) {
    alignas(16) std::array<std::byte, sizeof context.extended> floats = context.extended;
    pe::Context copy = context;
    const bool with_floats = (context.flags & pe::context_extended) == pe::context_extended;
    instdrv_restore_context(&copy, with_floats ? floats.data() : nullptr);
}

}  // namespace instdrv::winapi
