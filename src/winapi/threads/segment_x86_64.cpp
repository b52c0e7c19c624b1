#include <asm/prctl.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

// HWCAP2_FSGSBASE of the kernel's <asm/hwcap2.h>: user code may write the base itself.
constexpr unsigned long hwcap2_fsgsbase = 1UL << 1;

}  // namespace

void set_teb_segment(Teb* teb) noexcept {
    if ((::getauxval(AT_HWCAP2) & hwcap2_fsgsbase) != 0) {
        asm volatile("wrgsbase %0" : : "r"(teb) : "memory");
    } else {
        ::syscall(SYS_arch_prctl, ARCH_SET_GS, teb);
    }
}

}  // namespace instdrv::winapi
