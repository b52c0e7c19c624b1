// setjmp and longjmp on i386, with Microsoft's layout of jmp_buf. longjmp lets the handlers of the
// frames that it leaves clean up, and runs the __finally blocks of the frame it goes to.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/setjmp
#include <algorithm>
#include <cstddef>

#include "winapi/exceptions/unwind_x86.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

struct JumpBuffer {
    DWORD ebp;
    DWORD ebx;
    DWORD edi;
    DWORD esi;
    DWORD esp;  // of the caller, before it took its arguments off
    DWORD eip;
    Registration* registration;
    LONG level;  // of the frame's __try blocks
    DWORD cookie;
    void(WINCALL* unwind)(JumpBuffer*);
    DWORD unwind_data[6];
};
static_assert(offsetof(JumpBuffer, eip) == 0x14 && sizeof(JumpBuffer) == 64);

constexpr DWORD cookie_of_setjmp3 = 0x56433230;
constexpr LONG no_level = -1;

// The level that a frame of _except_handler3 is at, which is what a registration is followed by.
LONG level_of(const Registration* registration) {
    return reinterpret_cast<const LONG*>(registration)[3];
}

extern "C" [[gnu::used, gnu::visibility("hidden")]] void instdrv_note_frames(
    JumpBuffer* buffer, DWORD count, const DWORD* arguments) {
    buffer->registration = innermost_registration();
    buffer->cookie = cookie_of_setjmp3;
    buffer->unwind = nullptr;
    buffer->level = no_level;
    if (count == 0 || buffer->registration == end_of_chain()) return;
    buffer->unwind = reinterpret_cast<void(WINCALL*)(JumpBuffer*)>(arguments[0]);
    buffer->level = count > 1 ? static_cast<LONG>(arguments[1]) : level_of(buffer->registration);
    if (count > 2) std::copy_n(arguments + 2, std::min<DWORD>(count - 2, 6), buffer->unwind_data);
}

extern "C" [[gnu::used, gnu::visibility("hidden")]] void instdrv_leave_frames(JumpBuffer* buffer) {
    if (buffer->registration == nullptr) return;
    if (buffer->registration != innermost_registration()) {
        pe::Context context;
        unwind_to(buffer->registration == end_of_chain() ? nullptr : buffer->registration, nullptr,
                  context);
    }
    if (buffer->registration == end_of_chain()) return;
    if (buffer->unwind != nullptr) {
        buffer->unwind(buffer);
    } else if (buffer->level != no_level) {
        local_unwind(buffer->registration, buffer->level);
    }
}

// int _setjmp3(jmp_buf, int count, ...), cdecl.
[[gnu::naked]] void set_jump() {
    asm(R"(
        movl 4(%esp), %eax
        movl %ebp, 0x00(%eax)
        movl %ebx, 0x04(%eax)
        movl %edi, 0x08(%eax)
        movl %esi, 0x0C(%eax)
        leal 4(%esp), %ecx
        movl %ecx, 0x10(%eax)
        movl (%esp), %ecx
        movl %ecx, 0x14(%eax)
        pushl %ebp
        movl %esp, %ebp
        andl $-16, %esp
        subl $4, %esp
        leal 16(%ebp), %ecx
        pushl %ecx
        pushl 12(%ebp)
        pushl %eax
        call instdrv_note_frames
        leave
        xorl %eax, %eax
        ret
    )");
}

// int _setjmp(jmp_buf), cdecl: as _setjmp3 with no more arguments.
[[gnu::naked]] void set_jump_old() {
    asm(R"(
        movl 4(%esp), %eax
        movl %ebp, 0x00(%eax)
        movl %ebx, 0x04(%eax)
        movl %edi, 0x08(%eax)
        movl %esi, 0x0C(%eax)
        leal 4(%esp), %ecx
        movl %ecx, 0x10(%eax)
        movl (%esp), %ecx
        movl %ecx, 0x14(%eax)
        movl $0, 0x18(%eax)
        xorl %eax, %eax
        ret
    )");
}

// void longjmp(jmp_buf, int value), cdecl. setjmp answers `value` now, which is never 0.
[[gnu::naked]] void jump_back() {
    asm(R"(
        movl 4(%esp), %ebx
        movl 8(%esp), %esi
        andl $-16, %esp
        subl $12, %esp
        pushl %ebx
        call instdrv_leave_frames
        movl %ebx, %edx
        movl %esi, %eax
        testl %eax, %eax
        jnz 1f
        incl %eax
    1:  movl 0x00(%edx), %ebp
        movl 0x04(%edx), %ebx
        movl 0x08(%edx), %edi
        movl 0x0C(%edx), %esi
        movl 0x10(%edx), %esp
        jmp *0x14(%edx)
    )");
}

}  // namespace

EXPORT_ADDRESS("_setjmp", in_crt, set_jump_old, Coverage::partial,
               "longjmp to it unwinds nothing on the way");
EXPORT_ADDRESS("_setjmp3", in_crt, set_jump);
EXPORT_ADDRESS("longjmp", in_crt | in_vcruntime140, jump_back);

}  // namespace instdrv::winapi::crt
