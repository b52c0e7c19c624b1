// Resources of loaded images. An HRSRC is the address of the resource's data entry in the image.
// https://learn.microsoft.com/windows/win32/menurc/resource-functions
#include <cstring>

#include "image/pe/resources.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/modules.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

struct DataEntry {  // IMAGE_RESOURCE_DATA_ENTRY
    DWORD rva;
    DWORD size;
    DWORD code_page;
    DWORD reserved;
};

// A number stands for itself, also when written "#16".
template <class Character>
pe::ResourceId resource_id(const Character* name) {
    const auto number = reinterpret_cast<std::uintptr_t>(name);
    if (number <= 0xFFFF) return static_cast<std::uint16_t>(number);
    const std::u16string text = to_wide_text(name);
    if (text.size() < 2 || text[0] != u'#') return text;
    unsigned value = 0;
    for (const char16_t c : std::u16string_view(text).substr(1)) {
        if (c < u'0' || c > u'9' || value > 0xFFFF) return text;
        value = value * 10 + (c - u'0');
    }
    return static_cast<std::uint16_t>(value);
}

pe::LoadedImage* image_of(const void* module) {
    return Process::instance().loader().find_by_base(module);
}

const void* find(HMODULE module, const pe::ResourceId& type, const pe::ResourceId& name,
                 std::optional<std::uint16_t> language) {
    const pe::LoadedImage* const image = image_of(module);
    if (image == nullptr) return fail(ERROR_RESOURCE_DATA_NOT_FOUND, nullptr);
    const auto table = pe::ResourceTable::parse(image->view());
    if (!table) return fail(ERROR_INVALID_DATA, nullptr);
    const pe::Resource* const found = table->find(type, name, language);
    if (found != nullptr) return image->base() + found->entry;
    return fail(
        table->has_type(type) ? ERROR_RESOURCE_NAME_NOT_FOUND : ERROR_RESOURCE_TYPE_NOT_FOUND,
        nullptr);
}

template <class Character>
const void* FindResource(HMODULE module, const Character* name, const Character* type) {
    return find(module, resource_id(type), resource_id(name), std::nullopt);
}
WINAPI_EXPORT_AS("FindResourceA", in_kernel32, FindResource<char>);
WINAPI_EXPORT_AS("FindResourceW", in_kernel32, FindResource<WCHAR>);

// Language 0 (neutral) leaves the choice to the system.
template <class Character>
const void* FindResourceEx(HMODULE module, const Character* type, const Character* name,
                           WORD language) {
    return find(module, resource_id(type), resource_id(name),
                language == 0 ? std::nullopt : std::optional(language));
}
WINAPI_EXPORT_AS("FindResourceExA", in_kernel32, FindResourceEx<char>);
WINAPI_EXPORT_AS("FindResourceExW", in_kernel32, FindResourceEx<WCHAR>);

// Nothing: `resource` is not the address of an entry whose data lies in its image.
std::optional<DataEntry> read_entry(const void* resource) {
    const pe::LoadedImage* const image = Process::instance().loader().find_by_address(resource);
    if (image == nullptr) return std::nullopt;
    const auto offset =
        static_cast<std::size_t>(static_cast<const std::byte*>(resource) - image->base());
    if (image->size() - offset < sizeof(DataEntry)) return std::nullopt;
    DataEntry entry{};
    std::memcpy(&entry, resource, sizeof entry);
    const bool inside = entry.rva <= image->size() && entry.size <= image->size() - entry.rva;
    return inside ? std::optional(entry) : std::nullopt;
}

void* LoadResource(HMODULE, const void* resource) {
    const auto entry = read_entry(resource);
    if (!entry) return fail(ERROR_INVALID_PARAMETER, nullptr);
    return Process::instance().loader().find_by_address(resource)->base() + entry->rva;
}
WINAPI_EXPORT(LoadResource, in_kernel32);

void* LockResource(void* data) { return data; }
WINAPI_EXPORT(LockResource, in_kernel32);

BOOL FreeResource(void*) { return FALSE; }
WINAPI_EXPORT(FreeResource, in_kernel32);

DWORD SizeofResource(HMODULE, const void* resource) {
    const auto entry = read_entry(resource);
    return entry ? entry->size : fail(ERROR_INVALID_PARAMETER, DWORD{0});
}
WINAPI_EXPORT(SizeofResource, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
