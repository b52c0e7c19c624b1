// The message queue of a thread, and messages to windows, of which there are none.
// https://learn.microsoft.com/windows/win32/winmsg/messages-and-message-queues
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "core/thread_queue.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

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

BOOL PostThreadMessage(DWORD thread, UINT message, WPARAM wparam, LPARAM lparam) {
    if (core::post_thread_message(thread, {message, wparam, lparam})) return TRUE;
    return fail(ERROR_INVALID_THREAD_ID, FALSE);
}
WINAPI_EXPORT_AS("PostThreadMessageA", in_user32, PostThreadMessage);
WINAPI_EXPORT_AS("PostThreadMessageW", in_user32, PostThreadMessage);

// A null window means the calling thread.
BOOL PostMessage(HWND window, UINT message, WPARAM wparam, LPARAM lparam) {
    if (window != nullptr) return fail(ERROR_INVALID_WINDOW_HANDLE, FALSE);
    return PostThreadMessage(core::this_thread_id(), message, wparam, lparam);
}
WINAPI_EXPORT_AS("PostMessageA", in_user32, PostMessage, Coverage::partial, "to threads only");
WINAPI_EXPORT_AS("PostMessageW", in_user32, PostMessage, Coverage::partial, "to threads only");

void PostQuitMessage(int code) {
    PostThreadMessage(core::this_thread_id(), WM_QUIT, static_cast<WPARAM>(code), 0);
}
WINAPI_EXPORT(PostQuitMessage, in_user32);

LRESULT SendMessage(HWND, UINT, WPARAM, LPARAM) {
    return fail(ERROR_INVALID_WINDOW_HANDLE, LRESULT{0});
}
WINAPI_EXPORT_AS("SendMessageA", in_user32, SendMessage, Coverage::stub, "there are no windows: 0");
WINAPI_EXPORT_AS("SendMessageW", in_user32, SendMessage, Coverage::stub, "there are no windows: 0");
WINAPI_EXPORT_AS("SendNotifyMessageA", in_user32, SendMessage, Coverage::stub,
                 "there are no windows: 0");
WINAPI_EXPORT_AS("SendNotifyMessageW", in_user32, SendMessage, Coverage::stub,
                 "there are no windows: 0");

LRESULT SendMessageTimeout(HWND, UINT, WPARAM, LPARAM, UINT, UINT, DWORD_PTR* answer) {
    if (answer != nullptr) *answer = 0;
    return fail(ERROR_INVALID_WINDOW_HANDLE, LRESULT{0});
}
WINAPI_EXPORT_AS("SendMessageTimeoutA", in_user32, SendMessageTimeout, Coverage::stub,
                 "there are no windows: 0");
WINAPI_EXPORT_AS("SendMessageTimeoutW", in_user32, SendMessageTimeout, Coverage::stub,
                 "there are no windows: 0");

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

BOOL GetMessage(Message* target, HWND, UINT, UINT) {
    if (!look(no_limit)) return -1;
    fill(target, *looked_at);
    looked_at.reset();
    return target->message == WM_QUIT ? FALSE : TRUE;
}
WINAPI_EXPORT_AS("GetMessageA", in_user32, GetMessage, Coverage::partial,
                 "the filter is ignored, time and place are 0");
WINAPI_EXPORT_AS("GetMessageW", in_user32, GetMessage, Coverage::partial,
                 "the filter is ignored, time and place are 0");

BOOL PeekMessage(Message* target, HWND, UINT, UINT, UINT flags) {
    if (!look(0)) return FALSE;
    fill(target, *looked_at);
    if ((flags & PM_REMOVE) != 0) looked_at.reset();
    return TRUE;
}
WINAPI_EXPORT_AS("PeekMessageA", in_user32, PeekMessage, Coverage::partial,
                 "the filter is ignored, time and place are 0");
WINAPI_EXPORT_AS("PeekMessageW", in_user32, PeekMessage, Coverage::partial,
                 "the filter is ignored, time and place are 0");

BOOL TranslateMessage(const Message*) { return FALSE; }
WINAPI_EXPORT(TranslateMessage, in_user32, Coverage::stub, "there are no windows: 0");
LRESULT DispatchMessage(const Message*) { return 0; }
WINAPI_EXPORT_AS("DispatchMessageA", in_user32, DispatchMessage, Coverage::stub,
                 "there are no windows: 0");
WINAPI_EXPORT_AS("DispatchMessageW", in_user32, DispatchMessage, Coverage::stub,
                 "there are no windows: 0");
BOOL WaitMessage() { return look(no_limit) ? TRUE : FALSE; }
WINAPI_EXPORT(WaitMessage, in_user32);

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
UINT RegisterWindowMessage(const Char* name) {
    return registered(to_utf8_text(name));
}
WINAPI_EXPORT_AS("RegisterClipboardFormatA", in_user32, RegisterWindowMessage<char>);
WINAPI_EXPORT_AS("RegisterClipboardFormatW", in_user32, RegisterWindowMessage<WCHAR>);
WINAPI_EXPORT_AS("RegisterWindowMessageA", in_user32, RegisterWindowMessage<char>);
WINAPI_EXPORT_AS("RegisterWindowMessageW", in_user32, RegisterWindowMessage<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::user32
