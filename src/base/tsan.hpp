// Tells ThreadSanitizer what it cannot see by itself, where it happens. In builds without
// ThreadSanitizer these are no operations, or the plain ones.
#pragma once

#include <atomic>

#if defined(__SANITIZE_THREAD__)
#define INSTDRV_TSAN 1
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);   // NOLINT(*-identifier-naming)
void AnnotateIgnoreReadsEnd(const char* file, int line);     // NOLINT(*-identifier-naming)
void AnnotateIgnoreWritesBegin(const char* file, int line);  // NOLINT(*-identifier-naming)
void AnnotateIgnoreWritesEnd(const char* file, int line);    // NOLINT(*-identifier-naming)
}
#endif

namespace instdrv::tsan {

// Most of what happens takes many times as long.
#ifdef INSTDRV_TSAN
inline constexpr bool is_at_work = true;
#else
inline constexpr bool is_at_work = false;
#endif

// A fence of all memory. ThreadSanitizer models none, and GCC refuses them with it; for the
// processor it is there all the same. What the fence orders has to be atomic, then.
inline void full_fence() noexcept {
#ifdef INSTDRV_TSAN
    __asm__ volatile("mfence" ::: "memory");
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

// While one lives, this thread stands for another process that means harm: it writes to shared
// memory when it likes, as no process of ours could be kept from doing.
class OfAnotherProcess {
public:
    OfAnotherProcess() noexcept {
#ifdef INSTDRV_TSAN
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
#endif
    }
    ~OfAnotherProcess() {
#ifdef INSTDRV_TSAN
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
#endif
    }
    OfAnotherProcess(const OfAnotherProcess&) = delete;
    OfAnotherProcess& operator=(const OfAnotherProcess&) = delete;
};

}  // namespace instdrv::tsan
