// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-formatmessagew
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD FORMAT_MESSAGE_ALLOCATE_BUFFER = 0x100;
constexpr DWORD FORMAT_MESSAGE_IGNORE_INSERTS = 0x200;
constexpr DWORD FORMAT_MESSAGE_FROM_STRING = 0x400;
constexpr DWORD FORMAT_MESSAGE_FROM_SYSTEM = 0x1000;
constexpr DWORD FORMAT_MESSAGE_ARGUMENT_ARRAY = 0x2000;

// https://learn.microsoft.com/windows/win32/debug/system-error-codes
std::string_view system_message(DWORD code) {
    switch (code) {
        case ERROR_SUCCESS: return "The operation completed successfully.\r\n";
        case ERROR_INVALID_FUNCTION: return "Incorrect function.\r\n";
        case ERROR_FILE_NOT_FOUND: return "The system cannot find the file specified.\r\n";
        case ERROR_PATH_NOT_FOUND: return "The system cannot find the path specified.\r\n";
        case ERROR_ACCESS_DENIED: return "Access is denied.\r\n";
        case ERROR_INVALID_HANDLE: return "The handle is invalid.\r\n";
        case ERROR_NOT_ENOUGH_MEMORY:
            return "Not enough memory resources are available to process this command.\r\n";
        case ERROR_NO_MORE_FILES: return "There are no more files.\r\n";
        case ERROR_NOT_READY: return "The device is not ready.\r\n";
        case ERROR_GEN_FAILURE: return "A device attached to the system is not functioning.\r\n";
        case ERROR_NOT_SUPPORTED: return "The request is not supported.\r\n";
        case ERROR_FILE_EXISTS: return "The file exists.\r\n";
        case ERROR_INVALID_PARAMETER: return "The parameter is incorrect.\r\n";
        case ERROR_DISK_FULL: return "There is not enough space on the disk.\r\n";
        case ERROR_CALL_NOT_IMPLEMENTED:
            return "This function is not supported on this system.\r\n";
        case ERROR_INSUFFICIENT_BUFFER:
            return "The data area passed to a system call is too small.\r\n";
        case ERROR_INVALID_NAME:
            return "The filename, directory name, or volume label syntax is incorrect.\r\n";
        case ERROR_MOD_NOT_FOUND: return "The specified module could not be found.\r\n";
        case ERROR_PROC_NOT_FOUND: return "The specified procedure could not be found.\r\n";
        case ERROR_ALREADY_EXISTS: return "Cannot create a file when that file already exists.\r\n";
        case ERROR_MORE_DATA: return "More data is available.\r\n";
        case ERROR_NO_MORE_ITEMS: return "No more data is available.\r\n";
        default: return {};
    }
}

// Inserts come as an array of words; a va_list of x64 points to one as well.
class Inserts {
public:
    Inserts(void* arguments, DWORD flags) {
        if (arguments == nullptr) return;
        const bool is_array = (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY) != 0;
        words_ = is_array ? static_cast<const std::uintptr_t*>(arguments)
                          : *static_cast<const std::uintptr_t* const*>(arguments);
    }
    explicit operator bool() const { return words_ != nullptr; }

    // The insert of a number from 1 on, in the way of printf that stands between exclamation marks.
    template <class Character>
    std::u16string format(unsigned number, std::u16string_view how) const {
        const std::uintptr_t word = words_[number - 1];
        const auto text = [](auto value) { return to_utf16(fmt::to_string(value)); };
        if (how == u"d" || how == u"i" || how == u"ld" || how == u"li") {
            return text(static_cast<std::int32_t>(word));
        }
        if (how == u"u" || how == u"lu") return text(static_cast<std::uint32_t>(word));
        if (how == u"x" || how == u"lx") {
            return to_utf16(fmt::format("{:x}", static_cast<std::uint32_t>(word)));
        }
        if (how == u"X" || how == u"lX") {
            return to_utf16(fmt::format("{:X}", static_cast<std::uint32_t>(word)));
        }
        return to_wide_text(reinterpret_cast<const Character*>(word));
    }

private:
    const std::uintptr_t* words_ = nullptr;
};

// "%1" to "%99", each perhaps with "!format!" behind it. Nothing is taken from `source` unless it
// is one of these.
struct Placeholder {
    unsigned number = 0;
    std::u16string_view how = u"s";
    std::size_t length = 0;
};

Placeholder parse_placeholder(std::u16string_view source) {
    Placeholder found;
    std::size_t at = 1;
    while (at < source.size() && at <= 2 && source[at] >= u'0' && source[at] <= u'9') {
        found.number = found.number * 10 + (source[at++] - u'0');
    }
    if (found.number == 0) return {};
    if (at < source.size() && source[at] == u'!') {
        const auto end = source.find(u'!', at + 1);
        if (end != std::u16string_view::npos) {
            found.how = source.substr(at + 1, end - at - 1);
            at = end + 1;
        }
    }
    found.length = at;
    return found;
}

template <class Character>
std::u16string expand(std::u16string_view source, const Inserts& inserts) {
    std::u16string out;
    while (!source.empty()) {
        if (source[0] != u'%' || source.size() == 1) {
            out += source[0];
            source.remove_prefix(1);
            continue;
        }
        const Placeholder placeholder = parse_placeholder(source);
        if (placeholder.length != 0) {
            out += inserts.format<Character>(placeholder.number, placeholder.how);
            source.remove_prefix(placeholder.length);
            continue;
        }
        if (source[1] == u'0') return out;  // ends without a line break
        out += source[1] == u'n' ? std::u16string(u"\r\n") : std::u16string(1, source[1]);
        source.remove_prefix(2);
    }
    return out;
}

template <class Character>
DWORD give(const std::basic_string<Character>& text, DWORD flags, Character* buffer, DWORD size) {
    const std::size_t bytes = (text.size() + 1) * sizeof(Character);
    if ((flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0) {
        auto* const copy = static_cast<Character*>(
            allocate(std::max<std::size_t>(bytes, size * sizeof(Character))));
        if (copy == nullptr) return fail(ERROR_NOT_ENOUGH_MEMORY, DWORD{0});
        std::memcpy(copy, text.c_str(), bytes);
        std::memcpy(buffer, &copy, sizeof copy);
    } else {
        if (text.size() >= size) return fail(ERROR_INSUFFICIENT_BUFFER, DWORD{0});
        std::memcpy(buffer, text.c_str(), bytes);
    }
    return static_cast<DWORD>(text.size());
}

template <class Character>
DWORD FormatMessage(DWORD flags, const void* source, DWORD message, DWORD, Character* buffer,
                    DWORD size, void* arguments) {
    if (buffer == nullptr) return fail(ERROR_INVALID_PARAMETER, DWORD{0});
    std::u16string text;
    if ((flags & FORMAT_MESSAGE_FROM_STRING) != 0) {
        text = to_wide_text(static_cast<const Character*>(source));
    } else if ((flags & FORMAT_MESSAGE_FROM_SYSTEM) != 0) {
        text = to_utf16(system_message(message));
    }
    if (text.empty()) return fail(ERROR_MR_MID_NOT_FOUND, DWORD{0});
    const Inserts inserts(arguments, flags);
    if ((flags & FORMAT_MESSAGE_IGNORE_INSERTS) == 0 && inserts) {
        text = expand<Character>(text, inserts);
    }
    return give(in_face<Character>(std::u16string_view(text)), flags, buffer, size);
}
WINAPI_EXPORT_AS(
    "FormatMessageA", in_kernel32, FormatMessage<char>, Coverage::partial,
    "few system messages, none of modules, no line width; inserts as text, d, u, x or X");
WINAPI_EXPORT_AS(
    "FormatMessageW", in_kernel32, FormatMessage<WCHAR>, Coverage::partial,
    "few system messages, none of modules, no line width; inserts as text, d, u, x or X");

}  // namespace

}  // namespace instdrv::winapi::kernel32
