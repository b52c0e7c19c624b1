#include <atomic>

#include <asm/ldt.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

// The entry of the descriptor table that is the TEB's: chosen by the kernel for the first thread
// and the same in all, since each thread has descriptors of its own.
std::atomic<unsigned> teb_entry = ~0U;

constexpr unsigned user_privilege = 3;

}  // namespace

void set_teb_segment(Teb* teb) noexcept {
    pe::set_handler_chain(teb == nullptr ? nullptr : &teb->ExceptionList);
    unsigned selector = 0;
    if (teb != nullptr) {
        user_desc descriptor{};
        descriptor.entry_number = teb_entry;
        descriptor.base_addr = reinterpret_cast<std::uintptr_t>(teb);
        descriptor.limit = 0xFFFFF;
        descriptor.seg_32bit = 1;
        descriptor.limit_in_pages = 1;
        descriptor.useable = 1;
        if (::syscall(SYS_set_thread_area, &descriptor) != 0) return;
        teb_entry = descriptor.entry_number;
        selector = descriptor.entry_number << 3 | user_privilege;
    }
    asm volatile("mov %w0, %%fs" : : "r"(selector) : "memory");
}

}  // namespace instdrv::winapi
