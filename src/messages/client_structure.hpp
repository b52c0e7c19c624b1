// A structure in the memory of the client, read once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "messages/declaration.hpp"
#include "messages/layout.hpp"
#include "messages/memory.hpp"
#include "messages/rules.hpp"

namespace instdrv::messages {

class ClientStructure {
public:
    // `stated` is its size as the other parameter of the message says; without it the structure
    // says so itself or is whole. Errors: invalid_argument where memory cannot be read or where the
    // structure is shorter than it may be.
    static Result<ClientStructure> read(const Structure& structure, std::uint64_t address,
                                        std::optional<std::uint32_t> stated, unsigned pointer,
                                        const ClientMemory& client);

    [[nodiscard]] const Layout& layout() const noexcept { return layout_; }
    [[nodiscard]] bool natural() const noexcept { return natural_; }
    // Bytes of the structure that are there, at most all that is declared.
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    // Whether all of the field is there; of an array, whether its beginning is.
    [[nodiscard]] bool has(std::size_t index) const noexcept;
    [[nodiscard]] std::span<const std::byte> bytes_of(std::size_t index) const noexcept;
    // Numbers and pointers by field, with the sign of a pointer-sized number; 0 for what is not
    // there. Addresses have no sign.
    [[nodiscard]] std::uint64_t value(std::size_t index) const noexcept { return values_[index]; }
    [[nodiscard]] Siblings siblings() const noexcept { return {structure_->fields, values_}; }

private:
    ClientStructure(const Structure& structure, unsigned pointer) noexcept;
    Status read_size(std::optional<std::uint32_t> stated, std::uint64_t address,
                     const ClientMemory& client);
    void decode();

    const Structure* structure_;
    Layout layout_;
    bool natural_ = false;
    std::uint32_t size_ = 0;
    std::vector<std::byte> bytes_;  // always as long as the whole structure
    std::vector<std::uint64_t> values_;
};

}  // namespace instdrv::messages
