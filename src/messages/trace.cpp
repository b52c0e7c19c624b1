#include <instdrv/acm.h>
#include <instdrv/vfw.h>

#include <array>
#include <cctype>
#include <cstring>

#include <fmt/format.h>

#include "base/text.hpp"
#include "messages/client_structure.hpp"
#include "messages/declaration.hpp"
#include "messages/layout.hpp"
#include "messages/marshal.hpp"

namespace instdrv::messages {
namespace {

// Reads as another memory does, but never faults.
class Careful final : public ClientMemory {
public:
    explicit Careful(const ClientMemory& memory) noexcept : memory_(memory) {}

    Status read(std::uint64_t address, std::span<std::byte> out) const override {
        if (memory_.try_read(address, out)) return {};
        return failure({.code = ErrorCode::invalid_argument, .cause = "cannot be read"});
    }
    Status write(std::uint64_t, std::span<const std::byte>) const override {
        return failure({.code = ErrorCode::unsupported, .cause = "cannot be written"});
    }
    bool try_read(std::uint64_t address, std::span<std::byte> out) const override {
        return memory_.try_read(address, out);
    }

private:
    const ClientMemory& memory_;
};

std::string letters(std::uint64_t value) {
    std::array<char, 4> text{};
    std::memcpy(text.data(), &value, text.size());
    for (const char c : text) {
        if (std::isprint(static_cast<unsigned char>(c)) == 0) return hex(value);
    }
    return fmt::format("'{}'", std::string_view(text.data(), text.size()));
}

std::string shown(const Field& field, std::uint64_t value) {
    if (field.show == Show::letters) return letters(value & 0xFFFFFFFF);
    if (field.show == Show::hexadecimal) return hex(value);
    if (field.size == sizeof(DWORD)) return fmt::format("{}", static_cast<std::int32_t>(value));
    return fmt::format("{}", static_cast<std::int64_t>(value));
}

std::string wave_format(std::span<const std::byte> head) {
    WAVEFORMATEX format{};
    std::memcpy(&format, head.data(), std::min(head.size(), sizeof format));
    return fmt::format("[tag {:#x}, {} Hz, {} ch, {} bit]", format.wFormatTag,
                       format.nSamplesPerSec, format.nChannels, format.wBitsPerSample);
}

std::string picture_format(std::span<const std::byte> head) {
    BITMAPINFOHEADER format{};
    std::memcpy(&format, head.data(), std::min(head.size(), sizeof format));
    const std::string coding =
        format.biCompression == BI_RGB ? "RGB" : letters(format.biCompression);
    return fmt::format("[{}x{}, {}, {} bit]", format.biWidth, format.biHeight, coding,
                       format.biBitCount);
}

std::string text_at(const Field& field, std::uint64_t address, const ClientMemory& client,
                    unsigned unit) {
    const unsigned width = field.text_unit != 0 ? field.text_unit : unit;
    const auto text = read_text(client, address, width);
    if (!text) return fmt::format("{:#x} (unreadable)", address);
    const std::size_t units = text->size() / width - 1;
    if (width == 1) {
        return fmt::format("'{}'",
                           std::string_view(reinterpret_cast<const char*>(text->data()), units));
    }
    std::u16string wide(units, u'\0');
    std::memcpy(wide.data(), text->data(), units * width);
    return fmt::format("'{}'", to_utf8(wide));
}

std::string bytes_at(const Field& field, std::uint64_t address, const LengthScope& scope) {
    if (field.flow != Flow::in && field.length.rule == LengthRule::dib_format_wanted) {
        return fmt::format("{:#x}", address);
    }
    const auto extent = extent_of(field.length, address, scope);
    if (!extent) return fmt::format("{:#x} (unreadable)", address);
    switch (field.length.rule) {
        case LengthRule::wave_format: return wave_format(extent->head);
        case LengthRule::dib_format: return picture_format(extent->head);
        default: return fmt::format("{} bytes", extent->length);
    }
}

// A text of MCI's that the flags do not name may be anything.
bool is_there(const Field& field, std::uint64_t flags) noexcept {
    return field.present_flag == 0 || (flags & (field.present_flag | field.number_flag)) != 0;
}

class Description {
public:
    Description(Family family, UINT message, const Sides& sides, const ClientMemory& client)
        : message_(message),
          sides_(sides),
          client_(client),
          text_(messages::describe(message, family)) {}

    void add(const Parameter& lparam1, const Parameter& lparam2, const Parameters& parameters);
    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    using Numbers = std::array<std::uint64_t, 2>;

    void add(std::string_view label, std::string_view value) {
        text_ += fmt::format(" {}={}", label, value);
    }
    void add_parameter(const Field& field, Keep keep, std::uint64_t value,
                       const Siblings& siblings);
    void add_field(const Field& field, std::uint64_t value, const Siblings& siblings);
    void add_structure(const Structure& structure, const Siblings& parameters);

    UINT message_;
    const Sides& sides_;
    Careful client_;
    std::uint64_t flags_ = 0;  // lParam1
    std::string text_;
};

void Description::add(const Parameter& lparam1, const Parameter& lparam2,
                      const Parameters& parameters) {
    std::array fields{lparam1.field, lparam2.field};
    fields[0].name = "lParam1";
    fields[1].name = "lParam2";
    Numbers values{parameters.lparam1, parameters.lparam2};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool is_number = fields[i].kind == Kind::number;
        values[i] = is_number ? extend(values[i], sides_.client_pointer)
                              : address_in(values[i], sides_.client_pointer);
    }
    flags_ = values[0];
    for (std::size_t i = 0; i < values.size(); ++i) {
        add_parameter(fields[i], i == 0 ? lparam1.keep : lparam2.keep, values[i], {fields, values});
    }
}

void Description::add_parameter(const Field& field, Keep keep, std::uint64_t value,
                                const Siblings& siblings) {
    if (field.kind == Kind::size_of_other) return;
    if (field.kind == Kind::structure) {
        // What was told in full when it began is only named later.
        const bool is_known = !field.label.empty() && keep != Keep::begin;
        if (is_known) return add(field.label, hex(value));
        if (value != 0) add_structure(*field.structure, siblings);
    } else if (!field.label.empty()) {
        add_field(field, value, siblings);
    } else if (value != 0) {
        add(field.name, hex(value));
    }
}

void Description::add_structure(const Structure& structure, const Siblings& parameters) {
    const bool first = parameters.fields[0].structure == &structure;
    const std::uint64_t address = parameters.values[first ? 0 : 1];
    std::optional<std::uint32_t> stated;
    if (parameters.fields[1].kind == Kind::size_of_other) {
        stated = static_cast<std::uint32_t>(parameters.values[1]);
    }
    const auto read =
        ClientStructure::read(structure, address, stated, sides_.client_pointer, client_);
    if (!read) {
        add(structure.name, hex(address) + " (unreadable)");
        return;
    }
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        if (read->has(i)) add_field(structure.fields[i], read->value(i), read->siblings());
    }
}

void Description::add_field(const Field& field, std::uint64_t value, const Siblings& siblings) {
    if (field.label.empty()) return;
    const bool is_text = field.kind == Kind::text;
    if (!is_text && field.kind != Kind::buffer) return add(field.label, shown(field, value));
    if (value == 0 || !is_there(field, flags_)) return;
    if (is_text && (flags_ & field.number_flag) != 0) return add(field.label, hex(value));
    add(field.label, is_text ? text_at(field, value, client_, sides_.open_text_unit)
                             : bytes_at(field, value, {message_, siblings, client_, {}}));
}

}  // namespace

std::string describe_call(Family family, UINT message, const Parameters& parameters,
                          const Sides& sides, const ClientMemory& client) {
    Description description(family, message, sides, client);
    const Declaration* const declaration = find_declaration(family, message);
    const Parameter number{};
    if (declaration != nullptr) {
        description.add(declaration->lparam1, declaration->lparam2, parameters);
    } else {
        description.add(number, number, parameters);
    }
    return std::move(description).text();
}

}  // namespace instdrv::messages
