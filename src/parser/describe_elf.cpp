#include "image/elf/driver.hpp"
#include "image/elf/shared_object.hpp"
#include "parser/describe_parts.hpp"

namespace instdrv::parser {

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

}  // namespace instdrv::parser
