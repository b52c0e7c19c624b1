// The description of a driver's file, as plain values that own what they hold. It is made in a
// parser process and sent to its caller.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "image/probe.hpp"

namespace instdrv::parser {

struct Export {
    std::string name;           // empty: by ordinal only
    std::uint16_t ordinal = 0;  // 0: ELF has none
    std::string forwarder;      // empty: not forwarded
};

struct ImportedFunction {
    std::string name;           // empty: by ordinal
    std::uint16_t ordinal = 0;  // 0: by name
};

struct ImportedLibrary {
    std::string name;
    bool delayed = false;
    std::vector<ImportedFunction> functions;  // ELF does not say which are whose: none
};

struct DriverFile {
    image::Kind kind = image::Kind::pe64;
    std::string machine;  // "x86-64"
    // Why the file cannot be opened as a driver; empty when it can. A machine of either size can.
    std::string obstacle;
    // Of tables that are damaged, which are empty below, and of what is out of the ordinary.
    std::vector<std::string> warnings;
    std::vector<std::pair<std::string, std::string>> version;  // "FileDescription" and its like
    std::vector<Export> exports;
    std::vector<ImportedLibrary> libraries;
};

}  // namespace instdrv::parser
