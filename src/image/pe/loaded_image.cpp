#include "image/pe/loaded_image.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/driver_image.hpp"
#include "image/pe/guarded_call.hpp"
#include "image/pe/imports.hpp"

namespace instdrv::pe {
namespace {

// Exports that forward to each other in a circle lead nowhere.
constexpr int max_forwards = 32;

}  // namespace

Result<std::unique_ptr<Image>> Image::map(std::filesystem::path file, Environment& environment) {
    const auto content = read_file(file);
    if (!content) return failure(content.error());
    const auto on_disk = validate_dll(*content);
    if (!on_disk) return failure(on_disk.error());
    auto mapping = Mapping::map(*on_disk);
    if (!mapping) return failure(std::move(mapping.error()));
    auto view =
        ImageView::of_mapped(mapping->bytes(), reinterpret_cast<std::uintptr_t>(mapping->base()));
    if (!view) return failure(std::move(view.error()));
    auto exports = ExportTable::parse(*view);
    if (!exports) return failure(std::move(exports.error()));
    auto tls = parse_tls(*view);
    if (!tls) return failure(std::move(tls.error()));
    return std::unique_ptr<Image>(new Image(std::move(file), environment, std::move(*mapping),
                                            std::move(*view), std::move(*exports),
                                            std::move(*tls)));
}

Image::Image(std::filesystem::path file, Environment& environment, Mapping mapping, ImageView view,
             ExportTable exports, std::optional<TlsDirectory> tls)
    : file_(std::move(file)),
      environment_(environment),
      mapping_(std::move(mapping)),
      view_(std::move(view)),
      exports_(std::move(exports)),
      tls_(std::move(tls)),
      missing_(file_.filename().string()) {}

Image::~Image() {
    if (tls_index_) environment_.remove_tls(*tls_index_);
}

Result<std::vector<std::string>> Image::wanted_dlls() const {
    const auto imports = parse_imports(view_);
    if (!imports) return failure(imports.error());
    const auto delayed = parse_delay_imports(view_);
    if (!delayed) return failure(delayed.error());
    std::vector<std::string> names;
    std::unordered_set<std::string> seen;
    const auto add = [&](std::string_view dll) {
        std::string name = normal_dll_name(dll);
        if (seen.insert(name).second) names.push_back(std::move(name));
    };
    for (const auto& dll : *imports)
        add(dll.name);
    for (const auto& dll : *delayed)
        add(dll.name);
    for (const Export& entry : exports_.entries()) {
        if (const auto target = parse_forwarder(entry.forwarder)) add(target->dll);
    }
    return names;
}

void Image::add_dependency(std::string dll, Image& image) {
    dependencies_.push_back({std::move(dll), &image});
}

Image* Image::dependency(std::string_view dll) const {
    const std::string name = normal_dll_name(dll);
    const auto found = std::find_if(dependencies_.begin(), dependencies_.end(),
                                    [&](const Dependency& each) { return each.dll == name; });
    return found == dependencies_.end() ? nullptr : found->image;
}

const void* Image::find_export(const Symbol& symbol, int depth) {
    const Export* const entry = exports_.find(symbol);
    if (entry == nullptr || depth > max_forwards) return nullptr;
    if (entry->forwarder.empty()) return base() + entry->rva;
    const auto target = parse_forwarder(entry->forwarder);
    if (!target) return nullptr;
    if (environment_.owns(target->dll)) {
        return environment_.find_export(target->dll, target->symbol);
    }
    Image* const image = dependency(target->dll);
    return image == nullptr ? nullptr : image->find_export(target->symbol, depth + 1);
}

Result<const void*> Image::resolve(std::string_view dll, const Symbol& symbol) {
    std::string name = describe(dll, symbol);
    const void* address = nullptr;
    if (environment_.owns(dll)) {
        address = environment_.find_export(dll, symbol);
    } else if (Image* const image = dependency(dll)) {
        address = image->find_export(symbol);
        const Export* const entry = image->exports_.find(symbol);
        if (entry != nullptr && !entry->forwarder.empty()) {
            name += fmt::format(" (which is {})", entry->forwarder);
        }
    }
    if (address != nullptr) return address;
    return missing_.thunk_for(name);
}

Status Image::bind_dll(std::string_view dll, std::span<const ImportedSymbol> symbols) {
    for (const ImportedSymbol& wanted : symbols) {
        const auto address = resolve(dll, wanted.symbol);
        if (!address) return failure(address.error());
        std::memcpy(base() + wanted.slot, &*address, sizeof *address);
    }
    return {};
}

Status Image::bind() {
    // Both tables are read before the first slot is filled in: slots may overlie lookup tables.
    const auto imports = parse_imports(view_);
    if (!imports) return failure(imports.error());
    const auto delayed = parse_delay_imports(view_);
    if (!delayed) return failure(delayed.error());
    for (const ImportedDll& dll : *imports) {
        if (auto status = bind_dll(dll.name, dll.symbols); !status) return status;
    }
    for (const DelayImportedDll& dll : *delayed) {
        if (auto status = bind_dll(dll.name, dll.symbols); !status) return status;
        Image* const image = dependency(dll.name);
        if (dll.module_slot == 0 || image == nullptr) continue;
        std::byte* const handle = image->base();
        std::memcpy(base() + dll.module_slot, &handle, sizeof handle);
    }
    reserve_tls();
    return mapping_.protect(view_.sections());
}

void Image::reserve_tls() {
    if (!tls_) return;
    tls_index_ = environment_.add_tls(tls_->make_template(mapping_.bytes()));
    std::memcpy(base() + tls_->index_slot, &*tls_index_, sizeof *tls_index_);
}

Status Image::attach() {
    const auto answer = call_entry_points(Reason::process_attach);
    if (answer && *answer) {
        state = State::attached;
        return {};
    }
    if (!answer) {
        Error error = answer.error();
        error.cause += ", in its DllMain";
        return failure(std::move(error));
    }
    // Windows calls a DllMain that refused once more, to let it clean up.
    static_cast<void>(call_entry_points(Reason::process_detach));
    return failure({.code = ErrorCode::refused_load,
                    .cause = "its DllMain refused DLL_PROCESS_ATTACH (it returned FALSE)"});
}

Status Image::detach() {
    state = State::detached;
    const auto called = call_entry_points(Reason::process_detach);
    if (!called) return failure(called.error());
    return {};
}

void Image::notify_thread(Reason reason) {
    if (wants_thread_calls_) static_cast<void>(call_entry_points(reason));
}

void Image::disable_thread_calls() noexcept {
    // As on Windows, a DLL with thread-local data cannot do without them.
    if (!tls_) wants_thread_calls_ = false;
}

Result<bool> Image::call_entry_points(Reason reason) {
    const auto call = [&](Rva function) {
        return guarded_call(base() + function, reinterpret_cast<Word>(base()),
                            static_cast<Word>(reason));
    };
    if (tls_) {
        for (const Rva callback : tls_->callbacks) {
            if (const auto result = call(callback); result.broken != nullptr) {
                return failure(*result.broken);
            }
        }
    }
    const Rva entry_point = view_.headers().entry_point;
    if (entry_point == 0) return true;
    const auto result = call(entry_point);
    if (result.broken != nullptr) return failure(*result.broken);
    return static_cast<std::uint32_t>(result.value) != 0;
}

std::string normal_dll_name(std::string_view name) {
    std::string normal = ascii_lower(name);
    if (normal.find('.') == std::string::npos) normal += ".dll";
    return normal;
}

}  // namespace instdrv::pe
