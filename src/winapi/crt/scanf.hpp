// The engine behind every scanf: reads as Microsoft's runtimes do, into the pointers of a Microsoft
// va_list. Text changes its width as printf.hpp says.
// https://learn.microsoft.com/cpp/c-runtime-library/format-specification-fields-scanf-and-wscanf-functions
#pragma once

#include <cstdint>
#include <string_view>

#include "winapi/crt/arguments.hpp"

namespace instdrv::winapi::crt {

// What the option bits of the __stdio_common functions ask for.
struct ScanfOptions {
    bool sized_text = false;     // scanf_s: a size follows the pointer of %c, %s and %[
    bool iso_wide_text = false;  // %s of a wide format is narrow text, as C99 says

    static ScanfOptions from_bits(std::uint64_t bits) noexcept;
};

// Where the characters come from.
template <class Char>
class Input {
public:
    static constexpr int end = -1;
    virtual ~Input() = default;
    [[nodiscard]] virtual int peek() = 0;  // the next character's code, or `end`
    virtual void advance() = 0;
};

// The whole of a text.
template <class Char>
class TextInput final : public Input<Char> {
public:
    explicit TextInput(std::basic_string_view<Char> text) noexcept : rest_(text) {}
    int peek() override;
    void advance() override { rest_.remove_prefix(1); }

private:
    std::basic_string_view<Char> rest_;
};

// Answers the number of values stored, or -1 when the input ended before the first could be read.
template <class Char>
int scan(Input<Char>& input, const ScanfOptions& options, const Char* format, Arguments arguments);

}  // namespace instdrv::winapi::crt
