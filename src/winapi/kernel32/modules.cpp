// https://learn.microsoft.com/windows/win32/dlls/dynamic-link-library-functions
#include <map>
#include <mutex>

#include "winapi/exports/export.hpp"
#include "winapi/files/paths.hpp"
#include "winapi/process/driver_thread.hpp"
#include "winapi/process/modules.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD GET_MODULE_HANDLE_EX_FLAG_PIN = 1;
constexpr DWORD GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT = 2;
constexpr DWORD GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS = 4;
constexpr DWORD LOAD_LIBRARY_AS_DATA = 0x2 | 0x20 | 0x40;  // datafile, image resource, exclusive

pe::Loader& loader() { return Process::instance().loader(); }

// The references that drivers took. FreeLibrary gives back those alone: what the host holds is not
// for a driver to release.
class DriverReferences {
public:
    void add(pe::LoadedImage* image) {
        const std::lock_guard lock(mutex_);
        ++counts_[image];
    }
    bool remove(pe::LoadedImage* image) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(image);
        if (found == counts_.end()) return false;
        if (--found->second == 0) counts_.erase(found);
        return true;
    }

private:
    std::mutex mutex_;
    std::map<pe::LoadedImage*, std::size_t> counts_;
};

DriverReferences& driver_references() {
    static auto* const references = new DriverReferences;  // outlives the threads of drivers
    return *references;
}

DWORD windows_code(const Error& error) {
    switch (error.code) {
        case ErrorCode::bad_image:
        case ErrorCode::wrong_machine: return ERROR_BAD_EXE_FORMAT;
        case ErrorCode::broken:
        case ErrorCode::missing_import: return ERROR_DLL_INIT_FAILED;
        case ErrorCode::out_of_memory: return ERROR_NOT_ENOUGH_MEMORY;
        default: return ERROR_MOD_NOT_FOUND;
    }
}

HMODULE load_file(const std::filesystem::path& file) {
    const auto image = loader().load(file);
    if (!image) return fail(windows_code(image.error()), HMODULE{nullptr});
    driver_references().add(*image);
    return reinterpret_cast<HMODULE>((*image)->base());
}

// The file of a DLL that a driver names. Code comes from the driver's own folder alone, so that
// nothing a driver wrote is ever run.
WinResult<std::filesystem::path> library_file(std::string name) {
    const auto slash = name.find_last_of("\\/");
    const std::string_view base = slash == std::string::npos
                                      ? std::string_view(name)
                                      : std::string_view(name).substr(slash + 1);
    if (base.find('.') == std::string_view::npos) name += ".dll";
    if (slash == std::string::npos) name = "C:\\windows\\system32\\" + name;
    const auto place = locate(name);
    if (!place || !place->exists || place->writable) return tl::unexpected(ERROR_MOD_NOT_FOUND);
    return place->path;
}

HMODULE load_library(const std::string& name) {
    if (name.empty()) return fail(ERROR_INVALID_PARAMETER, HMODULE{nullptr});
    HMODULE const loaded = find_module(name);
    if (loaded != nullptr) {
        const pe::LoadedImage* const image = loader().find_by_base(loaded);
        return image == nullptr ? loaded : load_file(image->file());
    }
    const auto file = library_file(name);
    return file ? load_file(*file) : fail(file.error(), HMODULE{nullptr});
}

template <class Character>
HMODULE LoadLibrary(const Character* name) {
    return load_library(to_utf8_text(name));
}
WINAPI_EXPORT_AS("LoadLibraryA", in_kernel32, LoadLibrary<char>, Coverage::partial,
                 "loads code from the driver's own folder only");
WINAPI_EXPORT_AS("LoadLibraryW", in_kernel32, LoadLibrary<WCHAR>, Coverage::partial,
                 "loads code from the driver's own folder only");

template <class Character>
HMODULE LoadLibraryEx(const Character* name, HANDLE, DWORD flags) {
    if ((flags & LOAD_LIBRARY_AS_DATA) != 0) return fail(ERROR_NOT_SUPPORTED, HMODULE{nullptr});
    return load_library(to_utf8_text(name));
}
WINAPI_EXPORT_AS("LoadLibraryExA", in_kernel32, LoadLibraryEx<char>, Coverage::partial,
                 "loads code from the driver's own folder only, never as a data file");
WINAPI_EXPORT_AS("LoadLibraryExW", in_kernel32, LoadLibraryEx<WCHAR>, Coverage::partial,
                 "loads code from the driver's own folder only, never as a data file");

BOOL FreeLibrary(HMODULE module) {
    if (module == main_module() || dll_of(module) != nullptr) return TRUE;
    pe::LoadedImage* const image = loader().find_by_base(module);
    if (image == nullptr) return fail(ERROR_MOD_NOT_FOUND, FALSE);
    if (driver_references().remove(image)) loader().release(image);
    return TRUE;
}
WINAPI_EXPORT(FreeLibrary, in_kernel32);

[[noreturn]] void FreeLibraryAndExitThread(HMODULE module, DWORD code) {
    FreeLibrary(module);
    exit_driver_thread(code);
}
WINAPI_EXPORT(FreeLibraryAndExitThread, in_kernel32, Coverage::partial,
              "runs on inside the library until the thread ends");

HMODULE module_at(const void* address) {
    if (const pe::LoadedImage* const image = loader().find_by_address(address)) {
        return reinterpret_cast<HMODULE>(image->base());
    }
    for (const Dll& dll : all_dlls()) {
        for (const Export& entry : dll.exports()) {
            if (entry.address == address) return handle_of(dll);
        }
    }
    return nullptr;
}

template <class Character>
HMODULE GetModuleHandle(const Character* name) {
    if (name == nullptr) return main_module();
    HMODULE const module = find_module(to_utf8_text(name));
    return module != nullptr ? module : fail(ERROR_MOD_NOT_FOUND, HMODULE{nullptr});
}
WINAPI_EXPORT_AS("GetModuleHandleA", in_kernel32, GetModuleHandle<char>);
WINAPI_EXPORT_AS("GetModuleHandleW", in_kernel32, GetModuleHandle<WCHAR>);

template <class Character>
BOOL GetModuleHandleEx(DWORD flags, const Character* name, HMODULE* module) {
    constexpr DWORD counted =
        GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (module == nullptr || (flags & counted) == counted) {
        return fail(ERROR_INVALID_PARAMETER, FALSE);
    }
    const bool by_address = (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS) != 0;
    *module = by_address ? module_at(name) : GetModuleHandle<Character>(name);
    if (*module == nullptr) return fail(ERROR_MOD_NOT_FOUND, FALSE);
    if ((flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT) != 0) return TRUE;
    const pe::LoadedImage* const image = loader().find_by_base(*module);
    if (image == nullptr) return TRUE;
    if ((flags & GET_MODULE_HANDLE_EX_FLAG_PIN) != 0) {
        return loader().load(image->file()) ? TRUE : FALSE;  // never given back
    }
    return load_file(image->file()) != nullptr ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("GetModuleHandleExA", in_kernel32, GetModuleHandleEx<char>);
WINAPI_EXPORT_AS("GetModuleHandleExW", in_kernel32, GetModuleHandleEx<WCHAR>);

template <class Character>
DWORD GetModuleFileName(HMODULE module, Character* buffer, DWORD size) {
    const std::u16string path = path_of(module == nullptr ? main_module() : module);
    if (path.empty()) return fail(ERROR_MOD_NOT_FOUND, DWORD{0});
    const auto text = in_face<Character>(std::u16string_view(path));
    return give_text_cut(std::basic_string_view<Character>(text), buffer, size);
}
WINAPI_EXPORT_AS("GetModuleFileNameA", in_kernel32, GetModuleFileName<char>);
WINAPI_EXPORT_AS("GetModuleFileNameW", in_kernel32, GetModuleFileName<WCHAR>);

const void* GetProcAddress(HMODULE module, const char* name) {
    const auto number = reinterpret_cast<std::uintptr_t>(name);
    const pe::Symbol symbol =
        number <= 0xFFFF ? pe::Symbol{{}, static_cast<std::uint16_t>(number)} : pe::Symbol{name, 0};
    const void* const address = find_symbol(module == nullptr ? main_module() : module, symbol);
    return address != nullptr ? address : fail(ERROR_PROC_NOT_FOUND, nullptr);
}
WINAPI_EXPORT(GetProcAddress, in_kernel32);

BOOL DisableThreadLibraryCalls(HMODULE module) {
    pe::LoadedImage* const image = loader().find_by_base(module);
    if (image == nullptr) return fail(ERROR_MOD_NOT_FOUND, FALSE);
    image->disable_thread_calls();
    return TRUE;
}
WINAPI_EXPORT(DisableThreadLibraryCalls, in_kernel32);

template <class Character>
BOOL SetDllDirectory(const Character*) {
    return fail(ERROR_ACCESS_DENIED, FALSE);
}
WINAPI_EXPORT_AS("SetDllDirectoryA", in_kernel32, SetDllDirectory<char>, Coverage::stub,
                 "ERROR_ACCESS_DENIED");
WINAPI_EXPORT_AS("SetDllDirectoryW", in_kernel32, SetDllDirectory<WCHAR>, Coverage::stub,
                 "ERROR_ACCESS_DENIED");

BOOL SetDefaultDllDirectories(DWORD) { return TRUE; }
WINAPI_EXPORT(SetDefaultDllDirectories, in_kernel32, Coverage::partial, "accepted without effect");

}  // namespace

}  // namespace instdrv::winapi::kernel32
