// Windows, dialogs, menus and painting, of which there is nothing: each function answers its
// documented failure. The desktop has a handle, as drivers pass it on as the owner of boxes.
// https://learn.microsoft.com/windows/win32/api/winuser/
#include "winapi/exports/export.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::user32 {
namespace {

const HWND desktop = reinterpret_cast<HWND>(std::uintptr_t{0x10010});

HWND GetDesktopWindow() { return desktop; }
WINAPI_EXPORT(GetDesktopWindow, in_user32, Coverage::partial,
              "a handle that no other function accepts");

BOOL IsWindow(HWND window) { return window == desktop ? TRUE : FALSE; }
WINAPI_EXPORT(IsWindow, in_user32);

// 0 and ERROR_INVALID_WINDOW_HANDLE.
template <class Answer, class... Parameters>
Answer no_window(Parameters...) {
    return fail(ERROR_INVALID_WINDOW_HANDLE, Answer{});
}
WINAPI_EXPORT_AS("BeginPaint", in_user32, (no_window<HANDLE, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("CheckDlgButton", in_user32, (no_window<BOOL, HWND, int, UINT>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("CheckRadioButton", in_user32, (no_window<BOOL, HWND, int, int, int>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("DestroyWindow", in_user32, (no_window<BOOL, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("EnableWindow", in_user32, (no_window<BOOL, HWND, BOOL>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("EndDialog", in_user32, (no_window<BOOL, HWND, std::intptr_t>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("EndPaint", in_user32, (no_window<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetClientRect", in_user32, (no_window<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetDC", in_user32, (no_window<HANDLE, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetDlgItem", in_user32, (no_window<HWND, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetDlgItemInt", in_user32, (no_window<UINT, HWND, int, void*, BOOL>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("GetDlgItemTextA", in_user32, (no_window<UINT, HWND, int, void*, int>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("GetDlgItemTextW", in_user32, (no_window<UINT, HWND, int, void*, int>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("GetParent", in_user32, (no_window<HWND, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowLongA", in_user32, (no_window<LONG, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowLongPtrA", in_user32, (no_window<LONG_PTR, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowLongPtrW", in_user32, (no_window<LONG_PTR, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowLongW", in_user32, (no_window<LONG, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowRect", in_user32, (no_window<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowTextA", in_user32, (no_window<int, HWND, void*, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowTextW", in_user32, (no_window<int, HWND, void*, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetWindowThreadProcessId", in_user32, (no_window<DWORD, HWND, void*>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("InvalidateRect", in_user32, (no_window<BOOL, HWND, void*, BOOL>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("IsDlgButtonChecked", in_user32, (no_window<UINT, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("IsWindowEnabled", in_user32, (no_window<BOOL, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("IsWindowVisible", in_user32, (no_window<BOOL, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("KillTimer", in_user32, (no_window<BOOL, HWND, UINT_PTR>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("MoveWindow", in_user32, (no_window<BOOL, HWND, int, int, int, int, BOOL>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("SendDlgItemMessageA", in_user32,
                 (no_window<LRESULT, HWND, int, UINT, WPARAM, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SendDlgItemMessageW", in_user32,
                 (no_window<LRESULT, HWND, int, UINT, WPARAM, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetDlgItemInt", in_user32, (no_window<BOOL, HWND, int, UINT, BOOL>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("SetDlgItemTextA", in_user32, (no_window<BOOL, HWND, int, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetDlgItemTextW", in_user32, (no_window<BOOL, HWND, int, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetFocus", in_user32, (no_window<HWND, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetForegroundWindow", in_user32, (no_window<BOOL, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetTimer", in_user32, (no_window<UINT_PTR, HWND, UINT_PTR, UINT, void*>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowLongA", in_user32, (no_window<LONG, HWND, int, LONG>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowLongPtrA", in_user32, (no_window<LONG_PTR, HWND, int, LONG_PTR>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowLongPtrW", in_user32, (no_window<LONG_PTR, HWND, int, LONG_PTR>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowLongW", in_user32, (no_window<LONG, HWND, int, LONG>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowPos", in_user32, (no_window<BOOL, HWND, HWND, int, int, int, int, UINT>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowTextA", in_user32, (no_window<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetWindowTextW", in_user32, (no_window<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("ShowWindow", in_user32, (no_window<BOOL, HWND, int>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("UpdateWindow", in_user32, (no_window<BOOL, HWND>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("WinHelpA", in_user32, (no_window<BOOL, HWND, void*, UINT, UINT_PTR>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("WinHelpW", in_user32, (no_window<BOOL, HWND, void*, UINT, UINT_PTR>),
                 Coverage::stub, "there are no windows: fails");

// 0 and ERROR_NOT_SUPPORTED, of functions that would make something.
template <class Answer, class... Parameters>
Answer not_made(Parameters...) {
    return fail(ERROR_NOT_SUPPORTED, Answer{});
}
WINAPI_EXPORT_AS("CreateDialogIndirectParamA", in_user32,
                 (not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("CreateDialogIndirectParamW", in_user32,
                 (not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("CreateDialogParamA", in_user32,
                 (not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("CreateDialogParamW", in_user32,
                 (not_made<HWND, HINSTANCE, void*, HWND, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS(
    "CreateWindowExA", in_user32,
    (not_made<HWND, DWORD, void*, void*, DWORD, int, int, int, int, HWND, void*, HINSTANCE, void*>),
    Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS(
    "CreateWindowExW", in_user32,
    (not_made<HWND, DWORD, void*, void*, DWORD, int, int, int, int, HWND, void*, HINSTANCE, void*>),
    Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("LoadBitmapA", in_user32, (not_made<HANDLE, HINSTANCE, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadBitmapW", in_user32, (not_made<HANDLE, HINSTANCE, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadCursorA", in_user32, (not_made<HANDLE, HINSTANCE, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadCursorW", in_user32, (not_made<HANDLE, HINSTANCE, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadIconA", in_user32, (not_made<HANDLE, HINSTANCE, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadIconW", in_user32, (not_made<HANDLE, HINSTANCE, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadImageA", in_user32,
                 (not_made<HANDLE, HINSTANCE, void*, UINT, int, int, UINT>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("LoadImageW", in_user32,
                 (not_made<HANDLE, HINSTANCE, void*, UINT, int, int, UINT>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("RegisterClassA", in_user32, (not_made<WORD, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("RegisterClassExA", in_user32, (not_made<WORD, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("RegisterClassExW", in_user32, (not_made<WORD, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("RegisterClassW", in_user32, (not_made<WORD, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("UnregisterClassA", in_user32, (not_made<BOOL, void*, HINSTANCE>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("UnregisterClassW", in_user32, (not_made<BOOL, void*, HINSTANCE>), Coverage::stub,
                 "there are no windows: fails");

// 0, of functions that ask what there is.
template <class Answer, class... Parameters>
Answer nothing(Parameters...) {
    return Answer{};
}
WINAPI_EXPORT_AS("CallWindowProcA", in_user32,
                 (nothing<LRESULT, void*, HWND, UINT, WPARAM, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("CallWindowProcW", in_user32,
                 (nothing<LRESULT, void*, HWND, UINT, WPARAM, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("EnumWindows", in_user32, (nothing<BOOL, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("FindWindowA", in_user32, (nothing<HWND, void*, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("FindWindowW", in_user32, (nothing<HWND, void*, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetActiveWindow", in_user32, nothing<HWND>, Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetFocus", in_user32, nothing<HWND>, Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("GetForegroundWindow", in_user32, nothing<HWND>, Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("IsDialogMessageA", in_user32, (nothing<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("IsDialogMessageW", in_user32, (nothing<BOOL, HWND, void*>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("ReleaseDC", in_user32, (nothing<int, HWND, HANDLE>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("SetCursor", in_user32, (nothing<HANDLE, HANDLE>), Coverage::stub,
                 "there are no windows: fails");

// -1, of functions that show a dialog until it is closed.
template <class... Parameters>
std::intptr_t no_dialog(Parameters...) {
    return fail(ERROR_NOT_SUPPORTED, std::intptr_t{-1});
}
WINAPI_EXPORT_AS("DialogBoxIndirectParamA", in_user32,
                 (no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("DialogBoxIndirectParamW", in_user32,
                 (no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>), Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("DialogBoxParamA", in_user32, (no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>),
                 Coverage::stub, "there are no windows: fails");
WINAPI_EXPORT_AS("DialogBoxParamW", in_user32, (no_dialog<HINSTANCE, void*, HWND, void*, LPARAM>),
                 Coverage::stub, "there are no windows: fails");

// https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-defwindowprocw
LRESULT DefWindowProc(HWND, UINT, WPARAM, LPARAM) { return 0; }
WINAPI_EXPORT_AS("DefWindowProcA", in_user32, DefWindowProc, Coverage::stub,
                 "there are no windows: fails");
WINAPI_EXPORT_AS("DefWindowProcW", in_user32, DefWindowProc, Coverage::stub,
                 "there are no windows: fails");

}  // namespace

}  // namespace instdrv::winapi::user32
