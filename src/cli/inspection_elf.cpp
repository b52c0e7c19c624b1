#include "cli/inspection_parts.hpp"
#include "image/elf/driver.hpp"

namespace instdrv::cli {

void inspect_elf(image::Bytes file, Inspection& inspection) {
    inspection.machine = inspection.kind.substr(inspection.kind.find(' ') + 1);
    if (const auto driver = elf::validate_driver(file); !driver) {
        inspection.obstacle = driver.error().cause;
    }
}

}  // namespace instdrv::cli
