#include "winapi/crt/scanf.hpp"

#include <bitset>
#include <climits>
#include <string>

#include "winapi/crt/conversion.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/parse_number.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr std::uint64_t scanf_sized_text_bit = 1;
constexpr std::uint64_t scanf_legacy_wide_bit = 2;

int digit_value(int c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return INT_MAX;
}

// One conversion of a format: "%*5ld", "%[^a-z]".
struct Field {
    bool suppressed = false;
    int width = 0;  // none given
    Length length = Length::none;
    char16_t type = 0;
    std::bitset<0x10000> members;  // of %[
};

template <class Char>
void read_members(const Char*& at, Field& field) {
    const bool inverted = *at == '^';
    if (inverted) ++at;
    for (bool first = true; *at != 0 && (first || *at != ']'); first = false, ++at) {
        unsigned from = code_of(*at);
        unsigned to = from;
        if (at[1] == '-' && at[2] != 0 && at[2] != ']') to = code_of(*(at += 2));
        if (from > to) std::swap(from, to);
        for (unsigned code = from; code <= to; ++code)
            field.members.set(code);
    }
    if (*at == ']') ++at;
    if (inverted) field.members.flip();
}

template <class Char>
void read_field(const Char*& at, Field& field) {
    for (; *at == '*'; ++at)
        field.suppressed = true;
    for (; *at >= '0' && *at <= '9'; ++at) {
        if (field.width < INT_MAX / 10 - 1) field.width = field.width * 10 + (*at - '0');
    }
    field.length = read_length(at);
    field.type = code_of(*at);
    if (*at != 0) ++at;
    if (field.type == '[') read_members(at, field);
}

template <class Char>
class Scanner {
public:
    Scanner(Input<Char>& input, const ScanfOptions& options, Arguments arguments)
        : input_(input), options_(options), arguments_(arguments) {}

    int run(const Char* format) {
        while (*format != 0) {
            if (is_blank_or_control_space(code_of(*format))) {
                skip_space();
                ++format;
            } else if (*format == '%' && format[1] != '%') {
                Field field;
                read_field(++format, field);
                if (!convert(field)) break;
            } else {
                if (*format == '%') ++format;
                if (!match(code_of(*format))) break;
                ++format;
            }
        }
        return stored_ == 0 && ended_early_ ? -1 : stored_;
    }

private:
    static constexpr bool is_wide = sizeof(Char) == 2;

    void skip_space() {
        while (is_blank_or_control_space(next()))
            take();
    }

    int next() { return input_.peek(); }

    void take() {
        input_.advance();
        ++read_;
    }

    bool at_end() {
        if (next() != Input<Char>::end) return false;
        ended_early_ = true;
        return true;
    }

    bool match(int c) {
        if (at_end() || next() != c) return false;
        take();
        return true;
    }

    bool convert(const Field& field) {
        switch (field.type) {
            case 'd':
            case 'u': return convert_integer(field, 10);
            case 'i': return convert_integer(field, 0);
            case 'o': return convert_integer(field, 8);
            case 'x':
            case 'X': return convert_integer(field, 16);
            case 'p': return convert_pointer(field);
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
            case 'a':
            case 'A': return convert_real(field);
            case 'c':
            case 'C':
            case 's':
            case 'S':
            case '[': return convert_text(field);
            case 'n':
                if (!field.suppressed) store_integer(field, static_cast<std::uint64_t>(read_));
                return true;
            default: return false;
        }
    }

    // Takes up to the field's width of characters that `wanted(c)` accepts.
    template <class Wanted>
    std::string take_while(int& room, Wanted wanted) {
        std::string taken;
        while (room > 0 && next() != Input<Char>::end && wanted(next())) {
            taken.push_back(static_cast<char>(next()));
            take();
            --room;
        }
        return taken;
    }

    bool take_one_of(int& room, std::string_view wanted, std::string& taken) {
        const int c = next();
        if (room <= 0 || c <= 0 || c > 0x7F) return false;
        if (wanted.find(static_cast<char>(c)) == std::string_view::npos) return false;
        taken.push_back(static_cast<char>(c));
        take();
        --room;
        return true;
    }

    bool convert_integer(const Field& field, unsigned base) {
        skip_space();
        if (at_end()) return false;
        int room = field.width == 0 ? INT_MAX : field.width;
        std::string sign;
        take_one_of(room, "+-", sign);
        bool any = false;
        std::string prefix;
        if ((base == 0 || base == 16) && take_one_of(room, "0", prefix)) {
            any = true;
            const bool hexadecimal = take_one_of(room, "xX", prefix);
            if (base == 0) base = hexadecimal ? 16 : 8;
        }
        if (base == 0) base = 10;
        const auto is_digit = [base](int c) { return digit_value(c) < static_cast<int>(base); };
        const std::string digits = take_while(room, is_digit);
        if (!any && digits.empty()) return false;
        std::uint64_t value = 0;
        for (const char c : digits)
            value = value * base + static_cast<unsigned>(digit_value(c));
        if (sign == "-") value = 0 - value;
        if (!field.suppressed) {
            store_integer(field, value);
            ++stored_;
        }
        return true;
    }

    bool convert_pointer(Field field) {
        field.length = Length::pointer;
        return convert_integer(field, 16);
    }

    void store_integer(const Field& field, std::uint64_t value) {
        switch (field.length) {
            case Length::byte: store(static_cast<std::uint8_t>(value)); break;
            case Length::half: store(static_cast<std::uint16_t>(value)); break;
            case Length::int64: store(value); break;
            case Length::pointer: store(static_cast<std::uintptr_t>(value)); break;
            default: store(static_cast<std::uint32_t>(value)); break;
        }
    }

    template <class Value>
    void store(Value value) {
        std::memcpy(arguments_.pointer<void>(), &value, sizeof value);
    }

    bool convert_real(const Field& field) {
        skip_space();
        if (at_end()) return false;
        int room = field.width == 0 ? INT_MAX : field.width;
        std::string sign;
        take_one_of(room, "+-", sign);
        const auto is_digit = [](int c) { return c >= '0' && c <= '9'; };
        std::string text = take_while(room, is_digit);
        if (take_one_of(room, ".", text)) text += take_while(room, is_digit);
        if (text.find_first_of("0123456789") == std::string::npos) return false;
        if (take_one_of(room, "eE", text)) {
            std::string exponent_sign;
            take_one_of(room, "+-", exponent_sign);
            if (exponent_sign == "-") text += '-';
            text += take_while(room, is_digit);
        }
        const double value = real_of(text.data(), text.data() + text.size()).value;
        if (!field.suppressed) store_real(field, sign == "-" ? -value : value);
        return true;
    }

    void store_real(const Field& field, double value) {
        const bool is_double = field.length == Length::wide || field.length == Length::extended;
        if (is_double) {
            store(value);
        } else {
            store(static_cast<float>(value));
        }
        ++stored_;
    }

    bool wants_wide(const Field& field) const {
        if (field.length == Length::wide) return true;
        if (field.length == Length::half) return false;
        const bool plain_is_wide = is_wide && !options_.iso_wide_text;
        const bool capital = field.type == 'S' || field.type == 'C';
        return capital ? !is_wide || options_.iso_wide_text : plain_is_wide;
    }

    bool convert_text(const Field& field) {
        return wants_wide(field) ? convert_text_to<char16_t>(field) : convert_text_to<char>(field);
    }

    // The room that scanf_s names behind the pointer, in characters.
    std::size_t room_of(const Field& field) {
        if (!options_.sized_text || field.suppressed) return SIZE_MAX;
        return static_cast<std::uint32_t>(arguments_.int32());
    }

    template <class Target>
    bool convert_text_to(const Field& field) {
        const bool single = field.type == 'c' || field.type == 'C';
        const bool members = field.type == '[';
        if (!single && !members) skip_space();
        Target* const target = field.suppressed ? nullptr : arguments_.pointer<Target>();
        const std::size_t room = room_of(field);
        const int width = field.width != 0 ? field.width : single ? 1 : INT_MAX;
        if (at_end()) return false;
        std::size_t used = 0;
        for (int taken = 0; taken < width && next() != Input<Char>::end; ++taken) {
            const int c = next();
            if (members ? !field.members[static_cast<std::size_t>(c)]
                        : !single && is_blank_or_control_space(c))
                break;
            if (!fits<Target>(static_cast<char16_t>(c)) || used + (single ? 0 : 1) >= room) {
                if (target != nullptr && room > 0) target[0] = 0;
                return false;
            }
            if (target != nullptr) target[used] = static_cast<Target>(c);
            ++used;
            take();
        }
        if (used == 0) return false;
        if (target != nullptr && !single) target[used] = 0;
        if (!field.suppressed) ++stored_;
        return true;
    }

    Input<Char>& input_;
    const ScanfOptions& options_;
    Arguments arguments_;
    int stored_ = 0;
    int read_ = 0;
    bool ended_early_ = false;
};

}  // namespace

ScanfOptions ScanfOptions::from_bits(std::uint64_t bits) noexcept {
    return {(bits & scanf_sized_text_bit) != 0, (bits & scanf_legacy_wide_bit) == 0};
}

template <class Char>
int TextInput<Char>::peek() {
    return rest_.empty() ? Input<Char>::end : code_of(rest_.front());
}

template <class Char>
int scan(Input<Char>& input, const ScanfOptions& options, const Char* format, Arguments arguments) {
    return Scanner<Char>(input, options, arguments).run(format);
}

template class TextInput<char>;
template class TextInput<char16_t>;
template int scan(Input<char>&, const ScanfOptions&, const char*, Arguments);
template int scan(Input<char16_t>&, const ScanfOptions&, const char16_t*, Arguments);

}  // namespace instdrv::winapi::crt
