#include "winapi/winmm/mmio_chunks.hpp"

namespace instdrv::winapi::winmm {
namespace {

constexpr LONG header_size = 8;

bool has_type(const Chunk& chunk) { return chunk.id == FOURCC_RIFF || chunk.id == FOURCC_LIST; }

bool read_words(MmioFile& file, DWORD* words, LONG count) {
    const LONG size = count * static_cast<LONG>(sizeof(DWORD));
    return file.read(reinterpret_cast<char*>(words), size) == size;
}

bool write_words(MmioFile& file, const DWORD* words, LONG count) {
    const LONG size = count * static_cast<LONG>(sizeof(DWORD));
    return file.write(reinterpret_cast<const char*>(words), size) == size;
}

// Reads a chunk's header, and its type where it has one.
bool read_header(MmioFile& file, Chunk& chunk) {
    const LONG start = file.position();
    DWORD words[2] = {};
    if (!read_words(file, words, 2)) return false;
    chunk = {words[0], words[1], 0, static_cast<DWORD>(start + header_size), 0};
    return !has_type(chunk) || read_words(file, &chunk.type, 1);
}

// Where the next chunk begins: data of an odd length is followed by a byte that is no data.
std::uint64_t end_of(const Chunk& chunk) {
    return std::uint64_t{chunk.data_offset} + chunk.size + (chunk.size & 1);
}

bool seek_to(MmioFile& file, std::uint64_t offset) {
    return offset <= INT32_MAX && file.seek(static_cast<LONG>(offset), from_start) >= 0;
}

struct Wanted {
    FourCC id = 0;    // 0: any
    FourCC type = 0;  // 0: any
};

Wanted wanted_by(const Chunk& chunk, DWORD flags) {
    if ((flags & MMIO_FINDRIFF) != 0) return {FOURCC_RIFF, chunk.type};
    if ((flags & MMIO_FINDLIST) != 0) return {FOURCC_LIST, chunk.type};
    if ((flags & MMIO_FINDCHUNK) != 0) return {chunk.id, 0};
    return {};
}

bool is_wanted(const Chunk& chunk, const Wanted& wanted) {
    return (wanted.id == 0 || chunk.id == wanted.id) &&
           (wanted.type == 0 || chunk.type == wanted.type);
}

}  // namespace

MMRESULT descend(MmioFile& file, Chunk& chunk, const Chunk* parent, DWORD flags) {
    const Wanted wanted = wanted_by(chunk, flags);
    const std::uint64_t limit =
        parent == nullptr ? UINT64_MAX : std::uint64_t{parent->data_offset} + parent->size;
    for (;;) {
        if (static_cast<std::uint64_t>(file.position()) >= limit) return MMIOERR_CHUNKNOTFOUND;
        if (!read_header(file, chunk)) return MMIOERR_CHUNKNOTFOUND;
        if (is_wanted(chunk, wanted)) return 0;
        if (!seek_to(file, end_of(chunk))) return MMIOERR_CHUNKNOTFOUND;
    }
}

MMRESULT ascend(MmioFile& file, Chunk& chunk) {
    if ((chunk.flags & MMIO_DIRTY) != 0) {
        const auto size = static_cast<DWORD>(file.position()) - chunk.data_offset;
        constexpr char padding = 0;
        if ((size & 1) != 0 && file.write(&padding, 1) != 1) return MMIOERR_CANNOTWRITE;
        if (chunk.size != size) {
            chunk.size = size;
            if (!seek_to(file, chunk.data_offset - sizeof size)) return MMIOERR_CANNOTSEEK;
            if (!write_words(file, &size, 1)) return MMIOERR_CANNOTWRITE;
        }
        chunk.flags &= ~MMIO_DIRTY;
    }
    return seek_to(file, end_of(chunk)) ? 0 : MMIOERR_CANNOTSEEK;
}

MMRESULT create_chunk(MmioFile& file, Chunk& chunk, DWORD flags) {
    if ((flags & MMIO_CREATERIFF) != 0) chunk.id = FOURCC_RIFF;
    if ((flags & MMIO_CREATELIST) != 0) chunk.id = FOURCC_LIST;
    const LONG start = file.position();
    if (start < 0) return MMIOERR_CANNOTSEEK;
    chunk.data_offset = static_cast<DWORD>(start + header_size);
    chunk.flags = MMIO_DIRTY;
    const DWORD words[3] = {chunk.id, chunk.size, chunk.type};
    return write_words(file, words, has_type(chunk) ? 3 : 2) ? 0 : MMIOERR_CANNOTWRITE;
}

}  // namespace instdrv::winapi::winmm
