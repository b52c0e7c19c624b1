#include "channel/region.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace instdrv::channel {
namespace {

constexpr std::size_t page = Region::page;

Error region_error(const char* operation) { return io_error(operation, {}, errno); }

std::byte* map(const Fd& fd, std::size_t size, void* address, int flags,
               std::size_t offset = 0) noexcept {
    void* const memory = ::mmap(address, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd.get(),
                                static_cast<off_t>(offset));
    return memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
}

Error foreign(const char* cause) {
    return {.code = ErrorCode::broken, .operation = "attach to a channel", .cause = cause};
}

}  // namespace

Result<Region> Region::create(std::size_t size) {
    size = (size + page - 1) / page * page;
    Fd fd(::memfd_create("instdrv-channel", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) return failure(region_error("make a channel"));
    constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
        ::fcntl(fd.get(), F_ADD_SEALS, seals) != 0) {
        return failure(region_error("make a channel"));
    }
    std::byte* const base = map(fd, size, nullptr, 0);
    if (base == nullptr) return failure(region_error("map a channel"));
    Region region(std::move(fd), base, size, size);
    auto& header = region.header();
    header.magic = magic;
    header.version = version;
    header.size = size;
    header.address = reinterpret_cast<std::uintptr_t>(base);
    header.spin_limit = spin_limit_of_machine();
    return region;
}

Result<Region> Region::attach(const Fd& fd) {
    return attach(fd, std::numeric_limits<std::size_t>::max());
}

Result<Region> Region::attach_client(Fd fd) {
    auto region = attach(fd, client_region_reach);
    if (region) region->fd_ = std::move(fd);
    return region;
}

Result<Region> Region::attach(const Fd& fd, std::size_t reach) {
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return failure(region_error("attach to a channel"));
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size <= arena_offset) return failure(foreign("it is too small"));
    const auto mapped = std::min(size, reach);
    std::byte* base = map(fd, mapped, nullptr, 0);
    if (base == nullptr) return failure(region_error("map a channel"));
    Region region(Fd(), base, size, mapped);
    const auto& header = region.header();
    if (header.magic != magic || header.size != size) return failure(foreign("it is no channel"));
    if (header.version != version) {
        return failure(
            foreign("supervisor and worker are of different versions; install them "
                    "together"));
    }
    const auto wanted = static_cast<std::uintptr_t>(header.address);
    if (wanted != header.address) return region;  // beyond what 32 bits reach
    // Buffers then have one address on both sides; where the place is taken, they are translated.
    if (std::byte* const same =
            map(fd, mapped, reinterpret_cast<void*>(wanted), MAP_FIXED_NOREPLACE)) {
        return Region(Fd(), same, size, mapped);
    }
    return region;
}

Region::Region(Region&& other) noexcept
    : fd_(std::move(other.fd_)),
      base_(std::exchange(other.base_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

Region& Region::operator=(Region&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(base_, other.base_);
    std::swap(size_, other.size_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

Region::~Region() {
    if (base_ != nullptr) ::munmap(base_, mapped_);
}

Result<Mapping> Region::map_more(std::uint64_t offset, std::uint64_t size) const {
    const bool is_part = offset <= size_ && size <= size_ - offset;
    if (!is_part || size == 0 || offset % page != 0 || size % page != 0) {
        return failure(foreign("it has no such part"));
    }
    const auto count = static_cast<std::size_t>(size);
    std::byte* const base = map(fd_, count, nullptr, 0, static_cast<std::size_t>(offset));
    if (base == nullptr) return failure(region_error("map more of a channel"));
    return Mapping(base, count);
}

Mapping::~Mapping() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

bool Region::contains(const void* address, std::size_t size) const noexcept {
    const auto offset =
        reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(base_);
    return offset <= size_ && size <= size_ - offset;
}

}  // namespace instdrv::channel
