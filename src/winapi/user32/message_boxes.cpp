// Message boxes. There is nobody to show them to: the text goes to standard error, and the answer
// is what the Enter key would have given.
// https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-messageboxw
#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/driver_output.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::user32 {
namespace {

constexpr int IDOK = 1;
constexpr int IDCANCEL = 2;
constexpr int IDABORT = 3;
constexpr int IDRETRY = 4;
constexpr int IDIGNORE = 5;
constexpr int IDYES = 6;
constexpr int IDNO = 7;
constexpr int IDTRYAGAIN = 10;
constexpr int IDCONTINUE = 11;

std::span<const int> buttons_of(UINT type) {
    static constexpr int ok[] = {IDOK};
    static constexpr int ok_cancel[] = {IDOK, IDCANCEL};
    static constexpr int abort_retry_ignore[] = {IDABORT, IDRETRY, IDIGNORE};
    static constexpr int yes_no_cancel[] = {IDYES, IDNO, IDCANCEL};
    static constexpr int yes_no[] = {IDYES, IDNO};
    static constexpr int retry_cancel[] = {IDRETRY, IDCANCEL};
    static constexpr int cancel_try_continue[] = {IDCANCEL, IDTRYAGAIN, IDCONTINUE};
    switch (type & 0xF) {
        case 1: return ok_cancel;
        case 2: return abort_retry_ignore;
        case 3: return yes_no_cancel;
        case 4: return yes_no;
        case 5: return retry_cancel;
        case 6: return cancel_try_continue;
        default: return ok;
    }
}

// The default button, but never "retry": what failed once would fail for ever.
int answer_to(UINT type) {
    const auto buttons = buttons_of(type);
    const std::size_t index = std::min<std::size_t>((type >> 8) & 0xF, buttons.size() - 1);
    const int answer = buttons[index];
    return answer == IDRETRY || answer == IDTRYAGAIN ? buttons[(index + 1) % buttons.size()]
                                                     : answer;
}

template <class Char>
int show(HWND, const Char* text, const Char* title, UINT type) {
    const std::string shown_title = title == nullptr ? "Error" : to_utf8_text(title);
    print_for_driver(shown_title + ": " + to_utf8_text(text));
    return answer_to(type);
}
WINAPI_EXPORT_AS("MessageBoxA", in_user32, show<char>, Coverage::partial,
                 "printed to standard error; answers the default button, but never Retry");
WINAPI_EXPORT_AS("MessageBoxW", in_user32, show<WCHAR>, Coverage::partial,
                 "printed to standard error; answers the default button, but never Retry");

template <class Char>
int show_in_language(HWND owner, const Char* text, const Char* title, UINT type, WORD) {
    return show(owner, text, title, type);
}
WINAPI_EXPORT_AS("MessageBoxExA", in_user32, show_in_language<char>, Coverage::partial,
                 "printed to standard error; answers the default button, but never Retry");
WINAPI_EXPORT_AS("MessageBoxExW", in_user32, show_in_language<WCHAR>, Coverage::partial,
                 "printed to standard error; answers the default button, but never Retry");

template <class Char>
struct BoxParameters {
    UINT size;
    HWND owner;
    HINSTANCE instance;
    const Char* text;
    const Char* title;
    DWORD style;
    const Char* icon;
    DWORD_PTR help_id;
    const void* callback;
    DWORD language;
};

template <class Char>
int show_indirect(const BoxParameters<Char>* box) {
    return show(box->owner, box->text, box->title, box->style);
}
WINAPI_EXPORT_AS("MessageBoxIndirectA", in_user32, show_indirect<char>, Coverage::partial,
                 "printed to standard error; answers the default button, but never Retry");
WINAPI_EXPORT_AS("MessageBoxIndirectW", in_user32, show_indirect<WCHAR>, Coverage::partial,
                 "printed to standard error; answers the default button, but never Retry");

BOOL MessageBeep(UINT) { return TRUE; }
WINAPI_EXPORT(MessageBeep, in_user32, Coverage::partial, "silent");

}  // namespace

}  // namespace instdrv::winapi::user32
