// What the desktop looks like, and rectangles.
// https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getsystemmetrics
#include <algorithm>

#include "winapi/exports/export.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::user32 {
namespace {

constexpr int screen_width = 1024;
constexpr int screen_height = 768;

int GetSystemMetrics(int index) {
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
WINAPI_EXPORT(GetSystemMetrics, in_user32, Coverage::partial,
              "a screen of 1024 x 768; most others are 0");

// The colours of Windows' classic scheme, as 0x00BBGGRR.
DWORD GetSysColor(int index) {
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
WINAPI_EXPORT(GetSysColor, in_user32, Coverage::partial, "the commonest colours");

struct Rectangle {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
};

bool is_empty(const Rectangle& r) { return r.left >= r.right || r.top >= r.bottom; }

BOOL SetRect(Rectangle* r, int left, int top, int right, int bottom) {
    *r = {left, top, right, bottom};
    return TRUE;
}
WINAPI_EXPORT(SetRect, in_user32);

BOOL SetRectEmpty(Rectangle* r) { return SetRect(r, 0, 0, 0, 0); }
WINAPI_EXPORT(SetRectEmpty, in_user32);
BOOL IsRectEmpty(const Rectangle* r) { return is_empty(*r) ? TRUE : FALSE; }
WINAPI_EXPORT(IsRectEmpty, in_user32);

BOOL CopyRect(Rectangle* to, const Rectangle* from) {
    *to = *from;
    return TRUE;
}
WINAPI_EXPORT(CopyRect, in_user32);

BOOL OffsetRect(Rectangle* r, int x, int y) {
    *r = {r->left + x, r->top + y, r->right + x, r->bottom + y};
    return TRUE;
}
WINAPI_EXPORT(OffsetRect, in_user32);

BOOL InflateRect(Rectangle* r, int x, int y) {
    *r = {r->left - x, r->top - y, r->right + x, r->bottom + y};
    return TRUE;
}
WINAPI_EXPORT(InflateRect, in_user32);

BOOL EqualRect(const Rectangle* a, const Rectangle* b) {
    const bool equal =
        a->left == b->left && a->top == b->top && a->right == b->right && a->bottom == b->bottom;
    return equal ? TRUE : FALSE;
}
WINAPI_EXPORT(EqualRect, in_user32);

BOOL IntersectRect(Rectangle* to, const Rectangle* a, const Rectangle* b) {
    *to = {std::max(a->left, b->left), std::max(a->top, b->top), std::min(a->right, b->right),
           std::min(a->bottom, b->bottom)};
    if (!is_empty(*to)) return TRUE;
    SetRectEmpty(to);
    return FALSE;
}
WINAPI_EXPORT(IntersectRect, in_user32);

struct Point {
    LONG x;
    LONG y;
};

BOOL PtInRect(const Rectangle* r, Point point) {
    const auto [x, y] = point;
    return x >= r->left && x < r->right && y >= r->top && y < r->bottom ? TRUE : FALSE;
}
WINAPI_EXPORT(PtInRect, in_user32);

short GetKeyState(int) { return 0; }
WINAPI_EXPORT_AS("GetAsyncKeyState", in_user32, GetKeyState, Coverage::partial,
                 "no key is ever pressed");
WINAPI_EXPORT(GetKeyState, in_user32, Coverage::partial, "no key is ever pressed");

BOOL SystemParametersInfo(UINT, UINT, void*, UINT) { return fail(ERROR_NOT_SUPPORTED, FALSE); }
WINAPI_EXPORT_AS("SystemParametersInfoA", in_user32, SystemParametersInfo, Coverage::stub,
                 "ERROR_NOT_SUPPORTED");
WINAPI_EXPORT_AS("SystemParametersInfoW", in_user32, SystemParametersInfo, Coverage::stub,
                 "ERROR_NOT_SUPPORTED");

BOOL GetCursorPos(Point* point) {
    *point = {};
    return TRUE;
}
WINAPI_EXPORT(GetCursorPos, in_user32, Coverage::partial, "always the corner");

}  // namespace

}  // namespace instdrv::winapi::user32
