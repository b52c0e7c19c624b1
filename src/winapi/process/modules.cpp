#include "winapi/process/modules.hpp"

#include <cstdlib>
#include <cstring>

#include <sys/mman.h>

#include "base/text.hpp"
#include "winapi/process/process.hpp"
#include "winapi/process/windows_version.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::size_t page = 4096;

// The least that is an image: the DOS header's mark and offset, the PE mark, the file header and
// the optional header's first fields. https://learn.microsoft.com/windows/win32/debug/pe-format
void write_headers(std::byte* at, bool is_dll) {
    const auto put = [&](std::size_t offset, auto value) {
        std::memcpy(at + offset, &value, sizeof value);
    };
    constexpr std::uint32_t pe_offset = 0x40;
    constexpr std::uint16_t optional_header_size = sizeof(void*) == 8 ? 240 : 224;
    put(0, std::uint16_t{0x5A4D});
    put(0x3C, pe_offset);
    put(pe_offset, std::uint32_t{0x00004550});
    put(pe_offset + 4, static_cast<std::uint16_t>(sizeof(void*) == 8 ? 0x8664 : 0x014C));
    put(pe_offset + 20, optional_header_size);
    put(pe_offset + 22, static_cast<std::uint16_t>(is_dll ? 0x2022 : 0x0022));
    constexpr std::size_t optional = pe_offset + 24;
    put(optional, static_cast<std::uint16_t>(sizeof(void*) == 8 ? 0x20B : 0x10B));
    put(optional + (sizeof(void*) == 8 ? 24 : 28), reinterpret_cast<std::uintptr_t>(at));
    put(optional + 32, static_cast<std::uint32_t>(page));
    put(optional + 36, std::uint32_t{512});
    put(optional + 40, static_cast<std::uint16_t>(windows_major_version));
    put(optional + 48, static_cast<std::uint16_t>(windows_major_version));
    put(optional + 56, static_cast<std::uint32_t>(page));
    put(optional + 60, static_cast<std::uint32_t>(page));
    put(optional + 68, std::uint16_t{2});
}

// The pages: the program's first, then one for each DLL in the order of all_dlls().
std::byte* pages() {
    static std::byte* const first = [] {
        const std::size_t count = 1 + all_dlls().size();
        void* const memory = ::mmap(nullptr, count * page, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) std::abort();
        auto* const bytes = static_cast<std::byte*>(memory);
        for (std::size_t i = 0; i < count; ++i)
            write_headers(bytes + i * page, i != 0);
        ::mprotect(memory, count * page, PROT_READ);
        return bytes;
    }();
    return first;
}

// "C:\Windows\System32\KERNEL32" and "kernel32.dll " mean the same module.
std::string base_name(std::string_view name) {
    const auto slash = name.find_last_of("\\/");
    return std::string(trim(slash == std::string_view::npos ? name : name.substr(slash + 1)));
}

std::u16string in_system_folder(std::string_view file) {
    return u"C:\\windows\\system32\\" + to_utf16(file);
}

}  // namespace

HMODULE main_module() { return reinterpret_cast<HMODULE>(pages()); }

HMODULE handle_of(const Dll& dll) {
    const auto dlls = all_dlls();
    for (std::size_t i = 0; i < dlls.size(); ++i) {
        if (dlls[i].name == dll.name) return reinterpret_cast<HMODULE>(pages() + (i + 1) * page);
    }
    return nullptr;
}

const Dll* dll_of(HMODULE module) {
    const auto offset =
        reinterpret_cast<std::uintptr_t>(module) - reinterpret_cast<std::uintptr_t>(pages());
    const auto dlls = all_dlls();
    if (offset % page != 0 || offset == 0 || offset / page > dlls.size()) return nullptr;
    return &dlls[offset / page - 1];
}

HMODULE find_module(std::string_view name) {
    const std::string file = base_name(name);
    if (const Dll* const dll = find_dll(file)) return handle_of(*dll);
    if (equals_ignoring_case(file, "instdrv.exe")) return main_module();
    pe::LoadedImage* const image = Process::instance().loader().find_by_name(file);
    return image == nullptr ? nullptr : reinterpret_cast<HMODULE>(image->base());
}

std::u16string path_of(HMODULE module) {
    if (module == main_module()) return std::u16string(main_module_path);
    if (const Dll* const dll = dll_of(module)) return in_system_folder(dll->name);
    const pe::LoadedImage* const image = Process::instance().loader().find_by_base(module);
    return image == nullptr ? std::u16string{}
                            : in_system_folder(image->file().filename().string());
}

const void* find_symbol(HMODULE module, const pe::Symbol& symbol) {
    if (const Dll* const dll = dll_of(module)) return import_from(*dll, symbol);
    pe::LoadedImage* const image = Process::instance().loader().find_by_base(module);
    return image == nullptr ? nullptr : image->find_export(symbol);
}

}  // namespace instdrv::winapi
