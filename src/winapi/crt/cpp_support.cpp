// What Visual C++ code without exceptions of its own imports from msvcrt: new and delete.
#include <cstddef>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"

namespace instdrv::winapi::crt {
namespace {

// Their names say how a pointer and a size are passed.
#if defined(__x86_64__)
#define NEW "??2@YAPEAX_K@Z"
#define NEW_ARRAY "??_U@YAPEAX_K@Z"
#define DELETE "??3@YAXPEAX@Z"
#define DELETE_ARRAY "??_V@YAXPEAX@Z"
#else
#define NEW "??2@YAPAXI@Z"
#define NEW_ARRAY "??_U@YAPAXI@Z"
#define DELETE "??3@YAXPAX@Z"
#define DELETE_ARRAY "??_V@YAXPAX@Z"
#endif

void* operator_new(SIZE_T size) {
    if (void* const block = allocate(size)) return block;
    pe::break_off(Error{.code = ErrorCode::out_of_memory,
                        .operation = "run driver code",
                        .cause = fmt::format("no memory for new({})", size)});
}
CRT_EXPORT_AS(NEW, in_crt, operator_new, Coverage::partial,
              "lack of memory ends the call instead of throwing");
CRT_EXPORT_AS(NEW_ARRAY, in_crt, operator_new, Coverage::partial,
              "lack of memory ends the call instead of throwing");

void operator_delete(void* block) { release(block); }
CRT_EXPORT_AS(DELETE, in_crt, operator_delete);
CRT_EXPORT_AS(DELETE_ARRAY, in_crt, operator_delete);

}  // namespace
}  // namespace instdrv::winapi::crt
