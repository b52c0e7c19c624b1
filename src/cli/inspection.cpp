#include "cli/inspection.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/machine.hpp"
#include "image/pe/headers.hpp"
#include "image/probe.hpp"
#include "winapi/exports/provided.hpp"

namespace instdrv::cli {
namespace {

std::string shown_name(const parser::ImportedFunction& function) {
    return function.name.empty() ? fmt::format("#{}", function.ordinal) : function.name;
}

// A DLL that lies beside the driver, and what it exports.
struct Neighbour {
    std::filesystem::path file;
    std::set<std::string, std::less<>> names;
    std::set<std::uint16_t> ordinals;

    [[nodiscard]] bool exports(const parser::ImportedFunction& function) const {
        return function.name.empty() ? ordinals.contains(function.ordinal)
                                     : names.contains(function.name);
    }
};

// The DLLs of a folder, each read once.
class Neighbours {
public:
    Neighbours(std::filesystem::path folder, parser::Parser& parser,
               std::vector<std::string>& warnings)
        : folder_(std::move(folder)), parser_(parser), warnings_(warnings) {}

    // Null: there is none.
    const Neighbour* find(std::string_view dll) {
        const auto [known, is_new] = found_.try_emplace(ascii_lower(dll));
        if (is_new) known->second = look_for(dll);
        return known->second ? &*known->second : nullptr;
    }

private:
    std::optional<Neighbour> look_for(std::string_view dll) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
            const auto name = entry.path().filename().string();
            if (!equals_ignoring_case(name, dll) || !entry.is_regular_file(error)) continue;
            return read(entry.path());
        }
        return std::nullopt;
    }

    Neighbour read(const std::filesystem::path& file) {
        Neighbour neighbour{.file = file, .names = {}, .ordinals = {}};
        auto parsed = parser_.describe(file);
        if (!parsed) {
            warnings_.push_back(fmt::format("{} beside it cannot be read: {}",
                                            file.filename().string(), parsed.error().cause));
            return neighbour;
        }
        for (auto& [name, ordinal, forwarder] : parsed->exports) {
            neighbour.ordinals.insert(ordinal);
            if (!name.empty()) neighbour.names.insert(std::move(name));
        }
        return neighbour;
    }

    std::filesystem::path folder_;
    parser::Parser& parser_;
    std::vector<std::string>& warnings_;
    std::map<std::string, std::optional<Neighbour>> found_;
};

ImportedFunction from_our_dll(const winapi::ProvidedDll& dll,
                              const parser::ImportedFunction& imported) {
    ImportedFunction function{.name = shown_name(imported), .note = {}};
    const auto* found =
        winapi::find_function(dll, {.name = imported.name, .ordinal = imported.ordinal});
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

ImportedFunction from_neighbour(const Neighbour& neighbour,
                                const parser::ImportedFunction& imported) {
    ImportedFunction function{.name = shown_name(imported), .note = {}};
    if (neighbour.exports(imported)) {
        function.provision = Provision::provided;
    } else {
        function.note = fmt::format("{} does not export it", neighbour.file.filename().string());
    }
    return function;
}

ImportedLibrary resolved(const parser::ImportedLibrary& imported, const winapi::Provided& provided,
                         Neighbours& neighbours) {
    ImportedLibrary library{
        .name = imported.name, .provider = {}, .delayed = imported.delayed, .functions = {}};
    const auto add_each = [&](const auto& provide) {
        for (const auto& function : imported.functions)
            library.functions.push_back(provide(function));
    };
    if (const auto* ours = winapi::find_dll(provided, imported.name)) {
        library.provider = "instdrv";
        add_each([&](const auto& function) { return from_our_dll(*ours, function); });
    } else if (const auto* neighbour = neighbours.find(imported.name)) {
        library.provider = neighbour->file.string();
        add_each([&](const auto& function) { return from_neighbour(*neighbour, function); });
    } else {
        add_each([&](const auto& function) {
            return ImportedFunction{shown_name(function), Provision::missing,
                                    fmt::format("there is no {}", imported.name)};
        });
    }
    return library;
}

// Adds the imports to the inspection of the file. The DLLs beside it are read by `parser`; one that
// cannot be read exports nothing, and is a warning.
void add_imports(const std::vector<parser::ImportedLibrary>& libraries, parser::Parser& parser,
                 Inspection& inspection) {
    Neighbours neighbours(inspection.file.parent_path(), parser, inspection.warnings);
    const auto& provided = inspection.machine == pe::name_of(pe::Machine::x86)
                               ? winapi::provided_on_i386()
                               : winapi::provided_here();
    for (const auto& library : libraries)
        inspection.imports.push_back(resolved(library, provided, neighbours));
}

}  // namespace

std::string_view name_of(Provision provision) noexcept {
    switch (provision) {
        case Provision::provided: return "provided";
        case Provision::partial: return "partial";
        case Provision::stub: return "stub";
        case Provision::missing: return "missing";
    }
    return "?";
}

std::size_t ImportedLibrary::count(Provision provision) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(functions.begin(), functions.end(),
                      [&](const auto& function) { return function.provision == provision; }));
}

Result<Inspection> inspect_file(const std::filesystem::path& file, parser::Parser& parser) {
    auto parsed = parser.describe(file);
    if (!parsed) {
        Error error = std::move(parsed.error());
        if (error.code != ErrorCode::io) error.operation = "inspect";
        return failure(std::move(error));
    }
    Inspection inspection{.file = std::filesystem::absolute(file),
                          .kind = std::string(image::name_of(parsed->kind)),
                          .machine = std::move(parsed->machine),
                          .obstacle = std::move(parsed->obstacle),
                          .warnings = std::move(parsed->warnings),
                          .version = std::move(parsed->version),
                          .exports = std::move(parsed->exports),
                          .imports = {}};
    if (inspection.obstacle.empty() && image::is_for_i386(parsed->kind) && !kernel_runs_i386())
        inspection.obstacle = no_i386;
    if (parsed->kind == image::Kind::pe64 || parsed->kind == image::Kind::pe32) {
        add_imports(parsed->libraries, parser, inspection);
        return inspection;
    }
    for (auto& library : parsed->libraries) {
        inspection.imports.push_back(
            {.name = std::move(library.name), .provider = "the dynamic linker", .functions = {}});
    }
    return inspection;
}

}  // namespace instdrv::cli
