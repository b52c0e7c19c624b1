// Windows, dialogs, menus and painting, of which there is nothing: each function answers its
// documented failure. The desktop has a handle, as drivers pass it on as the owner of boxes.
// https://learn.microsoft.com/windows/win32/api/winuser/
#include "winapi/last_error.hpp"
#include "winapi/user32/topics.hpp"

namespace instdrv::winapi::user32 {
namespace {

const HWND desktop = reinterpret_cast<HWND>(std::uintptr_t{0x10010});

HWND WINFN GetDesktopWindow() { return desktop; }

BOOL WINFN IsWindow(HWND window) { return window == desktop ? TRUE : FALSE; }

// 0 and ERROR_INVALID_WINDOW_HANDLE.
template <class Answer, class... Parameters>
Answer WINFN no_window(Parameters...) {
    return fail(ERROR_INVALID_WINDOW_HANDLE, Answer{});
}

// 0 and ERROR_NOT_SUPPORTED, of functions that would make something.
template <class Answer, class... Parameters>
Answer WINFN not_made(Parameters...) {
    return fail(ERROR_NOT_SUPPORTED, Answer{});
}

// 0, of functions that ask what there is.
template <class Answer, class... Parameters>
Answer WINFN nothing(Parameters...) {
    return Answer{};
}

// -1, of functions that show a dialog until it is closed.
template <class... Parameters>
std::intptr_t WINFN no_dialog(Parameters...) {
    return fail(ERROR_NOT_SUPPORTED, std::intptr_t{-1});
}

// https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-defwindowprocw
LRESULT WINFN DefWindowProc(HWND, UINT, WPARAM, LPARAM) { return 0; }

}  // namespace

std::span<const Export> window_exports() {
    constexpr std::string_view none = "there are no windows: fails";
    const auto stub = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none};
    };
    static const Export table[] = {
        stub("BeginPaint", address_of(no_window<HANDLE, HWND, void*>)),
        stub("CallWindowProcA", address_of(nothing<LRESULT, void*, HWND, UINT, WPARAM, LPARAM>)),
        stub("CallWindowProcW", address_of(nothing<LRESULT, void*, HWND, UINT, WPARAM, LPARAM>)),
        stub("CheckDlgButton", address_of(no_window<BOOL, HWND, int, UINT>)),
        stub("CheckRadioButton", address_of(no_window<BOOL, HWND, int, int, int>)),
        stub("CreateDialogIndirectParamA",
             address_of(not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("CreateDialogIndirectParamW",
             address_of(not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("CreateDialogParamA",
             address_of(not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("CreateDialogParamW",
             address_of(not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("CreateWindowExA", address_of(not_made<HWND, DWORD, void*, void*, DWORD, int, int, int,
                                                    int, HWND, void*, HINSTANCE, void*>)),
        stub("CreateWindowExW", address_of(not_made<HWND, DWORD, void*, void*, DWORD, int, int, int,
                                                    int, HWND, void*, HINSTANCE, void*>)),
        stub("DefWindowProcA", address_of(DefWindowProc)),
        stub("DefWindowProcW", address_of(DefWindowProc)),
        stub("DestroyWindow", address_of(no_window<BOOL, HWND>)),
        stub("DialogBoxIndirectParamA",
             address_of(no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("DialogBoxIndirectParamW",
             address_of(no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("DialogBoxParamA", address_of(no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("DialogBoxParamW", address_of(no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>)),
        stub("EnableWindow", address_of(no_window<BOOL, HWND, BOOL>)),
        stub("EndDialog", address_of(no_window<BOOL, HWND, std::intptr_t>)),
        stub("EndPaint", address_of(no_window<BOOL, HWND, void*>)),
        stub("EnumWindows", address_of(nothing<BOOL, void*, LPARAM>)),
        stub("FindWindowA", address_of(nothing<HWND, void*, void*>)),
        stub("FindWindowW", address_of(nothing<HWND, void*, void*>)),
        stub("GetActiveWindow", address_of(nothing<HWND>)),
        stub("GetClientRect", address_of(no_window<BOOL, HWND, void*>)),
        stub("GetDC", address_of(no_window<HANDLE, HWND>)),
        {"GetDesktopWindow", address_of(GetDesktopWindow), Coverage::partial,
         "a handle that no other function accepts"},
        stub("GetDlgItem", address_of(no_window<HWND, HWND, int>)),
        stub("GetDlgItemInt", address_of(no_window<UINT, HWND, int, void*, BOOL>)),
        stub("GetDlgItemTextA", address_of(no_window<UINT, HWND, int, void*, int>)),
        stub("GetDlgItemTextW", address_of(no_window<UINT, HWND, int, void*, int>)),
        stub("GetFocus", address_of(nothing<HWND>)),
        stub("GetForegroundWindow", address_of(nothing<HWND>)),
        stub("GetParent", address_of(no_window<HWND, HWND>)),
        stub("GetWindowLongA", address_of(no_window<LONG, HWND, int>)),
        stub("GetWindowLongPtrA", address_of(no_window<LONG_PTR, HWND, int>)),
        stub("GetWindowLongPtrW", address_of(no_window<LONG_PTR, HWND, int>)),
        stub("GetWindowLongW", address_of(no_window<LONG, HWND, int>)),
        stub("GetWindowRect", address_of(no_window<BOOL, HWND, void*>)),
        stub("GetWindowTextA", address_of(no_window<int, HWND, void*, int>)),
        stub("GetWindowTextW", address_of(no_window<int, HWND, void*, int>)),
        stub("GetWindowThreadProcessId", address_of(no_window<DWORD, HWND, void*>)),
        stub("InvalidateRect", address_of(no_window<BOOL, HWND, void*, BOOL>)),
        stub("IsDialogMessageA", address_of(nothing<BOOL, HWND, void*>)),
        stub("IsDialogMessageW", address_of(nothing<BOOL, HWND, void*>)),
        stub("IsDlgButtonChecked", address_of(no_window<UINT, HWND, int>)),
        {"IsWindow", address_of(IsWindow)},
        stub("IsWindowEnabled", address_of(no_window<BOOL, HWND>)),
        stub("IsWindowVisible", address_of(no_window<BOOL, HWND>)),
        stub("KillTimer", address_of(no_window<BOOL, HWND, UINT_PTR>)),
        stub("LoadBitmapA", address_of(not_made<HANDLE, HINSTANCE, void*>)),
        stub("LoadBitmapW", address_of(not_made<HANDLE, HINSTANCE, void*>)),
        stub("LoadCursorA", address_of(not_made<HANDLE, HINSTANCE, void*>)),
        stub("LoadCursorW", address_of(not_made<HANDLE, HINSTANCE, void*>)),
        stub("LoadIconA", address_of(not_made<HANDLE, HINSTANCE, void*>)),
        stub("LoadIconW", address_of(not_made<HANDLE, HINSTANCE, void*>)),
        stub("LoadImageA", address_of(not_made<HANDLE, HINSTANCE, void*, UINT, int, int, UINT>)),
        stub("LoadImageW", address_of(not_made<HANDLE, HINSTANCE, void*, UINT, int, int, UINT>)),
        stub("MoveWindow", address_of(no_window<BOOL, HWND, int, int, int, int, BOOL>)),
        stub("RegisterClassA", address_of(not_made<WORD, void*>)),
        stub("RegisterClassExA", address_of(not_made<WORD, void*>)),
        stub("RegisterClassExW", address_of(not_made<WORD, void*>)),
        stub("RegisterClassW", address_of(not_made<WORD, void*>)),
        stub("ReleaseDC", address_of(nothing<int, HWND, HANDLE>)),
        stub("SendDlgItemMessageA",
             address_of(no_window<LRESULT, HWND, int, UINT, WPARAM, LPARAM>)),
        stub("SendDlgItemMessageW",
             address_of(no_window<LRESULT, HWND, int, UINT, WPARAM, LPARAM>)),
        stub("SetCursor", address_of(nothing<HANDLE, HANDLE>)),
        stub("SetDlgItemInt", address_of(no_window<BOOL, HWND, int, UINT, BOOL>)),
        stub("SetDlgItemTextA", address_of(no_window<BOOL, HWND, int, void*>)),
        stub("SetDlgItemTextW", address_of(no_window<BOOL, HWND, int, void*>)),
        stub("SetFocus", address_of(no_window<HWND, HWND>)),
        stub("SetForegroundWindow", address_of(no_window<BOOL, HWND>)),
        stub("SetTimer", address_of(no_window<UINT_PTR, HWND, UINT_PTR, UINT, void*>)),
        stub("SetWindowLongA", address_of(no_window<LONG, HWND, int, LONG>)),
        stub("SetWindowLongPtrA", address_of(no_window<LONG_PTR, HWND, int, LONG_PTR>)),
        stub("SetWindowLongPtrW", address_of(no_window<LONG_PTR, HWND, int, LONG_PTR>)),
        stub("SetWindowLongW", address_of(no_window<LONG, HWND, int, LONG>)),
        stub("SetWindowPos", address_of(no_window<BOOL, HWND, HWND, int, int, int, int, UINT>)),
        stub("SetWindowTextA", address_of(no_window<BOOL, HWND, void*>)),
        stub("SetWindowTextW", address_of(no_window<BOOL, HWND, void*>)),
        stub("ShowWindow", address_of(no_window<BOOL, HWND, int>)),
        stub("UnregisterClassA", address_of(not_made<BOOL, void*, HINSTANCE>)),
        stub("UnregisterClassW", address_of(not_made<BOOL, void*, HINSTANCE>)),
        stub("UpdateWindow", address_of(no_window<BOOL, HWND>)),
        stub("WinHelpA", address_of(no_window<BOOL, HWND, void*, UINT, UINT_PTR>)),
        stub("WinHelpW", address_of(no_window<BOOL, HWND, void*, UINT, UINT_PTR>)),
    };
    return table;
}

}  // namespace instdrv::winapi::user32
