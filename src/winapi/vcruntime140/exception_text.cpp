// vcruntime140, the part of Visual C++'s runtime since 2015 that is not in ucrtbase. What throwing
// and catching of C++ exceptions needs is not here.
#include <cstring>
#include <vector>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"

namespace instdrv::winapi::vcruntime140 {
namespace {

// The names of types that were asked for, which our runtimes never make.
void destroy_type_names(void*) {}
CRT_EXPORT_AS("__std_type_info_destroy_list", in_vcruntime140, destroy_type_names);

struct ExceptionText {  // __std_exception_data
    const char* text;
    bool owned;
};

void copy_exception(const ExceptionText* from, ExceptionText* to) {
    if (!from->owned || from->text == nullptr) {
        *to = {from->text, false};
        return;
    }
    const std::size_t size = std::strlen(from->text) + 1;
    auto* const copy = static_cast<char*>(allocate(size));
    if (copy != nullptr) std::memcpy(copy, from->text, size);
    *to = {copy, copy != nullptr};
}
CRT_EXPORT_AS("__std_exception_copy", in_vcruntime140, copy_exception);

void destroy_exception(ExceptionText* exception) {
    if (exception->owned) release(const_cast<char*>(exception->text));
    *exception = {};
}
CRT_EXPORT_AS("__std_exception_destroy", in_vcruntime140, destroy_exception);

}  // namespace

}  // namespace instdrv::winapi::vcruntime140
