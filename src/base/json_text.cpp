#include "base/json_text.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace instdrv {
namespace {

using nlohmann::json;

constexpr const char* suffix = "_bytes";

// The bytes of a text that is no UTF-8; null for all else.
json bytes_of(const json& value) {
    if (!value.is_string()) return {};
    const auto& text = value.get_ref<const std::string&>();
    if (to_utf8(to_utf16(text)) == text) return {};
    std::string bytes;
    for (const char byte : text)
        bytes += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return bytes;
}

// What is to stand beside a value; null: nothing.
json beside(const json& value) {
    if (!value.is_array()) return bytes_of(value);
    auto all = json::array();
    bool any = false;
    for (const auto& element : value) {
        all.push_back(bytes_of(element));
        any = any || !all.back().is_null();
    }
    return any ? all : json();
}

void add_bytes(json& value) {
    if (!value.is_structured()) return;
    std::vector<std::pair<std::string, json>> added;
    for (auto& [key, element] : value.items()) {
        add_bytes(element);
        if (!value.is_object()) continue;
        if (auto bytes = beside(element); !bytes.is_null())
            added.emplace_back(key + suffix, std::move(bytes));
    }
    for (auto& [key, bytes] : added)
        value[key] = std::move(bytes);
}

}  // namespace

std::string json_text(json value, int indent) {
    add_bytes(value);
    return value.dump(indent, ' ', true, json::error_handler_t::replace);
}

}  // namespace instdrv
