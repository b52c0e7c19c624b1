// Finds out what a driver file is and needs, without running any of it.
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parser/parser.hpp"

namespace instdrv::cli {

enum class Provision {
    provided,  // by us, or by a DLL beside the driver
    partial,   // works, but for what the note names
    stub,      // answers the documented failure, which the note names
    missing,   // nobody has it: calling it ends the driver's call with an error
};
std::string_view name_of(Provision provision) noexcept;

struct ImportedFunction {
    std::string name;  // "HeapAlloc", "#12"
    Provision provision = Provision::missing;
    std::string note;
};

struct ImportedLibrary {
    std::string name;
    std::string provider;  // "instdrv", a file beside the driver, "the dynamic linker", or empty
    bool delayed = false;
    std::vector<ImportedFunction> functions;  // ELF does not say which are whose: none
    [[nodiscard]] std::size_t count(Provision provision) const noexcept;
};

struct Inspection {
    std::filesystem::path file;
    std::string kind;  // "PE32+ x86-64"
    std::string machine;
    // Why the file cannot be opened as a driver; empty when it can.
    std::string obstacle;
    std::vector<std::string> warnings;
    std::vector<std::pair<std::string, std::string>> version;  // "FileDescription" and its like
    std::vector<parser::Export> exports;
    std::vector<ImportedLibrary> imports;
};

// Fails for a file that cannot be read or is no image at all. A table that is damaged is a warning,
// and the obstacle. The file and the DLLs beside it are read in the parser's process.
Result<Inspection> inspect_file(const std::filesystem::path& file, parser::Parser& parser);

}  // namespace instdrv::cli
