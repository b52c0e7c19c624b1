// Version information of files. The block that a driver gets is the file's VS_VERSIONINFO resource,
// and VerQueryValue walks in it. https://learn.microsoft.com/windows/win32/api/winver/
#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "image/pe/image_view.hpp"
#include "image/pe/resources.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/paths.hpp"
#include "winapi/process/modules.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"
#include "winapi/version/version_block.hpp"

namespace instdrv::winapi::version {
namespace {

using version::Block;
using Content = std::vector<std::byte>;

std::optional<Content> resource_of(const pe::ImageView& view) {
    const auto table = pe::ResourceTable::parse(view);
    if (!table) return std::nullopt;
    const auto* const found =
        table->find(pe::resource_type::version, pe::ResourceId(std::uint16_t{1}));
    if (found == nullptr) return std::nullopt;
    return Content(found->data.begin(), found->data.end());
}

WinResult<Content> read_all(const std::string& path) {
    const auto file = open_in_view(path, 0);
    if (!file) return tl::unexpected(file.error());
    struct stat status {};
    constexpr off_t largest = off_t{1} << 30;
    if (::fstat(file->get(), &status) != 0 || status.st_size > largest) {
        return tl::unexpected(ERROR_NOT_ENOUGH_MEMORY);
    }
    Content bytes(static_cast<std::size_t>(status.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto got = ::read(file->get(), bytes.data() + done, bytes.size() - done);
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

// A name without folder may be a loaded module's, as LoadLibrary would find it.
WinResult<Content> version_of(const std::string& name) {
    if (pe::LoadedImage* const image = Process::instance().loader().find_by_name(name)) {
        if (auto block = resource_of(image->view())) return std::move(*block);
        return tl::unexpected(ERROR_RESOURCE_TYPE_NOT_FOUND);
    }
    const bool is_path = name.find_first_of("\\/:") != std::string::npos;
    const auto file = read_all(is_path ? name : "C:\\windows\\system32\\" + name);
    if (!file) return tl::unexpected(file.error());
    const auto view = pe::ImageView::of_file(*file);
    auto block = view ? resource_of(*view) : std::nullopt;
    if (!block) return tl::unexpected(ERROR_RESOURCE_DATA_NOT_FOUND);
    return std::move(*block);
}

template <class Char>
DWORD size_of(const Char* name, DWORD* handle) {
    if (handle != nullptr) *handle = 0;
    const auto block = version_of(to_utf8_text(name));
    return block ? static_cast<DWORD>(block->size()) : fail(block.error(), DWORD{0});
}
WINAPI_EXPORT_AS("GetFileVersionInfoSizeA", in_version, size_of<char>);
WINAPI_EXPORT_AS("GetFileVersionInfoSizeW", in_version, size_of<WCHAR>);

template <class Char>
BOOL give(const Char* name, DWORD, DWORD room, void* data) {
    const auto block = version_of(to_utf8_text(name));
    if (!block) return fail(block.error(), FALSE);
    if (data == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    std::memcpy(data, block->data(), std::min<std::size_t>(room, block->size()));
    return TRUE;
}
WINAPI_EXPORT_AS("GetFileVersionInfoA", in_version, give<char>);
WINAPI_EXPORT_AS("GetFileVersionInfoW", in_version, give<WCHAR>);

template <class Char>
DWORD size_of_ex(DWORD, const Char* name, DWORD* handle) {
    return size_of(name, handle);
}
WINAPI_EXPORT_AS("GetFileVersionInfoSizeExA", in_version, size_of_ex<char>);
WINAPI_EXPORT_AS("GetFileVersionInfoSizeExW", in_version, size_of_ex<WCHAR>);

template <class Char>
BOOL give_ex(DWORD, const Char* name, DWORD handle, DWORD room, void* data) {
    return give(name, handle, room, data);
}
WINAPI_EXPORT_AS("GetFileVersionInfoExA", in_version, give_ex<char>);
WINAPI_EXPORT_AS("GetFileVersionInfoExW", in_version, give_ex<WCHAR>);

// The narrow form answers texts in a buffer of the thread's, valid until its next call.
const void* narrowed(const Block& block, UINT& size) {
    static thread_local std::string text;
    text = to_ansi(block.text());
    size = static_cast<UINT>(text.size() + 1);
    return text.c_str();
}

template <class Char>
BOOL query(const void* data, const Char* path, const void** value, UINT* size) {
    if (data == nullptr || value == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const auto block = version::find_block(data, to_wide_text(path));
    UINT length = block ? block->value_length() : 0;
    *value = nullptr;
    if (size != nullptr) *size = 0;
    if (!block) return fail(ERROR_RESOURCE_TYPE_NOT_FOUND, FALSE);
    *value = sizeof(Char) == 1 && block->is_text() ? narrowed(*block, length) : block->value();
    if (size != nullptr) *size = length;
    return TRUE;
}
WINAPI_EXPORT_AS("VerQueryValueA", in_version, query<char>, Coverage::partial,
                 "a text is valid until the thread's next call");
WINAPI_EXPORT_AS("VerQueryValueW", in_version, query<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::version
