#include "image/pe/control_words.hpp"

#include <atomic>

namespace instdrv::pe {
namespace {

// Initial-exec, because the library is loaded with the program, and calls ask.
constinit thread_local bool drivers_thread __attribute__((tls_model("initial-exec"))) = false;

std::atomic<bool> all_are_drivers{false};

constexpr std::uint16_t linux_x87 = 0x037F;
constexpr std::uint16_t x87_masks = 0x003F;
constexpr std::uint32_t mxcsr_masks = 0x1F80;
constexpr std::uint32_t mxcsr_flags = 0x003F;

std::uint16_t x87_word() noexcept {
    std::uint16_t word = 0;
    asm volatile("fnstcw %0" : "=m"(word));
    return word;
}

void set_x87_word(std::uint16_t word) noexcept { asm volatile("fldcw %0" : : "m"(word)); }

// The x87's registers are empty afterwards, and no exception is pending.
void start_over_with(const ControlWords& words) noexcept {
    asm volatile("fninit");
    set_x87_word(words.x87);
    asm volatile("ldmxcsr %0" : : "m"(words.mxcsr));
}

}  // namespace

ControlWords control_words() noexcept {
    std::uint32_t mxcsr = 0;
    asm volatile("stmxcsr %0" : "=m"(mxcsr));
    return {.x87 = x87_word(), .mxcsr = mxcsr & ~mxcsr_flags};
}

void become_drivers_thread() noexcept {
    if (drivers_thread) return;
    drivers_thread = true;
    start_over_with(windows_control_words);
}

bool is_drivers_thread() noexcept { return drivers_thread; }

void give_all_threads_to_drivers() noexcept { all_are_drivers = true; }

void first_entry_of_thread() noexcept {
    if (all_are_drivers) become_drivers_thread();
}

void mask_floating_exceptions() noexcept {
    const ControlWords words = control_words();
    start_over_with({.x87 = static_cast<std::uint16_t>(words.x87 | x87_masks),
                     .mxcsr = words.mxcsr | mxcsr_masks});
}

void reset_floats_after_break() noexcept {
    if (drivers_thread) {
        start_over_with(windows_control_words);
    } else {
        asm volatile("fninit");  // the word becomes linux_x87
    }
}

LinuxPrecision::LinuxPrecision() noexcept : before_(x87_word()) { set_x87_word(linux_x87); }
LinuxPrecision::~LinuxPrecision() { set_x87_word(before_); }

}  // namespace instdrv::pe
