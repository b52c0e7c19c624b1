#include "cli/inspection.hpp"

#include <algorithm>
#include <utility>

#include "cli/inspection_imports.hpp"
#include "cli/machine.hpp"
#include "image/probe.hpp"

namespace instdrv::cli {

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
