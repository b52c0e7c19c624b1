#include "cli/inspection_parts.hpp"
#include "image/elf/driver.hpp"
#include "image/elf/shared_object.hpp"

namespace instdrv::cli {

void inspect_elf(image::Bytes file, image::Kind kind, Inspection& inspection) {
    inspection.machine = inspection.kind.substr(inspection.kind.find(' ') + 1);
    if (const auto driver = elf::validate_driver(file, kind); !driver) {
        inspection.obstacle = driver.error().cause;
    }
    const auto object = elf::parse_shared_object(file);
    if (!object) return note_damage(inspection, object.error());
    for (const auto& symbol : object->exports) {
        inspection.exports.push_back({.name = std::string(symbol.name), .forwarder = {}});
    }
    for (const auto library : object->needed) {
        inspection.imports.push_back(
            {.name = std::string(library), .provider = "the dynamic linker", .functions = {}});
    }
}

}  // namespace instdrv::cli
