// The message queue of a thread, and messages to windows, of which there are none.
// https://learn.microsoft.com/windows/win32/winmsg/messages-and-message-queues
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "core/thread_queue.hpp"
#include "winapi/last_error.hpp"
#include "winapi/text_arguments.hpp"
#include "winapi/user32/topics.hpp"

namespace instdrv::winapi::user32 {
namespace {

constexpr UINT WM_QUIT = 0x12;
constexpr UINT PM_REMOVE = 0x1;
constexpr DWORD ERROR_INVALID_THREAD_ID = 1444;

struct Message {
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    DWORD time;
    LONG x;
    LONG y;
};

BOOL WINFN PostThreadMessage(DWORD thread, UINT message, WPARAM wparam, LPARAM lparam) {
    if (core::post_thread_message(thread, {message, wparam, lparam})) return TRUE;
    return fail(ERROR_INVALID_THREAD_ID, FALSE);
}

// A null window means the calling thread.
BOOL WINFN PostMessage(HWND window, UINT message, WPARAM wparam, LPARAM lparam) {
    if (window != nullptr) return fail(ERROR_INVALID_WINDOW_HANDLE, FALSE);
    return PostThreadMessage(core::this_thread_id(), message, wparam, lparam);
}

void WINFN PostQuitMessage(int code) {
    PostThreadMessage(core::this_thread_id(), WM_QUIT, static_cast<WPARAM>(code), 0);
}

LRESULT WINFN SendMessage(HWND, UINT, WPARAM, LPARAM) {
    return fail(ERROR_INVALID_WINDOW_HANDLE, LRESULT{0});
}

LRESULT WINFN SendMessageTimeout(HWND, UINT, WPARAM, LPARAM, UINT, UINT, DWORD_PTR* answer) {
    if (answer != nullptr) *answer = 0;
    return fail(ERROR_INVALID_WINDOW_HANDLE, LRESULT{0});
}

void fill(Message* target, const core::ThreadMessage& message) {
    *target = {};
    target->message = message.message;
    target->wparam = message.wparam;
    target->lparam = message.lparam;
}

// One message that was looked at but left in the queue.
thread_local std::optional<core::ThreadMessage> looked_at;

bool look(int timeout_ms) {
    if (!looked_at) looked_at = core::next_thread_message(timeout_ms);
    return looked_at.has_value();
}

constexpr int no_limit = -1;

BOOL WINFN GetMessage(Message* target, HWND, UINT, UINT) {
    if (!look(no_limit)) return -1;
    fill(target, *looked_at);
    looked_at.reset();
    return target->message == WM_QUIT ? FALSE : TRUE;
}

BOOL WINFN PeekMessage(Message* target, HWND, UINT, UINT, UINT flags) {
    if (!look(0)) return FALSE;
    fill(target, *looked_at);
    if ((flags & PM_REMOVE) != 0) looked_at.reset();
    return TRUE;
}

BOOL WINFN TranslateMessage(const Message*) { return FALSE; }
LRESULT WINFN DispatchMessage(const Message*) { return 0; }
BOOL WINFN WaitMessage() { return look(no_limit) ? TRUE : FALSE; }

// The same number for the same name, any case, as long as the process lives.
UINT registered(std::string_view name) {
    static std::mutex mutex;
    static std::map<std::string, UINT> numbers;
    constexpr UINT first = 0xC000;
    const std::lock_guard lock(mutex);
    const auto next = static_cast<UINT>(first + numbers.size());
    return numbers.try_emplace(ascii_lower(name), next).first->second;
}

template <class Char>
UINT WINFN RegisterWindowMessage(const Char* name) {
    return registered(to_utf8_text(name));
}

}  // namespace

std::span<const Export> message_queue_exports() {
    constexpr std::string_view no_windows = "there are no windows: 0";
    constexpr std::string_view no_filter = "the filter is ignored, time and place are 0";
    static const Export table[] = {
        {"DispatchMessageA", address_of(DispatchMessage), Coverage::stub, no_windows},
        {"DispatchMessageW", address_of(DispatchMessage), Coverage::stub, no_windows},
        {"GetMessageA", address_of(GetMessage), Coverage::partial, no_filter},
        {"GetMessageW", address_of(GetMessage), Coverage::partial, no_filter},
        {"PeekMessageA", address_of(PeekMessage), Coverage::partial, no_filter},
        {"PeekMessageW", address_of(PeekMessage), Coverage::partial, no_filter},
        {"PostMessageA", address_of(PostMessage), Coverage::partial, "to threads only"},
        {"PostMessageW", address_of(PostMessage), Coverage::partial, "to threads only"},
        {"PostQuitMessage", address_of(PostQuitMessage)},
        {"PostThreadMessageA", address_of(PostThreadMessage)},
        {"PostThreadMessageW", address_of(PostThreadMessage)},
        {"RegisterClipboardFormatA", address_of(RegisterWindowMessage<char>)},
        {"RegisterClipboardFormatW", address_of(RegisterWindowMessage<WCHAR>)},
        {"RegisterWindowMessageA", address_of(RegisterWindowMessage<char>)},
        {"RegisterWindowMessageW", address_of(RegisterWindowMessage<WCHAR>)},
        {"SendMessageA", address_of(SendMessage), Coverage::stub, no_windows},
        {"SendMessageTimeoutA", address_of(SendMessageTimeout), Coverage::stub, no_windows},
        {"SendMessageTimeoutW", address_of(SendMessageTimeout), Coverage::stub, no_windows},
        {"SendMessageW", address_of(SendMessage), Coverage::stub, no_windows},
        {"SendNotifyMessageA", address_of(SendMessage), Coverage::stub, no_windows},
        {"SendNotifyMessageW", address_of(SendMessage), Coverage::stub, no_windows},
        {"TranslateMessage", address_of(TranslateMessage), Coverage::stub, no_windows},
        {"WaitMessage", address_of(WaitMessage)},
    };
    return table;
}

}  // namespace instdrv::winapi::user32
