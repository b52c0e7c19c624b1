// The floating-point control words of threads that run PE code.
//
// Windows sets them when a thread begins (x87: 53 bits of precision; both: round to nearest, no
// exceptions) and does not change them later: what code sets stays until the thread ends. The same
// holds here for threads that run only drivers' code: all threads of a worker, and those that
// drivers start. A thread of the host that calls a driver in its own process keeps its own words,
// as a Windows program's thread would; they differ from Windows' in the x87's precision, which is
// 64 bits on Linux. https://learn.microsoft.com/cpp/build/x64-software-conventions#fpcsr
// https://learn.microsoft.com/cpp/build/x64-software-conventions#mxcsr
#pragma once

#include <cstdint>

namespace instdrv::pe {

struct ControlWords {
    std::uint16_t x87 = 0;
    std::uint32_t mxcsr = 0;  // without the flags that say which exceptions there were

    bool operator==(const ControlWords&) const = default;
};

inline constexpr ControlWords windows_control_words{.x87 = 0x027F, .mxcsr = 0x1F80};

// The calling thread's.
ControlWords control_words() noexcept;
// The calling thread runs drivers' code alone from now on: gives it Windows' control words. Where
// it is such a thread already, does nothing.
void become_drivers_thread() noexcept;
[[nodiscard]] bool is_drivers_thread() noexcept;

// From now on every thread becomes the drivers' when it first enters PE code, as in a worker.
// Otherwise only those do that drivers start. [before any enters]
void give_all_threads_to_drivers() noexcept;
// The calling thread is about to enter PE code for the first time.
void first_entry_of_thread() noexcept;

// Makes the calling thread fit to run an exception's handlers: no exception of floating point is
// pending or unmasked, and the x87's registers are empty. Precision and rounding stay. Where a
// handler takes the exception by going on behind it, this is what the code finds; going on with the
// exception's context sets what that says.
void mask_floating_exceptions() noexcept;

// Makes the calling thread fit to go on after code that was broken off anywhere: the x87's
// registers are empty. A thread that is the drivers' gets Windows' control words again. Another
// gets Linux' for the x87 (0x37F) and keeps MXCSR as that code left it.
void reset_floats_after_break() noexcept;

// Gives code that expects Linux' precision of the x87 what it expects, for a scope.
class LinuxPrecision {
public:
    LinuxPrecision() noexcept;
    ~LinuxPrecision();
    LinuxPrecision(const LinuxPrecision&) = delete;
    LinuxPrecision& operator=(const LinuxPrecision&) = delete;

private:
    std::uint16_t before_;
};

}  // namespace instdrv::pe
