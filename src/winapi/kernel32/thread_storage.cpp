// TlsAlloc, FlsAlloc and their relatives.
// https://learn.microsoft.com/windows/win32/procthread/thread-local-storage
#include <bitset>
#include <mutex>

#include "winapi/exports/export.hpp"
#include "winapi/threads/fiber_storage.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD no_index = 0xFFFFFFFF;  // TLS_OUT_OF_INDEXES and FLS_OUT_OF_INDEXES
constexpr std::size_t slot_count = teb_tls_slots + teb_tls_expansion_slots;

class Slots {
public:
    DWORD take() {
        const std::lock_guard lock(mutex_);
        for (std::size_t index = 0; index < used_.size(); ++index) {
            if (used_[index]) continue;
            used_[index] = true;
            thread_list().clear_slot(static_cast<std::uint32_t>(index));
            return static_cast<DWORD>(index);
        }
        return fail(ERROR_NO_MORE_ITEMS, no_index);
    }

    bool give_back(DWORD index) {
        const std::lock_guard lock(mutex_);
        if (index >= used_.size() || !used_[index]) return false;
        used_[index] = false;
        return true;
    }

private:
    std::mutex mutex_;
    std::bitset<slot_count> used_;
};

Slots& slots() {
    static Slots all;
    return all;
}

void** slot(DWORD index) {
    Teb& teb = current_thread().teb();
    if (index < teb_tls_slots) return &teb.TlsSlots[index];
    if (index < slot_count) return &teb.TlsExpansionSlots[index - teb_tls_slots];
    return nullptr;
}

DWORD TlsAlloc() { return slots().take(); }
WINAPI_EXPORT(TlsAlloc, in_kernel32);

BOOL TlsFree(DWORD index) {
    return slots().give_back(index) ? TRUE : fail(ERROR_INVALID_PARAMETER, FALSE);
}
WINAPI_EXPORT(TlsFree, in_kernel32);

// A successful call clears the last error, since 0 is a value, too.
void* TlsGetValue(DWORD index) {
    void** const value = slot(index);
    if (value == nullptr) return fail(ERROR_INVALID_PARAMETER, nullptr);
    set_last_error(ERROR_SUCCESS);
    return *value;
}
WINAPI_EXPORT(TlsGetValue, in_kernel32);

BOOL TlsSetValue(DWORD index, void* value) {
    void** const place = slot(index);
    if (place == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *place = value;
    return TRUE;
}
WINAPI_EXPORT(TlsSetValue, in_kernel32);

DWORD FlsAlloc(FiberCallback callback) {
    const auto index = allocate_fiber_slot(callback);
    return index ? *index : fail(ERROR_NO_MORE_ITEMS, no_index);
}
WINAPI_EXPORT(FlsAlloc, in_kernel32);

BOOL FlsFree(DWORD index) {
    return free_fiber_slot(index) ? TRUE : fail(ERROR_INVALID_PARAMETER, FALSE);
}
WINAPI_EXPORT(FlsFree, in_kernel32, Coverage::partial,
              "calls the callback for the calling thread's value only");

void* FlsGetValue(DWORD index) {
    void** const value = fiber_slot(current_thread(), index);
    if (value == nullptr) return fail(ERROR_INVALID_PARAMETER, nullptr);
    set_last_error(ERROR_SUCCESS);
    return *value;
}
WINAPI_EXPORT(FlsGetValue, in_kernel32);

BOOL FlsSetValue(DWORD index, void* value) {
    void** const place = fiber_slot(current_thread(), index);
    if (place == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *place = value;
    return TRUE;
}
WINAPI_EXPORT(FlsSetValue, in_kernel32);

BOOL IsThreadAFiber() { return FALSE; }
WINAPI_EXPORT(IsThreadAFiber, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
