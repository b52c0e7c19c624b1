#include "winapi/crt/printf.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string>

#include "winapi/crt/text_width.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr std::uint64_t old_termination_bit = 1;
constexpr std::uint64_t standard_answer_bit = 2;
constexpr std::uint64_t legacy_wide_bit = 4;
constexpr std::uint64_t msvcrt_bit = 8;
constexpr std::uint64_t three_digit_exponents_bit = 16;

template <class Char>
class Formatter {
public:
    Formatter(Output<Char>& output, const PrintfOptions& options, Arguments arguments)
        : output_(output), options_(options), arguments_(arguments) {}

    int run(const Char* format) {
        while (*format != 0 && !failed_) {
            const Char* const start = format;
            while (*format != 0 && *format != '%')
                ++format;
            put({start, static_cast<std::size_t>(format - start)});
            if (*format == '%') convert(++format);
        }
        return failed_ || written_ > INT_MAX ? -1 : static_cast<int>(written_);
    }

private:
    using View = std::basic_string_view<Char>;
    static constexpr bool is_wide = sizeof(Char) == 2;

    void put(View text) {
        written_ += static_cast<std::int64_t>(text.size());
        if (written_ > INT_MAX) failed_ = true;
        if (!failed_ && !text.empty()) output_.write(text);
    }

    void fill(std::int64_t count, char c) {
        if (written_ + count > INT_MAX) failed_ = true;
        std::array<Char, 256> run;
        run.fill(static_cast<Char>(c));
        for (; count > 0 && !failed_; count -= static_cast<std::int64_t>(run.size())) {
            put({run.data(), std::min(run.size(), static_cast<std::size_t>(count))});
        }
    }

    void put_padded(const Conversion& conversion, View text) {
        const auto padding = conversion.width - static_cast<std::int64_t>(text.size());
        if (!conversion.left) fill(padding, conversion.zero ? '0' : ' ');
        put(text);
        if (conversion.left) fill(padding, ' ');
    }

    void put_ascii(const std::string& text) {
        put(std::basic_string<Char>(text.begin(), text.end()));
    }

    void put_number(const Conversion& conversion, const NumberText& text) {
        const auto size = static_cast<std::int64_t>(text.prefix.size() + text.digits.size());
        const auto padding = conversion.width - size;
        if (!conversion.left && !text.zero_fill) fill(padding, ' ');
        put_ascii(text.prefix);
        if (!conversion.left && text.zero_fill) fill(padding, '0');
        put_ascii(text.digits);
        if (conversion.left) fill(padding, ' ');
    }

    void convert(const Char*& format) {
        const Conversion conversion = read_conversion(format, arguments_);
        switch (conversion.type) {
            case 'd':
            case 'i':
                return put_number(conversion, signed_text(conversion, signed_value(conversion)));
            case 'u':
            case 'o':
            case 'x':
            case 'X':
                return put_number(conversion,
                                  unsigned_text(conversion, unsigned_value(conversion)));
            case 'p': return put_pointer(conversion);
            case 'a':
            case 'A':
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
                return put_number(conversion,
                                  real_text(conversion, arguments_.real(), options_.real));
            case 'c':
            case 'C': return put_character(conversion);
            case 's':
            case 'S': return put_text(conversion);
            case 'Z': return put_counted(conversion);
            case 'n': failed_ = true; return;
            default: return put_unknown(conversion.type);
        }
    }

    // A type that does not exist stands for itself.
    void put_unknown(char16_t type) {
        const auto c = static_cast<Char>(type);
        if (type != 0) put({&c, 1});
    }

    std::int64_t signed_value(const Conversion& conversion) {
        switch (conversion.length) {
            case Length::byte: return static_cast<std::int8_t>(arguments_.int32());
            case Length::half: return static_cast<std::int16_t>(arguments_.int32());
            case Length::int64: return arguments_.int64();
            case Length::pointer: return arguments_.word();
            default: return arguments_.int32();
        }
    }

    std::uint64_t unsigned_value(const Conversion& conversion) {
        switch (conversion.length) {
            case Length::byte: return static_cast<std::uint8_t>(arguments_.int32());
            case Length::half: return static_cast<std::uint16_t>(arguments_.int32());
            case Length::int64: return static_cast<std::uint64_t>(arguments_.int64());
            case Length::pointer: return static_cast<std::uintptr_t>(arguments_.word());
            default: return static_cast<std::uint32_t>(arguments_.int32());
        }
    }

    void put_pointer(Conversion conversion) {
        conversion.precision = static_cast<int>(sizeof(void*) * 2);
        conversion.alternate = false;
        put_number(conversion,
                   unsigned_text(conversion, static_cast<std::uintptr_t>(arguments_.word())));
    }

    // Is the argument of a text conversion wide? A capital type means the width that the format has
    // not, a prefix overrides both.
    bool wants_wide(const Conversion& conversion) const {
        if (conversion.length == Length::wide) return true;
        if (conversion.length == Length::half) return false;
        const bool plain_is_wide = is_wide && !options_.iso_wide_text;
        const bool capital = conversion.type == 'S' || conversion.type == 'C';
        return capital ? !is_wide || options_.iso_wide_text : plain_is_wide;
    }

    template <class Source>
    std::basic_string<Char> converted(std::basic_string_view<Source> text) {
        if (options_.ansi_text) return ansi_converted(text);
        std::basic_string<Char> result;
        result.reserve(text.size());
        for (const Source c : text) {
            const char16_t code = code_of(c);
            if (!fits<Char>(code)) {
                failed_ = true;
                break;
            }
            result.push_back(static_cast<Char>(code));
        }
        return result;
    }

    static std::string ansi_converted(std::u16string_view text) { return to_ansi(text); }
    static std::u16string ansi_converted(std::string_view text) { return decode_ansi(text); }

    template <class Source>
    void put_converted(const Conversion& conversion, std::basic_string_view<Source> text) {
        if constexpr (std::is_same_v<Source, Char>) {
            put_padded(conversion, text);
        } else {
            const auto result = converted(text);
            if (!failed_) put_padded(conversion, result);
        }
    }

    void put_character(const Conversion& conversion) {
        const int value = arguments_.int32();
        const auto wide = static_cast<char16_t>(value);
        const auto narrow = static_cast<char>(value);
        if (wants_wide(conversion)) {
            put_converted(conversion, std::u16string_view(&wide, 1));
        } else {
            put_converted(conversion, std::string_view(&narrow, 1));
        }
    }

    template <class Source>
    void put_text_of(const Conversion& conversion, const Source* text) {
        static constexpr Source null_text[] = {'(', 'n', 'u', 'l', 'l', ')', 0};
        if (text == nullptr) text = null_text;
        const auto limit =
            conversion.precision < 0 ? SIZE_MAX : static_cast<std::size_t>(conversion.precision);
        std::size_t length = 0;
        while (length < limit && text[length] != 0)
            ++length;
        put_converted(conversion, std::basic_string_view<Source>(text, length));
    }

    void put_text(const Conversion& conversion) {
        if (wants_wide(conversion)) {
            put_text_of(conversion, arguments_.pointer<const char16_t>());
        } else {
            put_text_of(conversion, arguments_.pointer<const char>());
        }
    }

    // ANSI_STRING or UNICODE_STRING: a length in bytes and a pointer.
    void put_counted(const Conversion& conversion) {
        struct Counted {
            std::uint16_t length;
            std::uint16_t maximum;
            const void* buffer;
        };
        const auto* text = arguments_.pointer<const Counted>();
        if (text == nullptr || text->buffer == nullptr) {
            put_text_of<char>(conversion, nullptr);
        } else if (conversion.length == Length::wide) {
            put_converted(conversion,
                          std::u16string_view(static_cast<const char16_t*>(text->buffer),
                                              text->length / sizeof(char16_t)));
        } else {
            put_converted(conversion,
                          std::string_view(static_cast<const char*>(text->buffer), text->length));
        }
    }

    Output<Char>& output_;
    const PrintfOptions& options_;
    Arguments arguments_;
    std::int64_t written_ = 0;
    bool failed_ = false;
};

// Keeps what fits and drops the rest.
template <class Char>
class BoundedOutput final : public Output<Char> {
public:
    BoundedOutput(Char* buffer, std::size_t room) : buffer_(buffer), room_(room) {}

    void write(std::basic_string_view<Char> text) override {
        const std::size_t fitting = std::min(text.size(), room_ - used_);
        std::copy_n(text.data(), fitting, buffer_ + used_);
        used_ += fitting;
    }
    [[nodiscard]] std::size_t used() const { return used_; }

private:
    Char* buffer_;
    std::size_t room_;
    std::size_t used_ = 0;
};

}  // namespace

PrintfOptions PrintfOptions::from_bits(std::uint64_t bits) noexcept {
    PrintfOptions options;
    options.old_termination = (bits & old_termination_bit) != 0;
    options.standard_answer = (bits & standard_answer_bit) != 0;
    options.iso_wide_text = (bits & legacy_wide_bit) == 0;
    options.real.msvcrt = (bits & msvcrt_bit) != 0;
    options.real.three_digit_exponents = (bits & three_digit_exponents_bit) != 0;
    return options;
}

PrintfOptions PrintfOptions::msvcrt() noexcept {
    return from_bits(old_termination_bit | legacy_wide_bit | msvcrt_bit |
                     three_digit_exponents_bit);
}

template <class Char>
int format_to(Output<Char>& output, const PrintfOptions& options, const Char* format,
              Arguments arguments) {
    return Formatter<Char>(output, options, arguments).run(format);
}

template <class Char>
int format_into(Char* buffer, std::size_t room, const PrintfOptions& options, const Char* format,
                Arguments arguments) {
    BoundedOutput<Char> output(buffer, buffer == nullptr ? 0 : room);
    const int length = format_to<Char>(output, options, format, arguments);
    if (buffer == nullptr) return length;
    if (options.old_termination) {
        if (output.used() < room) buffer[output.used()] = 0;
        return length >= 0 && static_cast<std::size_t>(length) <= room ? length : -1;
    }
    if (room == 0) return options.standard_answer ? length : -1;
    buffer[std::min(output.used(), room - 1)] = 0;
    const bool complete = length >= 0 && static_cast<std::size_t>(length) < room;
    return complete || options.standard_answer ? length : -2;
}

template <class Char>
int format_into_checked(Char* buffer, std::size_t room, std::size_t limit,
                        const PrintfOptions& options, const Char* format, Arguments arguments) {
    if (format == nullptr || buffer == nullptr || room == 0) return fail_with(EINVAL, -1);
    const std::size_t kept = limit == cut_at_end ? room - 1 : std::min(limit, room);
    BoundedOutput<Char> output(buffer, kept);
    const int length = format_to<Char>(output, options, format, arguments);
    const bool cut = length < 0 || static_cast<std::size_t>(length) > kept;
    if (length < 0 || output.used() >= room) {
        buffer[0] = 0;
        return fail_with(length < 0 ? EINVAL : ERANGE, -1);
    }
    buffer[output.used()] = 0;
    return cut ? -1 : length;
}

template int format_to(Output<char>&, const PrintfOptions&, const char*, Arguments);
template int format_to(Output<char16_t>&, const PrintfOptions&, const char16_t*, Arguments);
template int format_into(char*, std::size_t, const PrintfOptions&, const char*, Arguments);
template int format_into(char16_t*, std::size_t, const PrintfOptions&, const char16_t*, Arguments);

template int format_into_checked(char*, std::size_t, std::size_t, const PrintfOptions&, const char*,
                                 Arguments);
template int format_into_checked(char16_t*, std::size_t, std::size_t, const PrintfOptions&,
                                 const char16_t*, Arguments);

}  // namespace instdrv::winapi::crt
