// A test DLL's file with some of its fields changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace instdrv::test {

class PatchedFile {
public:
    explicit PatchedFile(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        content_.assign(std::istreambuf_iterator<char>(in), {});
    }

    [[nodiscard]] std::string_view content() const noexcept { return content_; }

    template <class T>
    [[nodiscard]] T get(std::size_t offset) const {
        T value{};
        content_.copy(reinterpret_cast<char*>(&value), sizeof value, offset);
        return value;
    }
    template <class T>
    void put(std::size_t offset, T value) {
        std::memcpy(&content_.at(offset + sizeof value - 1) - (sizeof value - 1), &value,
                    sizeof value);
    }

    // Offsets of fields.
    [[nodiscard]] std::size_t pe_header() const { return get<std::uint32_t>(0x3C); }
    [[nodiscard]] std::size_t characteristics() const { return pe_header() + 22; }
    [[nodiscard]] std::size_t directory(std::size_t index) const {
        constexpr std::uint16_t pe32_plus = 0x20B;
        const bool is_64 = get<std::uint16_t>(pe_header() + 24) == pe32_plus;
        return pe_header() + 24 + (is_64 ? 112 : 96) + index * 8;
    }

private:
    std::string content_;
};

}  // namespace instdrv::test
