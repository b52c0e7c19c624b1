// What Visual C++ code without exceptions of its own imports from msvcrt: new and delete.
#include <cstddef>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/abi.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/heap.hpp"

namespace instdrv::winapi::crt {
namespace {

void* WINFN_C operator_new(SIZE_T size) {
    if (void* const block = allocate(size)) return block;
    pe::break_off(Error{.code = ErrorCode::out_of_memory,
                        .operation = "run driver code",
                        .cause = fmt::format("no memory for new({})", size)});
}

void WINFN_C operator_delete(void* block) { release(block); }

}  // namespace

std::span<const Export> cpp_exports() {
    constexpr std::string_view no_exception = "lack of memory ends the call instead of throwing";
    constexpr bool is_64 = sizeof(void*) == 8;
    static const Export table[] = {
        {is_64 ? "??2@YAPEAX_K@Z" : "??2@YAPAXI@Z", address_of(operator_new), Coverage::partial,
         no_exception},
        {is_64 ? "??3@YAXPEAX@Z" : "??3@YAXPAX@Z", address_of(operator_delete)},
        {is_64 ? "??_U@YAPEAX_K@Z" : "??_U@YAPAXI@Z", address_of(operator_new), Coverage::partial,
         no_exception},
        {is_64 ? "??_V@YAXPEAX@Z" : "??_V@YAXPAX@Z", address_of(operator_delete)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
