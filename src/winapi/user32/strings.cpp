// Texts from resources and formats.
// https://learn.microsoft.com/windows/win32/menurc/strings
#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "image/pe/resources.hpp"
#include "winapi/crt/printf.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::user32 {
namespace {

// The text where it lies in the image.
std::optional<image::Bytes> find_string(HMODULE module, UINT id) {
    const pe::LoadedImage* const image = Process::instance().loader().find_by_base(module);
    if (image == nullptr) return std::nullopt;
    const auto table = pe::ResourceTable::parse(image->view());
    return table ? table->find_string_bytes(static_cast<std::uint16_t>(id)) : std::nullopt;
}

std::u16string copied(image::Bytes bytes) {
    std::u16string text(bytes.size() / sizeof(WCHAR), u'\0');
    std::memcpy(text.data(), bytes.data(), text.size() * sizeof(WCHAR));
    return text;
}

int not_found() { return fail(ERROR_RESOURCE_NAME_NOT_FOUND, 0); }

template <class Char>
int give_cut(std::basic_string_view<Char> text, Char* buffer, int room) {
    const auto length = std::min(text.size(), static_cast<std::size_t>(room) - 1);
    *std::copy_n(text.begin(), length, buffer) = 0;
    return static_cast<int>(length);
}

// Without room, the buffer is a pointer that is set to the text in the image, which no NUL ends.
int LoadStringW(HMODULE module, UINT id, LPWSTR buffer, int room) {
    const auto bytes = find_string(module, id);
    if (buffer == nullptr || room < 0) return 0;
    if (!bytes) {
        if (room > 0) buffer[0] = 0;
        return not_found();
    }
    if (room == 0) {
        const void* const text = bytes->data();
        std::memcpy(buffer, &text, sizeof text);
        return static_cast<int>(bytes->size() / sizeof(WCHAR));
    }
    return give_cut<WCHAR>(copied(*bytes), buffer, room);
}
WINAPI_EXPORT(LoadStringW, in_user32);

int LoadStringA(HMODULE module, UINT id, char* buffer, int room) {
    const auto bytes = find_string(module, id);
    if (buffer == nullptr || room <= 0) return 0;
    buffer[0] = 0;
    return bytes ? give_cut<char>(to_ansi(copied(*bytes)), buffer, room) : not_found();
}
WINAPI_EXPORT(LoadStringA, in_user32);

// wsprintf writes at most 1,024 characters, the NUL included.
constexpr SIZE_T format_room = 1024;

template <class Char>
int format_list(Char* buffer, const Char* format, crt::VaList list) {
    crt::PrintfOptions options = crt::PrintfOptions::msvcrt();
    options.old_termination = false;
    options.ansi_text = true;
    const int length = crt::format_into(buffer, format_room, options, format, crt::Arguments(list));
    return length < 0 ? static_cast<int>(std::char_traits<Char>::length(buffer)) : length;
}
WINAPI_EXPORT_AS("wvsprintfA", in_user32, format_list<char>);
WINAPI_EXPORT_AS("wvsprintfW", in_user32, format_list<WCHAR>);

template <class Char>
int WINFN format(Char* buffer, const Char* text, ...) {
    crt::VaList list;
    INSTDRV_VA_START(list, text);
    const int length = format_list(buffer, text, list);
    INSTDRV_VA_END(list);
    return length;
}

}  // namespace

EXPORT_ADDRESS("wsprintfA", in_user32, (format<char>));
EXPORT_ADDRESS("wsprintfW", in_user32, (format<WCHAR>));

}  // namespace instdrv::winapi::user32
