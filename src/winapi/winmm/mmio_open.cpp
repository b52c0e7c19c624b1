#include "winapi/winmm/mmio_open.hpp"

#include <cerrno>
#include <map>
#include <mutex>

#include <fcntl.h>
#include <unistd.h>

#include "winapi/files/file_writes.hpp"
#include "winapi/files/paths.hpp"

namespace instdrv::winapi::winmm {
namespace {

class DiskDevice final : public MmioDevice {
public:
    explicit DiskDevice(Fd fd) noexcept : fd_(std::move(fd)) {}

    LONG read(char* to, LONG size) override {
        LONG got = 0;
        while (got < size) {
            const auto part = ::read(fd_.get(), to + got, static_cast<std::size_t>(size - got));
            if (part < 0 && errno == EINTR) continue;
            if (part < 0) return -1;
            if (part == 0) break;
            got += static_cast<LONG>(part);
        }
        return got;
    }
    LONG write(const char* from, LONG size) override {
        return write_whole(fd_.get(), from, static_cast<std::size_t>(size)) == 0 ? size : -1;
    }
    LONG seek(LONG offset, int origin) override {
        return static_cast<LONG>(::lseek(fd_.get(), offset, origin));
    }

private:
    Fd fd_;
};

class ProcedureDevice final : public MmioDevice {
public:
    explicit ProcedureDevice(const MmioInfo& info) : info_(info) {}

    LONG read(char* to, LONG size) override {
        return call(MMIOM_READ, reinterpret_cast<LPARAM>(to), size);
    }
    LONG write(const char* from, LONG size) override {
        return call(MMIOM_WRITE, reinterpret_cast<LPARAM>(from), size);
    }
    LONG seek(LONG offset, int origin) override { return call(MMIOM_SEEK, offset, origin); }
    MMRESULT close() override { return static_cast<MMRESULT>(call(MMIOM_CLOSE, 0, 0)); }

private:
    // The procedure keeps lDiskOffset itself.
    LONG call(UINT message, LPARAM lparam1, LPARAM lparam2) {
        return static_cast<LONG>(call_procedure(info_, message, lparam1, lparam2));
    }
    MmioInfo info_;
};

struct Procedures {
    std::mutex mutex;
    std::map<FourCC, const void*> by_name;
};

Procedures& procedures() {
    static Procedures installed;
    return installed;
}

int open_flags(DWORD flags) {
    const int access = (flags & MMIO_READWRITE) != 0 ? O_RDWR
                       : (flags & MMIO_WRITE) != 0   ? O_WRONLY
                                                     : O_RDONLY;
    if ((flags & MMIO_CREATE) == 0) return access;
    return (access == O_RDONLY ? O_RDWR : access) | O_CREAT | O_TRUNC;
}

}  // namespace

MMRESULT mmio_error_of(DWORD windows_error) {
    switch (windows_error) {
        case ERROR_FILE_NOT_FOUND: return MMIOERR_FILENOTFOUND;
        case ERROR_PATH_NOT_FOUND: return MMIOERR_PATHNOTFOUND;
        case ERROR_ACCESS_DENIED: return MMIOERR_ACCESSDENIED;
        default: return MMIOERR_CANNOTOPEN;
    }
}

std::unique_ptr<MmioDevice> open_disk_device(const std::string& path, DWORD flags,
                                             MMRESULT& error) {
    auto opened = open_in_view(path, open_flags(flags));
    if (opened) return std::make_unique<DiskDevice>(std::move(*opened));
    error = mmio_error_of(opened.error());
    return nullptr;
}

LRESULT call_procedure(MmioInfo& info, UINT message, LPARAM lparam1, LPARAM lparam2) {
    using Procedure = LRESULT(WINCALL*)(MmioInfo*, UINT, LPARAM, LPARAM);
    const auto procedure =
        reinterpret_cast<Procedure>(reinterpret_cast<std::uintptr_t>(info.io_procedure));
    return procedure(&info, message, lparam1, lparam2);
}

std::unique_ptr<MmioDevice> open_procedure_device(MmioInfo& info, const std::u16string& name,
                                                  MMRESULT& error) {
    const LRESULT opened =
        call_procedure(info, MMIOM_OPEN, reinterpret_cast<LPARAM>(name.c_str()), 0);
    if (opened == 0) return std::make_unique<ProcedureDevice>(info);
    error = static_cast<MMRESULT>(opened);
    return nullptr;
}

const void* install_procedure(FourCC name, const void* procedure, DWORD flags) {
    constexpr DWORD MMIO_INSTALLPROC = 0x10000;
    constexpr DWORD MMIO_REMOVEPROC = 0x20000;
    Procedures& installed = procedures();
    const std::lock_guard lock(installed.mutex);
    const auto found = installed.by_name.find(name);
    const void* const before = found == installed.by_name.end() ? nullptr : found->second;
    if ((flags & MMIO_INSTALLPROC) != 0) {
        if (procedure == nullptr) return nullptr;
        installed.by_name[name] = procedure;
        return procedure;
    }
    if ((flags & MMIO_REMOVEPROC) != 0 && before != nullptr) installed.by_name.erase(found);
    return before;
}

const void* find_procedure(FourCC name) { return install_procedure(name, nullptr, 0); }

}  // namespace instdrv::winapi::winmm
