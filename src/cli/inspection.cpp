#include "cli/inspection.hpp"

#include <algorithm>

#include "base/fd.hpp"
#include "cli/inspection_parts.hpp"
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

void note_damage(Inspection& inspection, const Error& error) {
    inspection.warnings.push_back(error.cause);
    if (inspection.obstacle.empty()) inspection.obstacle = error.cause;
}

Result<Inspection> inspect_file(const std::filesystem::path& file) {
    const auto content = read_file(file);
    if (!content) return failure(content.error());
    const auto kind = image::probe(*content);
    if (!kind) {
        Error error = kind.error();
        error.operation = "inspect";
        error.driver = file.string();
        return failure(std::move(error));
    }
    Inspection inspection;
    inspection.file = std::filesystem::absolute(file);
    inspection.kind = image::name_of(*kind);
    const bool is_pe = *kind == image::Kind::pe64 || *kind == image::Kind::pe32;
    (is_pe ? inspect_pe : inspect_elf)(*content, *kind, inspection);
    return inspection;
}

}  // namespace instdrv::cli
