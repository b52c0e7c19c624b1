#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "cli/inspection_parts.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/driver_image.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/imports.hpp"
#include "image/pe/version_info.hpp"
#include "winapi/export_table.hpp"

namespace instdrv::cli {
namespace {

// A DLL that lies beside the driver, and what it exports.
class Neighbour {
public:
    static std::optional<Neighbour> find(const std::filesystem::path& folder,
                                         std::string_view dll) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
            const auto name = entry.path().filename().string();
            if (!equals_ignoring_case(name, dll)) continue;
            if (auto content = read_file(entry.path())) {
                return Neighbour(entry.path(), std::move(*content));
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    [[nodiscard]] bool exports(const pe::Symbol& symbol) const {
        return exports_ && exports_->find(symbol) != nullptr;
    }

private:
    Neighbour(std::filesystem::path file, std::vector<std::byte> content)
        : file_(std::move(file)), content_(std::move(content)) {
        const auto view = pe::ImageView::of_file(content_);
        if (!view) return;
        if (auto table = pe::ExportTable::parse(*view)) exports_ = std::move(*table);
    }

    std::filesystem::path file_;
    std::vector<std::byte> content_;  // the table's names lie in it
    std::optional<pe::ExportTable> exports_;
};

std::string shown_name(const pe::Symbol& symbol) {
    return symbol.name.empty() ? fmt::format("#{}", symbol.ordinal) : std::string(symbol.name);
}

ImportedFunction from_our_dll(const winapi::Dll& dll, const pe::Symbol& symbol) {
    ImportedFunction function{.name = shown_name(symbol), .note = {}};
    const auto* found = winapi::find_export(dll, symbol);
    if (found == nullptr) {
        function.note = "nobody provides it; calling it breaks the call off";
        return function;
    }
    switch (found->coverage) {
        case winapi::Coverage::done: function.provision = Provision::provided; break;
        case winapi::Coverage::partial: function.provision = Provision::partial; break;
        case winapi::Coverage::stub: function.provision = Provision::stub; break;
    }
    function.note = found->note;
    return function;
}

ImportedFunction from_neighbour(const Neighbour& neighbour, const pe::Symbol& symbol) {
    ImportedFunction function{.name = shown_name(symbol), .note = {}};
    if (neighbour.exports(symbol)) {
        function.provision = Provision::provided;
    } else {
        function.note = fmt::format("{} does not export it", neighbour.file().filename().string());
    }
    return function;
}

ImportedLibrary resolved(std::string_view dll, const std::vector<pe::ImportedSymbol>& symbols,
                         const std::filesystem::path& folder) {
    ImportedLibrary library{.name = std::string(dll), .provider = {}, .functions = {}};
    if (const auto* ours = winapi::find_dll(dll)) {
        library.provider = "instdrv";
        for (const auto& [symbol, slot] : symbols) {
            library.functions.push_back(from_our_dll(*ours, symbol));
        }
    } else if (const auto neighbour = Neighbour::find(folder, dll)) {
        library.provider = neighbour->file().string();
        for (const auto& [symbol, slot] : symbols) {
            library.functions.push_back(from_neighbour(*neighbour, symbol));
        }
    } else {
        for (const auto& [symbol, slot] : symbols) {
            library.functions.push_back(
                {shown_name(symbol), Provision::missing, fmt::format("there is no {}", dll)});
        }
    }
    return library;
}

void add_imports(const pe::ImageView& view, Inspection& inspection) {
    const auto folder = inspection.file.parent_path();
    if (const auto imports = pe::parse_imports(view)) {
        for (const auto& dll : *imports) {
            inspection.imports.push_back(resolved(dll.name, dll.symbols, folder));
        }
    } else {
        note_damage(inspection, imports.error());
    }
    if (const auto imports = pe::parse_delay_imports(view)) {
        for (const auto& dll : *imports) {
            inspection.imports.push_back(resolved(dll.name, dll.symbols, folder));
            inspection.imports.back().delayed = true;
        }
    } else {
        note_damage(inspection, imports.error());
    }
}

void add_exports(const pe::ImageView& view, Inspection& inspection) {
    const auto table = pe::ExportTable::parse(view);
    if (!table) return note_damage(inspection, table.error());
    for (const auto& entry : table->entries()) {
        inspection.exports.push_back(
            {std::string(entry.name), entry.ordinal, std::string(entry.forwarder)});
    }
}

// The four-part number, where no text of the same name says it already.
void add_number(Inspection& inspection, const char* name,
                const std::array<std::uint16_t, 4>& number) {
    const auto same = [&](const auto& pair) { return pair.first == name; };
    auto& version = inspection.version;
    if (std::any_of(version.begin(), version.end(), same)) return;
    version.emplace_back(name, fmt::format("{}", fmt::join(number, ".")));
}

void add_version(const pe::ImageView& view, Inspection& inspection) {
    const auto resources = pe::ResourceTable::parse(view);
    const auto info = resources.and_then(pe::find_version_info);
    if (!info) {  // a driver may never touch its resources: no obstacle
        inspection.warnings.push_back(info.error().cause);
        return;
    }
    if (!*info) return;
    if (!(*info)->string_tables.empty())
        inspection.version = (*info)->string_tables.front().strings;
    add_number(inspection, "FileVersion", (*info)->file_version);
    add_number(inspection, "ProductVersion", (*info)->product_version);
}

void add_warnings(const pe::ImageView& view, Inspection& inspection) {
    for (const auto& section : view.sections()) {
        if (section.wants_write_and_execute()) {
            inspection.warnings.push_back(fmt::format(
                "section {} asks to be writable and executable at once; it is mapped without write",
                section.name));
        }
    }
    if (view.headers().relocations_stripped()) {
        inspection.warnings.push_back(fmt::format("it has no relocations and runs only at {}",
                                                  hex(view.headers().image_base)));
    }
}

}  // namespace

void inspect_pe(image::Bytes file, image::Kind kind, Inspection& inspection) {
    const auto machine = kind == image::Kind::pe64 ? pe::Machine::x86_64 : pe::Machine::x86;
    if (const auto driver = pe::validate_driver(file, machine); !driver) {
        inspection.obstacle = driver.error().cause;
    }
    const auto view = pe::ImageView::of_file(file);
    if (!view) return note_damage(inspection, view.error());
    inspection.machine = pe::name_of(view->headers().machine);
    add_version(*view, inspection);
    add_exports(*view, inspection);
    add_imports(*view, inspection);
    add_warnings(*view, inspection);
}

}  // namespace instdrv::cli
