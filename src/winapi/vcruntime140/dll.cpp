// vcruntime140, the part of Visual C++'s runtime since 2015 that is not in ucrtbase. What throwing
// and catching of C++ exceptions needs is not here.
#include <cstring>
#include <vector>

#include "winapi/abi.hpp"
#include "winapi/dlls.hpp"
#include "winapi/heap.hpp"
#include "winapi/ntdll/topics.hpp"

namespace instdrv::winapi {
namespace {

// The names of types that were asked for, which our runtimes never make.
void WINFN_C destroy_type_names(void*) {}

struct ExceptionText {  // __std_exception_data
    const char* text;
    bool owned;
};

void WINFN_C copy_exception(const ExceptionText* from, ExceptionText* to) {
    if (!from->owned || from->text == nullptr) {
        *to = {from->text, false};
        return;
    }
    const std::size_t size = std::strlen(from->text) + 1;
    auto* const copy = static_cast<char*>(allocate(size));
    if (copy != nullptr) std::memcpy(copy, from->text, size);
    *to = {copy, copy != nullptr};
}

void WINFN_C destroy_exception(ExceptionText* exception) {
    if (exception->owned) release(const_cast<char*>(exception->text));
    *exception = {};
}

std::span<const Export> exception_text_exports() {
    static const Export table[] = {
        {"__std_exception_copy", address_of(copy_exception)},
        {"__std_exception_destroy", address_of(destroy_exception)},
        {"__std_type_info_destroy_list", address_of(destroy_type_names)},
    };
    return table;
}

}  // namespace

const Dll& vcruntime140_dll() {
    static constexpr Dll dll{
        "vcruntime140.dll", [] {
            static const std::vector<Export> all =
                joined({selected(ucrtbase_dll().exports(),
                                 {"__intrinsic_setjmp", "__intrinsic_setjmpex", "_purecall",
                                  "_set_purecall_handler", "longjmp", "memchr", "memcmp", "memcpy",
                                  "memmove", "memset", "strchr", "strrchr", "strstr", "wcschr",
                                  "wcsrchr", "wcsstr"}),
                        exception_text_exports(), language_handler_exports()});
            return std::span<const Export>(all);
        }};
    return dll;
}

}  // namespace instdrv::winapi
