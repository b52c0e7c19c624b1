// The lines of exports (export.hpp) in a program for i386, read from its file: so they are known
// where no such program can run, as under a kernel without IA-32 emulation.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <filesystem>
#include <vector>

#include "winapi/exports/export.hpp"

namespace instdrv::winapi {

class LinesOfI386 {
public:
    // An Error where the file is no ELF program for i386 with such lines.
    static Result<LinesOfI386> read(const std::filesystem::path& file);

    // Their names and notes are in this object. An `address` is a number that tells functions from
    // each other, and cannot be called.
    [[nodiscard]] const std::vector<Export>& lines() const noexcept { return lines_; }

private:
    std::vector<std::byte> bytes_;  // of the file; moving them keeps them where they are
    std::vector<Export> lines_;
};

}  // namespace instdrv::winapi
