#include "base/thread_end.hpp"

#include <cstdlib>

#include <pthread.h>

namespace instdrv {
namespace {

constinit thread_local ThreadEnd* newest = nullptr;

void run_all(void*) noexcept {
    while (newest != nullptr) {
        ThreadEnd& end = *newest;
        newest = end.before;
        end.run(end);
    }
}

pthread_key_t key() noexcept {
    static const pthread_key_t made = [] {
        pthread_key_t key{};
        if (::pthread_key_create(&key, run_all) != 0) std::abort();
        return key;
    }();
    return made;
}

}  // namespace

void at_thread_end(ThreadEnd& end) noexcept {
    // Of the first keys of a process, each thread has the places from its beginning.
    if (newest == nullptr && ::pthread_setspecific(key(), &newest) != 0) std::abort();
    end.before = newest;
    newest = &end;
}

}  // namespace instdrv
