#include "image/elf/driver.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <dlfcn.h>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "image/bad_image.hpp"
#include "image/elf/shared_object.hpp"
#include "image/probe.hpp"

namespace instdrv::elf {

using image::bad_image;

namespace {

constexpr const char* entry_point = "DriverProc";

tl::unexpected<Error> no_entry_point(const SharedObject& object) {
    const bool mangled = std::any_of(
        object.exports.begin(), object.exports.end(),
        [](const ExportedSymbol& symbol) { return symbol.name.starts_with("_Z10DriverProc"); });
    return bad_image("it exports no DriverProc: it is no installable driver",
                     mangled ? "Its DriverProc has a C++ name: declare it extern \"C\"" : "");
}

// Turns what dlerror says, "FILE: REASON", into a cause.
Error explain(std::string_view text) {
    constexpr std::string_view no_file = ": cannot open shared object file";
    constexpr std::string_view undefined = "undefined symbol: ";
    Error error{.code = ErrorCode::missing_import};
    if (const auto end = text.find(no_file); end != std::string_view::npos) {
        error.cause =
            fmt::format("it needs the library {}, which cannot be opened", text.substr(0, end));
        error.advice = "Install the library or put its folder into LD_LIBRARY_PATH";
    } else if (const auto at = text.find(undefined); at != std::string_view::npos) {
        error.cause = fmt::format("it uses {}, which no library that it names provides",
                                  text.substr(at + undefined.size()));
    } else {
        error.code = ErrorCode::bad_image;
        error.cause = fmt::format("the dynamic linker refuses it: {}", text);
    }
    return error;
}

tl::unexpected<Error> cannot_load(const std::filesystem::path& file, Error error) {
    error.operation = "load";
    error.driver = file.string();
    return failure(std::move(error));
}

}  // namespace

Status validate_driver(std::span<const std::byte> file, image::Kind kind) {
    const auto found = image::probe(file);
    if (!found) return failure(found.error());
    if (*found != kind) return image::wrong_machine(name_of(*found), name_of(kind));
    const auto object = parse_shared_object(file);
    if (!object) return failure(object.error());
    const ExportedSymbol* symbol = object->find(entry_point);
    if (symbol == nullptr) return no_entry_point(*object);
    if (!symbol->is_code) return bad_image("its DriverProc is not code");
    return {};
}

Result<Library> Library::open(const std::filesystem::path& file) {
    const auto content = read_file(file);
    if (!content) return failure(content.error());
    if (auto status = validate_driver(*content); !status) return cannot_load(file, status.error());

    // A name without a slash would be looked for on the library search path.
    std::error_code unknown_folder;
    const auto path = std::filesystem::absolute(file, unknown_folder);
    Library library;
    library.handle_.reset(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (!library.handle_) return cannot_load(file, explain(::dlerror()));
    library.driver_proc_ = reinterpret_cast<DRIVERPROC>(::dlsym(library.handle(), entry_point));
    if (library.driver_proc_ == nullptr) return cannot_load(file, explain(::dlerror()));
    return library;
}

void Library::Close::operator()(void* handle) const noexcept { ::dlclose(handle); }

}  // namespace instdrv::elf
