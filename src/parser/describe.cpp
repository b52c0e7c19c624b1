#include "parser/describe.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "image/elf/driver.hpp"
#include "image/elf/shared_object.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/driver_image.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/imports.hpp"
#include "image/pe/version_info.hpp"
#include "image/probe.hpp"

namespace instdrv::parser {
namespace {

// A part that could not be read: a warning, and the obstacle if there was none yet.
void note_damage(DriverFile& file, const Error& error) {
    file.warnings.push_back(error.cause);
    if (file.obstacle.empty()) file.obstacle = error.cause;
}

template <class Dlls>
void add_libraries(const Result<Dlls>& dlls, bool delayed, DriverFile& file) {
    if (!dlls) return note_damage(file, dlls.error());
    for (const auto& dll : *dlls) {
        ImportedLibrary library{.name = std::string(dll.name), .delayed = delayed, .functions = {}};
        for (const auto& [symbol, slot] : dll.symbols)
            library.functions.push_back({std::string(symbol.name), symbol.ordinal});
        file.libraries.push_back(std::move(library));
    }
}

void add_exports(const pe::ImageView& view, DriverFile& file) {
    const auto table = pe::ExportTable::parse(view);
    if (!table) return note_damage(file, table.error());
    for (const auto& entry : table->entries()) {
        file.exports.push_back(
            {std::string(entry.name), entry.ordinal, std::string(entry.forwarder)});
    }
}

// The four-part number, where no text of the same name says it already.
void add_number(DriverFile& file, const char* name, const std::array<std::uint16_t, 4>& number) {
    const auto same = [&](const auto& pair) { return pair.first == name; };
    auto& version = file.version;
    if (std::any_of(version.begin(), version.end(), same)) return;
    version.emplace_back(name, fmt::format("{}", fmt::join(number, ".")));
}

void add_version(const pe::ImageView& view, DriverFile& file) {
    const auto resources = pe::ResourceTable::parse(view);
    const auto info = resources.and_then(pe::find_version_info);
    if (!info) {  // a driver may never touch its resources: no obstacle
        file.warnings.push_back(info.error().cause);
        return;
    }
    if (!*info) return;
    if (!(*info)->string_tables.empty()) file.version = (*info)->string_tables.front().strings;
    add_number(file, "FileVersion", (*info)->file_version);
    add_number(file, "ProductVersion", (*info)->product_version);
}

void add_warnings(const pe::ImageView& view, DriverFile& file) {
    for (const auto& section : view.sections()) {
        if (section.wants_write_and_execute()) {
            file.warnings.push_back(fmt::format(
                "section {} asks to be writable and executable at once; it is mapped without write",
                section.name));
        }
    }
    if (view.headers().relocations_stripped()) {
        file.warnings.push_back(fmt::format("it has no relocations and runs only at {}",
                                            hex(view.headers().image_base)));
    }
}

void describe_pe(image::Bytes bytes, DriverFile& file) {
    const auto machine = file.kind == image::Kind::pe64 ? pe::Machine::x86_64 : pe::Machine::x86;
    if (const auto driver = pe::validate_driver(bytes, machine); !driver) {
        file.obstacle = driver.error().cause;
    }
    const auto view = pe::ImageView::of_file(bytes);
    if (!view) return note_damage(file, view.error());
    file.machine = pe::name_of(view->headers().machine);
    add_version(*view, file);
    add_exports(*view, file);
    add_libraries(pe::parse_imports(*view), false, file);
    add_libraries(pe::parse_delay_imports(*view), true, file);
    add_warnings(*view, file);
}

void describe_elf(image::Bytes bytes, DriverFile& file) {
    file.machine = file.kind == image::Kind::elf64 ? "x86-64" : "i386";
    if (const auto driver = elf::validate_driver(bytes, file.kind); !driver) {
        file.obstacle = driver.error().cause;
    }
    const auto object = elf::parse_shared_object(bytes);
    if (!object) return note_damage(file, object.error());
    for (const auto& symbol : object->exports)
        file.exports.push_back({.name = std::string(symbol.name), .forwarder = {}});
    for (const auto library : object->needed)
        file.libraries.push_back({.name = std::string(library), .functions = {}});
}

}  // namespace

Result<DriverFile> describe_driver(image::Bytes bytes) {
    const auto kind = image::probe(bytes);
    if (!kind) return failure(kind.error());
    DriverFile file{.kind = *kind};
    const bool is_pe = *kind == image::Kind::pe64 || *kind == image::Kind::pe32;
    (is_pe ? describe_pe : describe_elf)(bytes, file);
    return file;
}

}  // namespace instdrv::parser
