#include "image/pe/mapping.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/relocations.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace instdrv::pe {
namespace {

Error memory_error(int error_number) {
    return {.code = error_number == ENOMEM ? ErrorCode::out_of_memory : ErrorCode::io,
            .cause = fmt::format("its memory cannot be mapped: {}", std::strerror(error_number)),
            .system_code = error_number};
}

Result<std::span<std::byte>> reserve(std::uint64_t preferred, std::size_t size) {
    constexpr int access = PROT_READ | PROT_WRITE;
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    void* const wanted = reinterpret_cast<void*>(static_cast<std::uintptr_t>(preferred));
    void* memory = ::mmap(wanted, size, access, flags | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory == MAP_FAILED) memory = ::mmap(nullptr, size, access, flags, -1, 0);
    if (memory == MAP_FAILED) return failure(memory_error(errno));
    return std::span(static_cast<std::byte*>(memory), size);
}

Status relocate(const ImageView& file, std::span<std::byte> memory) {
    const auto base = reinterpret_cast<std::uintptr_t>(memory.data());
    const std::uint64_t delta = base - file.headers().image_base;
    if (delta == 0) return {};
    const auto relocations = parse_relocations(file);
    if (!relocations) return failure(relocations.error());
    if (relocations->empty() && file.headers().relocations_stripped()) {
        return image::bad_image(
            fmt::format("it can only run at address 0x{:x}, which is taken, because it was linked "
                        "without relocations",
                        file.headers().image_base),
            "Use a build of it with relocations");
    }
    return apply_relocations(*relocations, memory, delta);
}

int page_access(Protection protection) noexcept {
    if (protection.execute) return PROT_READ | PROT_EXEC;
    return protection.write ? PROT_READ | PROT_WRITE : PROT_READ;
}

}  // namespace

Result<Mapping> Mapping::map(const ImageView& file) {
    const Headers& headers = file.headers();
    const auto memory = reserve(headers.image_base, headers.size_of_image);
    if (!memory) return failure(memory.error());
    Mapping mapping(*memory);
    // What the file has, and no more: the rest is zero, and costs memory only when it is touched.
    const auto copy = [&](Rva rva, std::uint32_t size) {
        const auto stored = file.bytes(rva, size);
        if (stored) std::ranges::copy(*stored, memory->subspan(rva).begin());
        return stored.has_value();
    };
    bool whole = copy(0, headers.size_of_headers);
    for (const Section& section : file.sections())
        whole = copy(section.rva, section.raw_size) && whole;
    if (!whole) return image::damaged("its section table", "sections lie outside of the image");
    if (auto status = relocate(file, *memory); !status) return failure(std::move(status.error()));
    return mapping;
}

Mapping::Mapping(Mapping&& other) noexcept
    : memory_(std::exchange(other.memory_, {})), writable_(std::exchange(other.writable_, {})) {}

Mapping::~Mapping() {
    if (memory_.empty()) return;
    set_leak_roots(false);
    ::munmap(memory_.data(), memory_.size());
}

Status Mapping::protect(std::span<const Section> sections) {
    if (::mprotect(memory_.data(), memory_.size(), PROT_READ) != 0) {
        return failure(memory_error(errno));
    }
    for (const Section& section : sections) {
        const auto pages = memory_.subspan(section.rva, section.memory_size);
        const int access = page_access(section.protection());
        if (::mprotect(pages.data(), pages.size(), access) != 0) {
            return failure(memory_error(errno));
        }
        if ((access & PROT_WRITE) != 0) writable_.push_back(pages);
    }
    set_leak_roots(true);
    return {};
}

// What PE code keeps in its data is no leak, but the leak detector does not look there by itself.
void Mapping::set_leak_roots([[maybe_unused]] bool wanted) noexcept {
#if defined(__SANITIZE_ADDRESS__)
    for (const auto pages : writable_) {
        if (wanted)
            __lsan_register_root_region(pages.data(), pages.size());
        else
            __lsan_unregister_root_region(pages.data(), pages.size());
    }
#endif
}

}  // namespace instdrv::pe
