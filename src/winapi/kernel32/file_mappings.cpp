// Memory that shows a file, or that two views share.
// https://learn.microsoft.com/windows/win32/memory/file-mapping
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/files/file_writes.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/memory/reservations.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD FILE_MAP_COPY = 0x1;
constexpr DWORD FILE_MAP_WRITE = 0x2;
constexpr DWORD FILE_MAP_READ = 0x4;

class FileMapping : public KernelObject {
public:
    FileMapping(std::uint64_t size, bool writable) : size_(size), writable_(writable) {}

    // A view; MAP_FAILED and errno where there is none. `copies`: what is written to it is seen
    // in no other.
    [[nodiscard]] virtual void* map(std::uint64_t offset, std::size_t length, int protection,
                                    bool copies) const = 0;
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] bool writable() const noexcept { return writable_; }

private:
    std::uint64_t size_;
    bool writable_;
};

class MappingOfFile final : public FileMapping {
public:
    MappingOfFile(Fd fd, std::uint64_t size, bool writable)
        : FileMapping(size, writable), fd_(std::move(fd)) {}

    [[nodiscard]] void* map(std::uint64_t offset, std::size_t length, int protection,
                            bool copies) const override {
        return ::mmap(nullptr, length, protection, copies ? MAP_PRIVATE : MAP_SHARED, fd_.get(),
                      static_cast<off_t>(offset));
    }

private:
    Fd fd_;
};

// Memory that views share. No memory file: each would count as an open file alone, and all of a
// worker's could hold far more than its address space, which bounds this.
class MappingOfMemory final : public FileMapping {
public:
    explicit MappingOfMemory(std::size_t size)
        : FileMapping(size, true),
          base_(::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {}
    ~MappingOfMemory() override {
        if (is_there()) ::munmap(base_, static_cast<std::size_t>(size()));
    }
    [[nodiscard]] bool is_there() const noexcept { return base_ != MAP_FAILED; }

    [[nodiscard]] void* map(std::uint64_t offset, std::size_t length, int protection,
                            bool copies) const override {
        auto* const from = static_cast<std::byte*>(base_) + offset;
        if (copies) {
            void* const view =
                ::mmap(nullptr, length, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (view != MAP_FAILED) std::memcpy(view, from, length);
            return view;
        }
        // With an old size of 0 it leaves what is there, and maps the same pages again (mremap(2)).
        void* const view = ::mremap(from, 0, length, MREMAP_MAYMOVE);
        if (view != MAP_FAILED) ::mprotect(view, length, protection);
        return view;
    }

private:
    void* base_;
};

// The views, whose sizes UnmapViewOfFile is not told.
class Views {
public:
    void add(void* base, std::size_t size) {
        const std::lock_guard lock(mutex_);
        sizes_[base] = size;
    }
    // 0: no view begins there.
    std::size_t remove(const void* base) {
        const std::lock_guard lock(mutex_);
        const auto found = sizes_.find(base);
        if (found == sizes_.end()) return 0;
        const std::size_t size = found->second;
        sizes_.erase(found);
        return size;
    }

private:
    std::mutex mutex_;
    std::map<const void*, std::size_t> sizes_;
};

Views& views() {
    static auto* const table = new Views;  // threads of drivers may outlive everything else
    return *table;
}

WinResult<std::shared_ptr<KernelObject>> map_memory(std::uint64_t size) {
    if (size == 0) return tl::unexpected(ERROR_INVALID_PARAMETER);
    if (size > PTRDIFF_MAX) return tl::unexpected(ERROR_NOT_ENOUGH_MEMORY);
    auto memory = std::make_shared<MappingOfMemory>(static_cast<std::size_t>(size));
    if (!memory->is_there()) return tl::unexpected(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

// A size of 0 is the file's own; a file that is smaller grows.
WinResult<std::shared_ptr<KernelObject>> map_file(const FileObject& file, std::uint64_t size,
                                                  bool writable) {
    struct stat status {};
    Fd fd(::dup(file.fd()));
    if (!fd || ::fstat(fd.get(), &status) != 0) return tl::unexpected(error_from_errno(errno));
    const auto present = static_cast<std::uint64_t>(status.st_size);
    if (size == 0) size = present;
    if (size == 0) return tl::unexpected(ERROR_FILE_INVALID);
    if (size > present) {
        if (!writable) return tl::unexpected(ERROR_NOT_ENOUGH_MEMORY);
        if (const int error = resize_file(fd.get(), static_cast<off_t>(size)); error != 0) {
            return tl::unexpected(error_from_errno(error));
        }
    }
    return std::make_shared<MappingOfFile>(std::move(fd), size, writable);
}

template <class Character>
HANDLE CreateFileMapping(HANDLE file, void*, DWORD protection, DWORD size_high, DWORD size_low,
                         const Character* name) {
    const DWORD access = protection & 0xFF;
    if (access != PAGE_READONLY && access != PAGE_READWRITE && access != PAGE_WRITECOPY) {
        return fail(ERROR_ACCESS_DENIED, nullptr);
    }
    const std::uint64_t size = std::uint64_t{size_high} << 32 | size_low;
    DWORD error = ERROR_SUCCESS;
    const auto make = [&]() -> std::shared_ptr<KernelObject> {
        WinResult<std::shared_ptr<KernelObject>> made = tl::unexpected(ERROR_INVALID_HANDLE);
        if (file == invalid_handle) {
            made = map_memory(size);
        } else if (const auto opened = find_object<FileObject>(file)) {
            made = map_file(*opened, size, access == PAGE_READWRITE);
        }
        error = made ? ERROR_SUCCESS : made.error();
        return made.value_or(nullptr);
    };
    const NamedObject mapping =
        name == nullptr ? NamedObject{make(), false} : find_or_make(to_wide_text(name), make);
    if (!mapping.object) return fail(error, nullptr);
    set_last_error(mapping.existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return new_handle(mapping.object);
}
WINAPI_EXPORT_AS("CreateFileMappingA", in_kernel32, CreateFileMapping<char>, Coverage::partial,
                 "views are never executable; names are this process's own");
WINAPI_EXPORT_AS("CreateFileMappingW", in_kernel32, CreateFileMapping<WCHAR>, Coverage::partial,
                 "views are never executable; names are this process's own");

template <class Character>
HANDLE OpenFileMapping(DWORD, BOOL, const Character* name) {
    const auto object = find_named(to_wide_text(name));
    if (!std::dynamic_pointer_cast<FileMapping>(object)) return fail(ERROR_FILE_NOT_FOUND, nullptr);
    return new_handle(object);
}
WINAPI_EXPORT_AS("OpenFileMappingA", in_kernel32, OpenFileMapping<char>);
WINAPI_EXPORT_AS("OpenFileMappingW", in_kernel32, OpenFileMapping<WCHAR>);

// A size of 0 reaches to the end of the mapping.
void* MapViewOfFile(HANDLE handle, DWORD access, DWORD offset_high, DWORD offset_low, SIZE_T size) {
    const auto mapping = find_object<FileMapping>(handle);
    if (!mapping) return fail(ERROR_INVALID_HANDLE, nullptr);
    const std::uint64_t offset = std::uint64_t{offset_high} << 32 | offset_low;
    if (offset % allocation_granularity != 0) return fail(ERROR_MAPPED_ALIGNMENT, nullptr);
    if (offset >= mapping->size() || size > mapping->size() - offset) {
        return fail(ERROR_ACCESS_DENIED, nullptr);
    }
    const bool copies = (access & FILE_MAP_COPY) != 0 && (access & FILE_MAP_WRITE) == 0;
    const bool writes = (access & FILE_MAP_WRITE) != 0;
    const bool reads = (access & FILE_MAP_READ) != 0;
    if ((!copies && !writes && !reads) || (writes && !mapping->writable())) {
        return fail(ERROR_ACCESS_DENIED, nullptr);
    }
    const std::size_t length =
        size != 0 ? size : static_cast<std::size_t>(mapping->size() - offset);
    const int protection = PROT_READ | (writes || copies ? PROT_WRITE : 0);
    void* const base = mapping->map(offset, length, protection, copies);
    if (base == MAP_FAILED) return fail(error_from_errno(errno), nullptr);
    views().add(base, length);
    return base;
}
WINAPI_EXPORT(
    MapViewOfFile, in_kernel32, Coverage::partial,
    "views begin at page boundaries; a copied view of memory does not see what is written "
    "later");

BOOL UnmapViewOfFile(void* base) {
    const std::size_t size = views().remove(base);
    if (size == 0) return fail(ERROR_INVALID_ADDRESS, FALSE);
    ::munmap(base, size);
    return TRUE;
}
WINAPI_EXPORT(UnmapViewOfFile, in_kernel32);

BOOL FlushViewOfFile(void* address, SIZE_T size) {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    const std::uintptr_t begin = at & ~(page_size - 1);
    const int result = ::msync(reinterpret_cast<void*>(begin), at - begin + size, MS_SYNC);
    return result == 0 ? TRUE : fail(ERROR_INVALID_ADDRESS, FALSE);
}
WINAPI_EXPORT(FlushViewOfFile, in_kernel32, Coverage::partial, "a size of 0 flushes one page");

}  // namespace

}  // namespace instdrv::winapi::kernel32
