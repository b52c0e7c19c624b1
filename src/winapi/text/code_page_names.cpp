#include <algorithm>
#include <string_view>

#include "winapi/text/code_page.hpp"

namespace instdrv::winapi {
namespace {

struct CodePageName {
    UINT code_page;
    std::string_view name;
};
// https://learn.microsoft.com/windows/win32/intl/code-page-identifiers
constexpr CodePageName code_page_names[] = {
    {437, "OEM - United States"},
    {737, "OEM - Greek"},
    {775, "OEM - Baltic"},
    {850, "OEM - Multilingual Latin 1"},
    {852, "OEM - Latin 2"},
    {855, "OEM - Cyrillic"},
    {857, "OEM - Turkish"},
    {858, "OEM - Multilingual Latin 1 and euro"},
    {860, "OEM - Portuguese"},
    {861, "OEM - Icelandic"},
    {862, "OEM - Hebrew"},
    {863, "OEM - French Canadian"},
    {865, "OEM - Nordic"},
    {866, "OEM - Russian"},
    {874, "ANSI/OEM - Thai"},
    {932, "ANSI/OEM - Japanese, Shift-JIS"},
    {936, "ANSI/OEM - Simplified Chinese, GBK"},
    {949, "ANSI/OEM - Korean, Unified Hangul"},
    {950, "ANSI/OEM - Traditional Chinese, Big5"},
    {1250, "ANSI - Central European"},
    {1251, "ANSI - Cyrillic"},
    {1252, "ANSI - Latin 1"},
    {1253, "ANSI - Greek"},
    {1254, "ANSI - Turkish"},
    {1255, "ANSI - Hebrew"},
    {1256, "ANSI - Arabic"},
    {1257, "ANSI - Baltic"},
    {1258, "ANSI/OEM - Vietnamese"},
    {20127, "US-ASCII"},
    {28591, "ISO 8859-1 Latin 1"},
    {28592, "ISO 8859-2 Central European"},
    {28593, "ISO 8859-3 Latin 3"},
    {28594, "ISO 8859-4 Baltic"},
    {28595, "ISO 8859-5 Cyrillic"},
    {28596, "ISO 8859-6 Arabic"},
    {28597, "ISO 8859-7 Greek"},
    {28598, "ISO 8859-8 Hebrew, visual order"},
    {28599, "ISO 8859-9 Turkish"},
    {65000, "UTF-7"},
    {65001, "UTF-8"},
};

}  // namespace

std::string code_page_name(UINT code_page) {
    const auto* const found =
        std::ranges::find(code_page_names, code_page, &CodePageName::code_page);
    return std::to_string(code_page) + " (" + std::string(found->name) + ")";
}

}  // namespace instdrv::winapi
