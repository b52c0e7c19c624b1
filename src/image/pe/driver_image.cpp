#include "image/pe/driver_image.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/imports.hpp"
#include "image/pe/relocations.hpp"
#include "image/pe/tls.hpp"
#include "image/pe/unwind_data.hpp"
#include "image/probe.hpp"

namespace instdrv::pe {

using image::bad_image;

namespace {

constexpr std::string_view entry_point = "DriverProc";
constexpr const char* name_a_driver = "Name the driver's DLL";

Status check_kind(Bytes file) {
    const auto kind = image::probe(file);
    if (!kind) return failure(kind.error());
    if (*kind == image::Kind::elf64 || *kind == image::Kind::elf32) {
        return bad_image("this is a native shared object or program (ELF), not a Windows DLL");
    }
    return {};
}

Status check_purpose(const Headers& headers, Machine machine) {
    if (headers.machine != machine) {
        return image::wrong_machine(name_of(headers.machine), name_of(machine));
    }
    if (!headers.is_dll()) return bad_image("it is a program (EXE), not a DLL", name_a_driver);
    if (headers.directory(Directory::clr).size != 0) {
        return bad_image("it is managed (.NET) code, which no driver host runs", name_a_driver);
    }
    return {};
}

template <class T>
Status drop_value(Result<T> result) {
    if (!result) return failure(std::move(result.error()));
    return {};
}

Status check_tables(const ImageView& view) {
    auto status = drop_value(parse_relocations(view));
    if (status) status = drop_value(parse_imports(view));
    if (status) status = drop_value(parse_delay_imports(view));
    if (status) status = drop_value(ExportTable::parse(view));
    if (status) status = drop_value(parse_tls(view));
    if (status) status = validate_unwind_data(view);
    return status;
}

// A 32-bit compiler decorates the name where no .def file says otherwise.
tl::unexpected<Error> no_entry_point(const ExportTable& exports) {
    for (const Export& entry : exports.entries()) {
        if (entry.name.find(entry_point) == std::string_view::npos) continue;
        return bad_image(fmt::format("it exports its DriverProc as {}", entry.name),
                         "Export it by its plain name, with a .def file");
    }
    return bad_image("it exports no DriverProc: it is no installable driver");
}

}  // namespace

Result<ImageView> validate_dll(Bytes file, Machine machine) {
    if (auto status = check_kind(file); !status) return failure(std::move(status.error()));
    auto view = ImageView::of_file(file);
    if (!view) return view;
    auto status = check_purpose(view->headers(), machine);
    if (status) status = check_tables(*view);
    if (!status) return failure(std::move(status.error()));
    return view;
}

Result<ImageView> validate_driver(Bytes file, Machine machine) {
    auto view = validate_dll(file, machine);
    if (!view) return view;
    const auto exports = ExportTable::parse(*view);
    const Export* entry = exports->find({.name = entry_point});
    if (entry == nullptr) return no_entry_point(*exports);
    const Section* section = view->section_at(entry->rva);
    if (entry->forwarder.empty() && (section == nullptr || !section->protection().execute)) {
        return bad_image("its DriverProc is not code");
    }
    return view;
}

}  // namespace instdrv::pe
