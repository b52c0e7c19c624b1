#include "winapi/exports/call_trace.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "winapi/exports/export_table.hpp"
#include "winapi/memory/memory_map.hpp"
#include "winapi/text/driver_output.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::size_t longest_text = 80;  // characters of one argument
constexpr std::size_t room_for_end = 64;  // of a line: the answer and the last error

struct Selector {
    std::string_view name;  // of a function where `dlls` is empty
    Dlls dlls = 0;
    bool wanted = true;
};

// What is known of the calls to trace. Threads of drivers may outlive all else.
struct Selection {
    std::mutex mutex;
    std::string list;
    std::vector<Selector> selectors;  // of `list`
    std::map<std::string_view, Dlls> imported;

    [[nodiscard]] Dlls dlls_with(std::string_view function) const {
        const auto known = imported.find(function);
        return known == imported.end() ? dlls_of(function) : known->second;
    }
};

Selection& selection() {
    static auto& one = *new Selection;
    return one;
}

// A trace changes nothing of the call: where there is no memory for a part of it, that is missing.
template <class Append>
void without_failing(const Append& append) noexcept {
    try {
        append();
    } catch (const std::bad_alloc&) {
        return;
    }
}

Selector selector_of(std::string_view word) {
    const bool wanted = !word.starts_with('-');
    const std::string_view name = wanted ? word : word.substr(1);
    if (name == "all") return {.name = {}, .dlls = ~Dlls{0}, .wanted = wanted};
    if (const Dll* const dll = find_dll(name)) {
        return {.name = {}, .dlls = dll->bit, .wanted = wanted};
    }
    return {.name = name, .dlls = 0, .wanted = wanted};
}

std::vector<Selector> selectors_of(std::string_view list) {
    std::vector<Selector> selectors;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        const auto word = trim(list.substr(0, end));
        if (!word.empty()) selectors.push_back(selector_of(word));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return selectors;
}

// Up to a zero, the end of what can be read, or the most that is shown.
template <class Char>
std::basic_string_view<Char> readable_text(const Char* text) {
    const auto room = std::min(readable_bytes(text) / sizeof(Char), longest_text + 1);
    const auto* const end = std::find(text, text + room, Char{});
    return {text, static_cast<std::size_t>(end - text)};
}

std::string_view shown(std::string_view text) { return text; }
std::string shown(std::u16string_view text) { return to_utf8(text); }

// A piece of a line, which takes no memory unless it is unusually long.
template <class... Values>
class Piece {
public:
    explicit Piece(fmt::format_string<const Values&...> format, const Values&... values) {
        fmt::format_to(std::back_inserter(buffer_), format, values...);
    }
    // NOLINTNEXTLINE(google-explicit-constructor): it is a text
    operator std::string_view() const { return {buffer_.data(), buffer_.size()}; }

private:
    fmt::memory_buffer buffer_;
};
template <class Format, class... Values>
Piece(Format, const Values&...) -> Piece<Values...>;

// Sizes and times are read in decimal, flags and handles in hexadecimal digits.
Piece<std::uint64_t> number_text(std::uint64_t number) {
    return number < 0x10000 ? Piece("{}", number) : Piece("{:#x}", number);
}

std::string_view dll_with(std::string_view function) {
    Selection& known = selection();
    const std::lock_guard lock(known.mutex);
    const Dlls dlls = known.dlls_with(function);
    const auto all = all_dlls();
    const auto first =
        std::ranges::find_if(all, [&](const Dll& dll) { return (dll.bit & dlls) != 0; });
    return first == all.end() ? "" : first->name.substr(0, first->name.find('.'));
}

}  // namespace

constinit std::atomic<bool> CallTrace::on_{false};

void CallTrace::choose(std::string_view list) {
    Selection& chosen = selection();
    const std::lock_guard lock(chosen.mutex);
    chosen.selectors.clear();
    chosen.list = list;
    chosen.selectors = selectors_of(chosen.list);
    on_.store(!chosen.selectors.empty(), std::memory_order_relaxed);
}

Status CallTrace::check(std::string_view list,
                        const std::function<bool(std::string_view)>& exists_elsewhere) {
    for (const auto& [name, dlls, wanted] : selectors_of(list)) {
        if (dlls != 0 || dlls_of(name) != 0 || exists_elsewhere(name)) continue;
        return failure(
            Error{.code = ErrorCode::invalid_argument,
                  .operation = "trace calls",
                  .driver = {},
                  .cause = fmt::format("'{}' is neither a DLL nor a function that drivers can "
                                       "import here; docs/windows-calls.md lists them",
                                       name)});
    }
    return {};
}

bool CallTrace::wants(std::string_view function) noexcept {
    Selection& chosen = selection();
    const std::lock_guard lock(chosen.mutex);
    const Dlls dlls = chosen.dlls_with(function);
    bool wanted = false;
    for (const Selector& selector : chosen.selectors) {
        if (selector.name == function || (selector.dlls & dlls) != 0) wanted = selector.wanted;
    }
    return wanted;
}

void CallTrace::note_import(std::string_view function, Dlls dll) noexcept {
    without_failing([&] {
        const std::lock_guard lock(selection().mutex);
        selection().imported[function] |= dll;
    });
}

namespace detail {

TracedCall::TracedCall(std::string_view function) noexcept : error_before_(last_error()) {
    append(Piece("call: [{}] ", ::gettid()));
    const std::string_view dll = dll_with(function);
    append(dll);
    if (!dll.empty()) append(".");
    append(function);
    append("(");
}

void TracedCall::append(std::string_view text) {
    text = text.substr(0, line_.size() - size_);
    std::copy(text.begin(), text.end(), line_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += text.size();
}

void TracedCall::add(std::string_view argument) {
    if (is_full_) return;
    if (!is_first_) append(", ");
    is_first_ = false;
    is_full_ = argument.size() + room_for_end > line_.size() - size_;
    append(is_full_ ? "..." : argument);
}

void TracedCall::argument(std::uint64_t number) { add(number_text(number)); }

void TracedCall::signed_argument(std::int64_t number) { add(Piece("{}", number)); }

void TracedCall::real_argument(double number) { add(Piece("{}", number)); }

void TracedCall::pointer_argument(const void* pointer) {
    add(Piece("{:#x}", reinterpret_cast<std::uintptr_t>(pointer)));
}

template <class Char>
void TracedCall::add_text(const Char* text) {
    if (readable_bytes(text) < sizeof(Char)) return pointer_argument(text);
    const auto readable = readable_text(text);
    const bool is_cut = readable.size() > longest_text;
    without_failing([&] {
        add(Piece("\"{}\"{}", shown(readable.substr(0, longest_text)), is_cut ? "..." : ""));
    });
}

void TracedCall::text_argument(const char* text) { add_text(text); }

void TracedCall::text_argument(const WCHAR* text) { add_text(text); }

void TracedCall::other_argument() { add("..."); }

void TracedCall::write(std::string_view end) {
    const DWORD error = last_error();
    append(end);
    if (error != error_before_) append(Piece("; last error {}", error));
    append("\n");
    without_failing([&] { print_lines({line_.data(), size_}); });
    set_last_error(error);
}

void TracedCall::begun() { write(")"); }

void TracedCall::answered() { write(")"); }

void TracedCall::answered(std::uint64_t number) {
    write(Piece(") = {}", std::string_view(number_text(number))));
}

void TracedCall::answered_pointer(const void* pointer) {
    write(Piece(") = {:#x}", reinterpret_cast<std::uintptr_t>(pointer)));
}

}  // namespace detail
}  // namespace instdrv::winapi
