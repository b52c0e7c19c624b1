// The memory of one mapped image: reserved, filled from the file, relocated, protected, unmapped.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <span>
#include <vector>

#include "image/pe/image_view.hpp"
#include "image/pe/sections.hpp"

namespace instdrv::pe {

class Mapping {
public:
    // Maps a validated file at its preferred base where that is free, else anywhere, and relocates
    // it. All of it is readable and writable, and nothing executable, until `protect`.
    // Fails if there is no memory, or if the image has to move and cannot (relocations stripped).
    static Result<Mapping> map(const ImageView& file);
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&&) = delete;
    ~Mapping();

    [[nodiscard]] std::byte* base() const noexcept { return memory_.data(); }
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return memory_; }

    // Gives every section what it asks for, and headers and gaps reading alone. A section that asks
    // to be written and executed is executable and not writable: no page is ever both.
    Status protect(std::span<const Section> sections);

private:
    explicit Mapping(std::span<std::byte> memory) noexcept : memory_(memory) {}
    void set_leak_roots(bool wanted) noexcept;

    std::span<std::byte> memory_;
    std::vector<std::span<std::byte>> writable_;  // after protect
};

}  // namespace instdrv::pe
