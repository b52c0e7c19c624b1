// Stage 9: resources, a tree of three levels: type, name, language.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "image/pe/image_view.hpp"

namespace instdrv::pe {

// A type or a name: a number or a text. Texts compare without regard to (ASCII) case, as Windows'
// FindResource does.
class ResourceId {
public:
    ResourceId(std::uint16_t number) : value_(number) {}  // NOLINT: stands for a number
    ResourceId(std::u16string text)                       // NOLINT: stands for a text
        : value_(std::make_shared<const std::u16string>(std::move(text))) {}
    ResourceId(const char16_t* text) : ResourceId(std::u16string(text)) {}  // NOLINT

    [[nodiscard]] bool is_number() const noexcept { return value_.index() == 0; }
    // Precondition: is_number(), or not, respectively.
    [[nodiscard]] std::uint16_t number() const { return std::get<0>(value_); }
    [[nodiscard]] const std::u16string& text() const { return *std::get<1>(value_); }
    // UTF-8, for people: "#16" or "AVI".
    [[nodiscard]] std::string describe() const;
    bool operator==(const ResourceId& other) const noexcept;

private:
    // Copies share the text: many resources have one type.
    std::variant<std::uint16_t, std::shared_ptr<const std::u16string>> value_;
};

// Numbers of types (winuser.h's RT_*).
namespace resource_type {
inline constexpr std::uint16_t cursor = 1;
inline constexpr std::uint16_t bitmap = 2;
inline constexpr std::uint16_t icon = 3;
inline constexpr std::uint16_t menu = 4;
inline constexpr std::uint16_t dialog = 5;
inline constexpr std::uint16_t string = 6;
inline constexpr std::uint16_t raw_data = 10;
inline constexpr std::uint16_t version = 16;
}  // namespace resource_type

struct Resource {
    ResourceId type;
    ResourceId name;
    std::uint16_t language = 0;  // LANGID; 0: neutral
    Rva entry = 0;               // of its IMAGE_RESOURCE_DATA_ENTRY: what Windows calls an HRSRC
    Rva rva = 0;                 // of its data
    Bytes data;
};

class ResourceTable {
public:
    // An image without resources gives an empty table. Circles, trees deeper than three levels or
    // larger than the image and data outside of the image are errors.
    static Result<ResourceTable> parse(const ImageView& view);

    [[nodiscard]] std::span<const Resource> entries() const noexcept { return entries_; }
    [[nodiscard]] bool has_type(const ResourceId& type) const noexcept;
    // Without a language: neutral, else US English, else the first there is, as Windows chooses in
    // a neutral locale. With one: exactly that. Null: not there.
    [[nodiscard]] const Resource* find(
        const ResourceId& type, const ResourceId& name,
        std::optional<std::uint16_t> language = std::nullopt) const noexcept;

    // A text of a string table: the UTF-16 code units where they lie in the image (no NUL behind
    // them, perhaps not aligned), or copied. std::nullopt if there is no such string, or it is
    // empty.
    [[nodiscard]] std::optional<Bytes> find_string_bytes(
        std::uint16_t id, std::optional<std::uint16_t> language = std::nullopt) const noexcept;
    [[nodiscard]] std::optional<std::u16string> find_string(
        std::uint16_t id, std::optional<std::uint16_t> language = std::nullopt) const;

private:
    std::vector<Resource> entries_;
};

}  // namespace instdrv::pe
