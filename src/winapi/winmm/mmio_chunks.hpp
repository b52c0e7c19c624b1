// Finds and creates RIFF chunks. https://learn.microsoft.com/windows/win32/multimedia/riff-file-i-o
#pragma once

#include "winapi/winmm/mmio_file.hpp"

namespace instdrv::winapi::winmm {

struct Chunk {  // MMCKINFO
    FourCC id;
    DWORD size;
    FourCC type;        // of a RIFF or LIST chunk
    DWORD data_offset;  // behind id and size
    DWORD flags;        // MMIO_DIRTY: the size is still to be written
};
static_assert(sizeof(Chunk) == 20);

constexpr DWORD MMIO_FINDCHUNK = 0x10;
constexpr DWORD MMIO_FINDRIFF = 0x20;
constexpr DWORD MMIO_FINDLIST = 0x40;
constexpr DWORD MMIO_CREATERIFF = 0x20;
constexpr DWORD MMIO_CREATELIST = 0x40;

MMRESULT descend(MmioFile& file, Chunk& chunk, const Chunk* parent, DWORD flags);
MMRESULT ascend(MmioFile& file, Chunk& chunk);
MMRESULT create_chunk(MmioFile& file, Chunk& chunk, DWORD flags);

}  // namespace instdrv::winapi::winmm
