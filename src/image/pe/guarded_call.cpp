#include "image/pe/guarded_call.hpp"

#include <cstdio>
#include <exception>
#include <utility>

#include "image/pe/control_words.hpp"

// They are defined in guarded_call_<machine>.S.
extern "C" {
// The innermost guarded_call of this thread, null outside of any. Initial-exec, because the library
// is loaded with the program and every call reads it.
extern __thread void* instdrv_pe_checkpoint
    __attribute__((tls_model("initial-exec"), visibility("hidden")));
#if defined(__i386__)
extern __thread void** instdrv_pe_handler_chain
    __attribute__((tls_model("initial-exec"), visibility("hidden")));
#endif
[[noreturn]] void instdrv_pe_return_to_checkpoint(const instdrv::Error* broken) noexcept;
}

namespace instdrv::pe {

namespace {

thread_local Error last_break;

}  // namespace

void break_off(Error error) noexcept {
    if (!inside_guarded_call()) {
        std::fprintf(stderr, "instdrv: %s (outside of any driver call)\n", error.text().c_str());
        std::terminate();
    }
    // Nothing will destroy `error`, so it must end empty. Plainly moved into a full string, a
    // string gets the old text in exchange.
    static_cast<void>(std::exchange(last_break, std::move(error)));
    reset_floats_after_break();
    // Being noreturn, the call makes the address sanitizer forget the frames that are thrown away.
    instdrv_pe_return_to_checkpoint(&last_break);
}

#if defined(__i386__)
void set_handler_chain(void** begin) noexcept { instdrv_pe_handler_chain = begin; }
#endif

bool inside_guarded_call() noexcept { return instdrv_pe_checkpoint != nullptr; }

}  // namespace instdrv::pe
