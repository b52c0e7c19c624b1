// A native driver: a shared object that exports DriverProc.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "image/probe.hpp"

namespace instdrv::elf {

// The kind of native driver that this process can load.
constexpr image::Kind native_kind = sizeof(void*) == 8 ? image::Kind::elf64 : image::Kind::elf32;

// Checks, without running anything of it, that the bytes are a shared object of that kind that
// exports a function DriverProc. Every offset and size is validated.
Status validate_driver(std::span<const std::byte> file, image::Kind kind = native_kind);

class Library {
public:
    ~Library() { static_cast<void>(handle_.release()); }  // what was not closed stays mapped
    Library(Library&&) noexcept = default;
    Library& operator=(Library&&) = delete;

    // Validates, then dlopen(RTLD_NOW | RTLD_LOCAL).
    static Result<Library> open(const std::filesystem::path& file);

    // dlclose: runs its destructors.
    void close() noexcept { handle_.reset(); }

    [[nodiscard]] DRIVERPROC driver_proc() const noexcept { return driver_proc_; }
    [[nodiscard]] void* handle() const noexcept { return handle_.get(); }

private:
    Library() = default;
    struct Close {
        void operator()(void* handle) const noexcept;
    };
    std::unique_ptr<void, Close> handle_;
    DRIVERPROC driver_proc_ = nullptr;
};

}  // namespace instdrv::elf
