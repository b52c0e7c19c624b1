#include "parser/describe.hpp"

#include "image/probe.hpp"
#include "parser/describe_parts.hpp"

namespace instdrv::parser {

void note_damage(DriverFile& file, const Error& error) {
    file.warnings.push_back(error.cause);
    if (file.obstacle.empty()) file.obstacle = error.cause;
}

Result<DriverFile> describe_driver(image::Bytes bytes) {
    const auto kind = image::probe(bytes);
    if (!kind) return failure(kind.error());
    DriverFile file{.kind = *kind};
    const bool is_pe = *kind == image::Kind::pe64 || *kind == image::Kind::pe32;
    (is_pe ? describe_pe : describe_elf)(bytes, file);
    return file;
}

}  // namespace instdrv::parser
