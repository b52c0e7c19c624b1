#include "winapi/exports/call_trace.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <new>
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

struct Selector {
    std::string name;  // of a function where `dlls` is empty
    Dlls dlls = 0;
    bool wanted = true;
};

struct Selection {
    std::mutex mutex;
    std::vector<Selector> selectors;
};

Selection& selection() {
    static auto& one = *new Selection;  // threads of drivers may outlive all else
    return one;
}

tl::unexpected<Error> refuse(std::string_view name) {
    return failure(
        Error{.code = ErrorCode::invalid_argument,
              .operation = "trace calls",
              .driver = {},
              .cause = fmt::format("'{}' is neither a DLL nor a function that drivers can "
                                   "import here; docs/windows-calls.md lists them",
                                   name)});
}

Result<Selector> selector_of(std::string_view word) {
    const bool wanted = !word.starts_with('-');
    const std::string_view name = wanted ? word : word.substr(1);
    if (name == "all") return Selector{.name = {}, .dlls = ~Dlls{0}, .wanted = wanted};
    if (const Dll* const dll = find_dll(name)) {
        return Selector{.name = {}, .dlls = dll->bit, .wanted = wanted};
    }
    if (dlls_of(name) == 0) return refuse(name);
    return Selector{.name = std::string(name), .dlls = 0, .wanted = wanted};
}

Result<std::vector<Selector>> selectors_of(std::string_view list) {
    std::vector<Selector> selectors;
    for (const auto& word : split(list, ",")) {
        if (trim(word).empty()) continue;
        auto selector = selector_of(trim(word));
        if (!selector) return failure(std::move(selector).error());
        selectors.push_back(*std::move(selector));
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

// Sizes and times are read in decimal, flags and handles in hexadecimal digits.
std::string number_text(std::uint64_t number) {
    return number < 0x10000 ? fmt::format("{}", number) : fmt::format("{:#x}", number);
}

std::string quoted(std::string_view text, bool is_cut) {
    return fmt::format("\"{}\"{}", text, is_cut ? "..." : "");
}

std::string name_with_dll(std::string_view function) {
    const Dlls dlls = dlls_of(function);
    const auto all = all_dlls();
    const auto first =
        std::ranges::find_if(all, [&](const Dll& dll) { return (dll.bit & dlls) != 0; });
    if (first == all.end()) return std::string(function);
    return fmt::format("{}.{}", first->name.substr(0, first->name.find('.')), function);
}

}  // namespace

constinit std::atomic<bool> CallTrace::on_{false};

Status CallTrace::choose(std::string_view list) {
    auto selectors = selectors_of(list);
    if (!selectors) return failure(std::move(selectors).error());
    const std::lock_guard lock(selection().mutex);
    on_.store(!selectors->empty(), std::memory_order_relaxed);
    selection().selectors = *std::move(selectors);
    return {};
}

Status CallTrace::check(std::string_view list) {
    const auto selectors = selectors_of(list);
    if (!selectors) return failure(selectors.error());
    return {};
}

bool CallTrace::wants(std::string_view function) noexcept {
    const Dlls dlls = dlls_of(function);
    const std::lock_guard lock(selection().mutex);
    bool wanted = false;
    for (const Selector& selector : selection().selectors) {
        if (selector.name == function || (selector.dlls & dlls) != 0) wanted = selector.wanted;
    }
    return wanted;
}

namespace detail {

// A trace changes nothing of the call: where there is no memory for its line, a part is missing.
template <class Append>
void without_failing(const Append& append) noexcept {
    try {
        append();
    } catch (const std::bad_alloc&) {
        return;
    }
}

TracedCall::TracedCall(std::string_view function) : error_before_(last_error()) {
    without_failing([&] { line_ = name_with_dll(function) + "("; });
}

void TracedCall::separate() {
    if (!first_) line_ += ", ";
    first_ = false;
}

void TracedCall::argument(std::uint64_t number) {
    without_failing([&] {
        separate();
        line_ += number_text(number);
    });
}

void TracedCall::signed_argument(std::int64_t number) {
    without_failing([&] {
        separate();
        line_ += fmt::format("{}", number);
    });
}

void TracedCall::real_argument(double number) {
    without_failing([&] {
        separate();
        line_ += fmt::format("{}", number);
    });
}

void TracedCall::pointer_argument(const void* pointer) {
    without_failing([&] {
        separate();
        line_ += fmt::format("{:#x}", reinterpret_cast<std::uintptr_t>(pointer));
    });
}

void TracedCall::text_argument(const char* text) {
    without_failing([&] {
        if (readable_bytes(text) == 0) return pointer_argument(text);
        separate();
        const auto shown = readable_text(text);
        line_ += quoted(shown.substr(0, longest_text), shown.size() > longest_text);
    });
}

void TracedCall::text_argument(const WCHAR* text) {
    without_failing([&] {
        if (readable_bytes(text) < sizeof(WCHAR)) return pointer_argument(text);
        separate();
        const auto shown = readable_text(text);
        line_ += quoted(to_utf8(shown.substr(0, longest_text)), shown.size() > longest_text);
    });
}

void TracedCall::other_argument() {
    without_failing([&] {
        separate();
        line_ += "...";
    });
}

void TracedCall::write(std::string_view end) {
    const DWORD error = last_error();
    without_failing([&] {
        line_ += end;
        if (error != error_before_) line_ += fmt::format("; last error {}", error);
        print_call(fmt::format("[{}] {}", ::gettid(), line_));
    });
    set_last_error(error);
}

void TracedCall::begun() { write(")"); }

void TracedCall::answered() { write(")"); }

void TracedCall::answered(std::uint64_t number) {
    without_failing([&] { write(") = " + number_text(number)); });
}

void TracedCall::answered_pointer(const void* pointer) {
    without_failing(
        [&] { write(fmt::format(") = {:#x}", reinterpret_cast<std::uintptr_t>(pointer))); });
}

}  // namespace detail
}  // namespace instdrv::winapi
