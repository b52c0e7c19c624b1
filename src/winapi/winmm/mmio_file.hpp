// The files of the mmio functions: on disk (in the C:\ view), in memory, or behind a driver's own
// I/O procedure. https://learn.microsoft.com/windows/win32/multimedia/multimedia-file-i-o
//
// A file with a buffer shows it to the driver through MMIOINFO, which may read and write between
// its pointers; so the buffer's state lives in that structure. A memory file is all buffer. [one
// thread at a time per file]
#pragma once

#include <memory>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/objects/objects.hpp"

namespace instdrv::winapi::winmm {

using FourCC = DWORD;
constexpr FourCC four_cc(char a, char b, char c, char d) {
    return static_cast<FourCC>(static_cast<unsigned char>(a)) |
           static_cast<FourCC>(static_cast<unsigned char>(b)) << 8 |
           static_cast<FourCC>(static_cast<unsigned char>(c)) << 16 |
           static_cast<FourCC>(static_cast<unsigned char>(d)) << 24;
}
constexpr FourCC FOURCC_DOS = four_cc('D', 'O', 'S', ' ');
constexpr FourCC FOURCC_MEM = four_cc('M', 'E', 'M', ' ');
constexpr FourCC FOURCC_RIFF = four_cc('R', 'I', 'F', 'F');
constexpr FourCC FOURCC_LIST = four_cc('L', 'I', 'S', 'T');

constexpr MMRESULT MMIOERR_FILENOTFOUND = 257;
constexpr MMRESULT MMIOERR_OUTOFMEMORY = 258;
constexpr MMRESULT MMIOERR_CANNOTOPEN = 259;
constexpr MMRESULT MMIOERR_CANNOTREAD = 261;
constexpr MMRESULT MMIOERR_CANNOTWRITE = 262;
constexpr MMRESULT MMIOERR_CANNOTSEEK = 263;
constexpr MMRESULT MMIOERR_CANNOTEXPAND = 264;
constexpr MMRESULT MMIOERR_CHUNKNOTFOUND = 265;
constexpr MMRESULT MMIOERR_UNBUFFERED = 266;
constexpr MMRESULT MMIOERR_PATHNOTFOUND = 267;
constexpr MMRESULT MMIOERR_ACCESSDENIED = 268;

constexpr DWORD MMIO_READ = 0x0;
constexpr DWORD MMIO_WRITE = 0x1;
constexpr DWORD MMIO_READWRITE = 0x2;
constexpr DWORD MMIO_PARSE = 0x100;
constexpr DWORD MMIO_DELETE = 0x200;
constexpr DWORD MMIO_CREATE = 0x1000;
constexpr DWORD MMIO_EXIST = 0x4000;
constexpr DWORD MMIO_ALLOCBUF = 0x10000;
constexpr DWORD MMIO_GETTEMP = 0x20000;
constexpr DWORD MMIO_DIRTY = 0x10000000;

constexpr UINT MMIOM_READ = 0;
constexpr UINT MMIOM_WRITE = 1;
constexpr UINT MMIOM_SEEK = 2;
constexpr UINT MMIOM_OPEN = 3;
constexpr UINT MMIOM_CLOSE = 4;
constexpr UINT MMIOM_WRITEFLUSH = 5;
constexpr UINT MMIOM_RENAME = 6;

constexpr LONG default_buffer_size = 8192;

#pragma pack(push, 1)
struct MmioInfo {  // MMIOINFO
    DWORD flags;
    FourCC io_procedure_name;
    const void* io_procedure;  // LRESULT CALLBACK (MmioInfo*, UINT message, LPARAM, LPARAM)
    UINT error;
    HANDLE task;
    LONG buffer_size;
    char* buffer;
    char* next;
    char* read_end;
    char* write_end;
    LONG buffer_offset;  // of the buffer's first byte in the file
    LONG disk_offset;    // where the next bytes are read from or written to
    DWORD info[3];
    DWORD reserved1;
    DWORD reserved2;
    HANDLE handle;
};
#pragma pack(pop)
static_assert(sizeof(MmioInfo) == (sizeof(void*) == 8 ? 100 : 72));

// What an offset counts from (SEEK_SET, SEEK_CUR, SEEK_END).
constexpr int from_start = 0;
constexpr int from_here = 1;
constexpr int from_end = 2;

// Where a file's bytes are when they are in no buffer. -1 on failure, as documented for IOProcs.
class MmioDevice {
public:
    virtual ~MmioDevice() = default;
    virtual LONG read(char* to, LONG size) = 0;
    virtual LONG write(const char* from, LONG size) = 0;
    virtual LONG seek(LONG offset, int origin) = 0;
    virtual MMRESULT close() { return 0; }
};

class MmioFile final : public KernelObject {
public:
    // A file behind a device; null: a memory file, whose buffer `info` describes.
    MmioFile(const MmioInfo& info, std::unique_ptr<MmioDevice> device);
    ~MmioFile() override;

    LONG read(char* to, LONG size);
    LONG write(const char* from, LONG size);
    LONG seek(LONG offset, int origin);
    [[nodiscard]] LONG position() const;
    // Moves the buffer on: filled for reading, or emptied for writing.
    MMRESULT advance(DWORD direction);
    MMRESULT flush();
    // 0: none, a null buffer of a size: one of our own.
    MMRESULT set_buffer(char* buffer, LONG size);
    // What the driver changed through its copy.
    void take_info(const MmioInfo& changed);
    MMRESULT close();

    [[nodiscard]] MmioInfo& info() noexcept { return info_; }

private:
    [[nodiscard]] bool is_memory() const noexcept { return device_ == nullptr; }
    [[nodiscard]] bool is_buffered() const noexcept { return info_.buffer != nullptr; }
    [[nodiscard]] LONG unread() const noexcept {
        return static_cast<LONG>(info_.read_end - info_.next);
    }
    void point_buffer_at(LONG offset);
    LONG read_device(char* to, LONG size);
    LONG write_device(const char* from, LONG size);
    bool fill();
    bool grow(LONG needed);
    LONG end_of_file();

    MmioInfo info_;
    std::unique_ptr<MmioDevice> device_;
    bool owns_buffer_ = false;
};

}  // namespace instdrv::winapi::winmm
