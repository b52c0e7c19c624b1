// What the desktop looks like, and rectangles.
// https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getsystemmetrics
#include <algorithm>

#include "winapi/last_error.hpp"
#include "winapi/user32/topics.hpp"

namespace instdrv::winapi::user32 {
namespace {

constexpr int screen_width = 1024;
constexpr int screen_height = 768;

int WINFN GetSystemMetrics(int index) {
    switch (index) {
        case 0:   // SM_CXSCREEN
        case 16:  // SM_CXFULLSCREEN
        case 78:  // SM_CXVIRTUALSCREEN
            return screen_width;
        case 1:   // SM_CYSCREEN
        case 17:  // SM_CYFULLSCREEN
        case 79:  // SM_CYVIRTUALSCREEN
            return screen_height;
        case 11:  // SM_CXICON
        case 12:  // SM_CYICON
        case 13:  // SM_CXCURSOR
        case 14:  // SM_CYCURSOR
            return 32;
        case 49:  // SM_CXSMICON
        case 50:  // SM_CYSMICON
            return 16;
        case 80:  // SM_CMONITORS
        case 81:  // SM_SAMEDISPLAYFORMAT
            return 1;
        default: return 0;
    }
}

// The colours of Windows' classic scheme, as 0x00BBGGRR.
DWORD WINFN GetSysColor(int index) {
    switch (index) {
        case 5:   // COLOR_WINDOW
        case 14:  // COLOR_HIGHLIGHTTEXT
        case 20:  // COLOR_BTNHIGHLIGHT
            return 0xFFFFFF;
        case 13: return 0x800000;  // COLOR_HIGHLIGHT
        case 15: return 0xC0C0C0;  // COLOR_BTNFACE
        case 16: return 0x808080;  // COLOR_BTNSHADOW
        default: return 0;
    }
}

struct Rectangle {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
};

bool is_empty(const Rectangle& r) { return r.left >= r.right || r.top >= r.bottom; }

BOOL WINFN SetRect(Rectangle* r, int left, int top, int right, int bottom) {
    *r = {left, top, right, bottom};
    return TRUE;
}

BOOL WINFN SetRectEmpty(Rectangle* r) { return SetRect(r, 0, 0, 0, 0); }
BOOL WINFN IsRectEmpty(const Rectangle* r) { return is_empty(*r) ? TRUE : FALSE; }

BOOL WINFN CopyRect(Rectangle* to, const Rectangle* from) {
    *to = *from;
    return TRUE;
}

BOOL WINFN OffsetRect(Rectangle* r, int x, int y) {
    *r = {r->left + x, r->top + y, r->right + x, r->bottom + y};
    return TRUE;
}

BOOL WINFN InflateRect(Rectangle* r, int x, int y) {
    *r = {r->left - x, r->top - y, r->right + x, r->bottom + y};
    return TRUE;
}

BOOL WINFN EqualRect(const Rectangle* a, const Rectangle* b) {
    const bool equal =
        a->left == b->left && a->top == b->top && a->right == b->right && a->bottom == b->bottom;
    return equal ? TRUE : FALSE;
}

BOOL WINFN IntersectRect(Rectangle* to, const Rectangle* a, const Rectangle* b) {
    *to = {std::max(a->left, b->left), std::max(a->top, b->top), std::min(a->right, b->right),
           std::min(a->bottom, b->bottom)};
    if (!is_empty(*to)) return TRUE;
    SetRectEmpty(to);
    return FALSE;
}

struct Point {
    LONG x;
    LONG y;
};

BOOL WINFN PtInRect(const Rectangle* r, Point point) {
    const auto [x, y] = point;
    return x >= r->left && x < r->right && y >= r->top && y < r->bottom ? TRUE : FALSE;
}

short WINFN GetKeyState(int) { return 0; }

BOOL WINFN SystemParametersInfo(UINT, UINT, void*, UINT) {
    return fail(ERROR_NOT_SUPPORTED, FALSE);
}

BOOL WINFN GetCursorPos(Point* point) {
    *point = {};
    return TRUE;
}

}  // namespace

std::span<const Export> system_exports() {
    static const Export table[] = {
        {"CopyRect", address_of(CopyRect)},
        {"EqualRect", address_of(EqualRect)},
        {"GetAsyncKeyState", address_of(GetKeyState), Coverage::partial, "no key is ever pressed"},
        {"GetCursorPos", address_of(GetCursorPos), Coverage::partial, "always the corner"},
        {"GetKeyState", address_of(GetKeyState), Coverage::partial, "no key is ever pressed"},
        {"GetSysColor", address_of(GetSysColor), Coverage::partial, "the commonest colours"},
        {"GetSystemMetrics", address_of(GetSystemMetrics), Coverage::partial,
         "a screen of 1024 x 768; most others are 0"},
        {"InflateRect", address_of(InflateRect)},
        {"IntersectRect", address_of(IntersectRect)},
        {"IsRectEmpty", address_of(IsRectEmpty)},
        {"OffsetRect", address_of(OffsetRect)},
        {"PtInRect", address_of(PtInRect)},
        {"SetRect", address_of(SetRect)},
        {"SetRectEmpty", address_of(SetRectEmpty)},
        {"SystemParametersInfoA", address_of(SystemParametersInfo), Coverage::stub,
         "ERROR_NOT_SUPPORTED"},
        {"SystemParametersInfoW", address_of(SystemParametersInfo), Coverage::stub,
         "ERROR_NOT_SUPPORTED"},
    };
    return table;
}

}  // namespace instdrv::winapi::user32
