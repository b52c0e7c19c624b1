#include "winapi/exceptions/exception.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/process/process.hpp"

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

}  // namespace

// Nothing that owns memory may live here: the frame is thrown away.
void give_up(const ExceptionRecord& record, std::string_view why) {
    pe::break_off(error_of(record, why));
}

bool offer_exception(ExceptionRecord& record, pe::Context& context) {
    ExceptionPointers exception{&record, &context};
    if (ask_vectored_handlers(exception) || ask_frames(record, context)) return true;
    const bool continuable = (record.flags & exception_flag::noncontinuable) == 0;
    return ask_unhandled_filter(exception) == EXCEPTION_CONTINUE_EXECUTION && continuable;
}

void dispatch_exception(ExceptionRecord& record, const pe::Context& raised) {
    pe::Context context = raised;
    if (offer_exception(record, context)) go_on_with(context);
    give_up(record, "and nobody handled it");
}

extern "C" void instdrv_raise(const pe::Context* context, DWORD code, DWORD flags, DWORD count,
                              const std::uintptr_t* parameters) {
    ExceptionRecord record{};
    record.code = code;
    record.flags = flags & exception_flag::noncontinuable;
    record.address = pe::code_address(*context);
    if (parameters != nullptr) {
        record.parameter_count = std::min<DWORD>(count, most_exception_parameters);
        std::copy_n(parameters, record.parameter_count, record.parameters);
    }
    dispatch_exception(record, *context);
}

extern "C" void instdrv_raise_record(const pe::Context* context, ExceptionRecord* record) {
    record->address = pe::code_address(*context);
    dispatch_exception(*record, *context);
}

}  // namespace instdrv::winapi
