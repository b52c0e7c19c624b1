// Handlers that are asked before and after the frames: vectored ones, and the one filter for what
// nobody took.
// https://learn.microsoft.com/windows/win32/debug/vectored-exception-handling
#include <atomic>
#include <mutex>
#include <vector>

#include "winapi/exceptions/exception.hpp"

namespace instdrv::winapi {
namespace {

// Each gets a number, since the same function may be added twice.
class VectoredHandlers {
public:
    std::uintptr_t add(bool first, VectoredHandler handler) {
        const std::lock_guard lock(mutex_);
        const Entry entry{++last_id_, handler};
        entries_.insert(first ? entries_.begin() : entries_.end(), entry);
        return entry.id;
    }

    bool remove(std::uintptr_t id) {
        const std::lock_guard lock(mutex_);
        return std::erase_if(entries_, [&](const Entry& entry) { return entry.id == id; }) != 0;
    }

    // The handler at a place; null behind the last. By place, so that none is called under the lock
    // and nothing is owned while driver code runs.
    VectoredHandler at(std::size_t place) {
        const std::lock_guard lock(mutex_);
        return place < entries_.size() ? entries_[place].handler : nullptr;
    }

private:
    struct Entry {
        std::uintptr_t id;
        VectoredHandler handler;
    };
    std::mutex mutex_;
    std::vector<Entry> entries_;
    std::uintptr_t last_id_ = 0;
};

VectoredHandlers& vectored_handlers() {
    static auto* const handlers = new VectoredHandlers;  // outlives the threads of drivers
    return *handlers;
}

std::atomic<VectoredHandler> unhandled_filter = nullptr;

}  // namespace

bool ask_vectored_handlers(ExceptionPointers& exception) {
    for (std::size_t place = 0;; ++place) {
        const VectoredHandler handler = vectored_handlers().at(place);
        if (handler == nullptr) return false;
        if (handler(&exception) == EXCEPTION_CONTINUE_EXECUTION) return true;
    }
}

LONG ask_unhandled_filter(ExceptionPointers& exception) {
    const VectoredHandler filter = unhandled_filter;
    return filter == nullptr ? EXCEPTION_CONTINUE_SEARCH : filter(&exception);
}

void* add_vectored_handler(DWORD first, VectoredHandler handler) {
    return reinterpret_cast<void*>(vectored_handlers().add(first != 0, handler));
}

DWORD remove_vectored_handler(void* handle) {
    return vectored_handlers().remove(reinterpret_cast<std::uintptr_t>(handle)) ? 1 : 0;
}

VectoredHandler set_unhandled_filter(VectoredHandler filter) {
    return unhandled_filter.exchange(filter);
}

}  // namespace instdrv::winapi
