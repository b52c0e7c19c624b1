// Multimedia files.
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"
#include "kernel/driver_folder.hpp"
#include "kernel/file_size_limit.hpp"
#include "winapi/winmm/mmio_chunks.hpp"

namespace instdrv::winapi::test {
namespace {

using namespace winmm;

constexpr CalledDll dll{"winmm.dll"};
constexpr FourCC WAVE = four_cc('W', 'A', 'V', 'E');
constexpr FourCC fmt = four_cc('f', 'm', 't', ' ');
constexpr FourCC data = four_cc('d', 'a', 't', 'a');

class Mmio : public DriverFolderTest {
protected:
    static HANDLE open(const char* name, DWORD flags, MmioInfo* info = nullptr) {
        char copy[128] = {};
        std::strncpy(copy, name, sizeof copy - 1);
        return dll.call<HANDLE>("mmioOpenA", +copy, info, flags);
    }
    static HANDLE open_memory(MmioInfo& info, DWORD flags) {
        info.io_procedure_name = FOURCC_MEM;
        return dll.call<HANDLE>("mmioOpenA", static_cast<char*>(nullptr), &info, flags);
    }
    static MMRESULT close(HANDLE file) { return dll.call<MMRESULT>("mmioClose", file, 0u); }
    static LONG write_text(HANDLE file, std::string_view text) {
        return dll.call<LONG>("mmioWrite", file, text.data(), static_cast<LONG>(text.size()));
    }
    static std::string read_text(HANDLE file, LONG size) {
        std::string text(static_cast<std::size_t>(size), '\0');
        const LONG got = dll.call<LONG>("mmioRead", file, text.data(), size);
        return got < 0 ? "failed" : text.substr(0, static_cast<std::size_t>(got));
    }
    static LONG seek(HANDLE file, LONG offset, int origin) {
        return dll.call<LONG>("mmioSeek", file, offset, origin);
    }
    static MMRESULT create_chunk(HANDLE file, Chunk& chunk, UINT flags = 0) {
        return dll.call<MMRESULT>("mmioCreateChunk", file, &chunk, flags);
    }
    static MMRESULT ascend(HANDLE file, Chunk& chunk) {
        return dll.call<MMRESULT>("mmioAscend", file, &chunk, 0u);
    }
    static MMRESULT descend(HANDLE file, Chunk& chunk, const Chunk* parent, UINT flags) {
        return dll.call<MMRESULT>("mmioDescend", file, &chunk, parent, flags);
    }

    // A RIFF file with an odd chunk in front of the data.
    static void write_wave(HANDLE file) {
        Chunk riff{.type = WAVE};
        EXPECT_EQ(create_chunk(file, riff, MMIO_CREATERIFF), 0u);
        Chunk odd{.id = fmt};
        EXPECT_EQ(create_chunk(file, odd), 0u);
        EXPECT_EQ(write_text(file, "abc"), 3);
        EXPECT_EQ(ascend(file, odd), 0u);
        Chunk samples{.id = data};
        EXPECT_EQ(create_chunk(file, samples), 0u);
        EXPECT_EQ(write_text(file, "123456"), 6);
        EXPECT_EQ(ascend(file, samples), 0u);
        EXPECT_EQ(ascend(file, riff), 0u);
    }
    static std::string wave_bytes() {
        return std::string("RIFF\x1e\0\0\0WAVEfmt \3\0\0\0abc\0data\6\0\0\0", 32) + "123456";
    }
};

TEST_F(Mmio, WritesRiffFilesWithTheirSizes) {
    for (const DWORD buffering : {DWORD{0}, MMIO_ALLOCBUF}) {
        HANDLE const file = open("C:\\a.wav", MMIO_CREATE | MMIO_READWRITE | buffering);
        ASSERT_NE(file, nullptr);
        write_wave(file);
        EXPECT_EQ(close(file), 0u);
        EXPECT_EQ(read(state() / "a.wav"), wave_bytes());
    }
}

TEST_F(Mmio, FindsChunks) {
    write(state() / "b.wav", "junk....");
    write(state() / "a.wav", wave_bytes());
    for (const DWORD buffering : {DWORD{0}, MMIO_ALLOCBUF}) {
        HANDLE const file = open("C:\\a.wav", MMIO_READ | buffering);
        Chunk riff{.type = WAVE};
        EXPECT_EQ(descend(file, riff, nullptr, MMIO_FINDRIFF), 0u);
        EXPECT_EQ(riff.size, 30u);
        EXPECT_EQ(riff.data_offset, 8u);
        Chunk chunk{.id = data};
        EXPECT_EQ(descend(file, chunk, &riff, MMIO_FINDCHUNK), 0u);
        EXPECT_EQ(chunk.data_offset, 32u);
        EXPECT_EQ(read_text(file, 100), "123456");
        EXPECT_EQ(descend(file, chunk, &riff, MMIO_FINDCHUNK), MMIOERR_CHUNKNOTFOUND);
        EXPECT_EQ(seek(file, 12, SEEK_SET), 12);
        EXPECT_EQ(descend(file, chunk, &riff, 0), 0u);
        EXPECT_EQ(chunk.id, fmt);
        EXPECT_EQ(ascend(file, chunk), 0u);
        EXPECT_EQ(seek(file, 0, SEEK_CUR), 24) << "the odd chunk's padding is passed over";
        EXPECT_EQ(close(file), 0u);
    }
    HANDLE const junk = open("C:\\b.wav", MMIO_READ);
    Chunk riff{.type = WAVE};
    EXPECT_EQ(descend(junk, riff, nullptr, MMIO_FINDRIFF), MMIOERR_CHUNKNOTFOUND);
    close(junk);
}

TEST_F(Mmio, SurvivesLyingSizes) {
    std::string lying = wave_bytes();
    std::memset(lying.data() + 16, 0xFF, 4);
    write(state() / "l.wav", lying);
    HANDLE const file = open("C:\\l.wav", MMIO_READ | MMIO_ALLOCBUF);
    Chunk riff{.type = WAVE};
    EXPECT_EQ(descend(file, riff, nullptr, MMIO_FINDRIFF), 0u);
    Chunk chunk{.id = data};
    EXPECT_EQ(descend(file, chunk, &riff, MMIO_FINDCHUNK), MMIOERR_CHUNKNOTFOUND);
    close(file);
}

TEST_F(Mmio, HasFilesInMemory) {
    char buffer[38];
    MmioInfo info{};
    info.buffer = buffer;
    info.buffer_size = sizeof buffer;
    HANDLE const file = open_memory(info, MMIO_CREATE | MMIO_READWRITE);
    ASSERT_NE(file, nullptr);
    write_wave(file);
    EXPECT_EQ(std::string(buffer, sizeof buffer), wave_bytes());
    EXPECT_EQ(write_text(file, "x"), -1) << "it cannot grow";
    EXPECT_EQ(seek(file, 8, SEEK_SET), 8);
    EXPECT_EQ(read_text(file, 4), "WAVE");
    EXPECT_EQ(seek(file, -6, SEEK_END), 32);
    EXPECT_EQ(read_text(file, 100), "123456");
    EXPECT_EQ(close(file), 0u);
}

TEST_F(Mmio, LetsMemoryGrowByItsSteps) {
    MmioInfo info{};
    info.buffer_size = 4;
    info.info[0] = 16;
    HANDLE const file = open_memory(info, MMIO_CREATE | MMIO_READWRITE);
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(write_text(file, "0123456789"), 10);
    EXPECT_EQ(seek(file, 995, SEEK_SET), 995);
    EXPECT_EQ(read_text(file, 100), "56789");
    MmioInfo now{};
    EXPECT_EQ(dll.call<MMRESULT>("mmioGetInfo", file, &now, 0u), 0u);
    EXPECT_EQ(now.buffer_size % 16, 0);
    EXPECT_EQ(close(file), 0u);
}

TEST_F(Mmio, ShowsItsBufferToTheDriver) {
    write(state() / "long.bin", std::string(10'000, 'a') + "end");
    HANDLE const file = open("C:\\long.bin", MMIO_READWRITE | MMIO_ALLOCBUF);
    MmioInfo info{};
    dll.call<MMRESULT>("mmioGetInfo", file, &info, 0u);
    std::string seen;
    for (;;) {
        if (info.next == info.read_end) {
            EXPECT_EQ(dll.call<MMRESULT>("mmioAdvance", file, &info, UINT{MMIO_READ}), 0u);
            if (info.next == info.read_end) break;
        }
        seen += *info.next++;
    }
    EXPECT_EQ(seen.size(), 10'003u);
    EXPECT_TRUE(seen.ends_with("end"));

    EXPECT_EQ(dll.call<MMRESULT>("mmioSetInfo", file, &info, 0u), 0u);
    EXPECT_EQ(seek(file, 5000, SEEK_SET), 5000);
    dll.call<MMRESULT>("mmioGetInfo", file, &info, 0u);
    EXPECT_EQ(dll.call<MMRESULT>("mmioAdvance", file, &info, UINT{MMIO_WRITE}), 0u);
    std::memcpy(info.next, "XYZ", 3);
    info.next += 3;
    info.flags |= MMIO_DIRTY;
    EXPECT_EQ(dll.call<MMRESULT>("mmioSetInfo", file, &info, 0u), 0u);
    EXPECT_EQ(close(file), 0u);
    EXPECT_EQ(read(state() / "long.bin"),
              std::string(5000, 'a') + "XYZ" + std::string(4997, 'a') + "end");
}

TEST_F(Mmio, SaysWhyItCannotOpen) {
    MmioInfo info{};
    EXPECT_EQ(open("C:\\none.wav", MMIO_READ, &info), nullptr);
    EXPECT_EQ(info.error, MMIOERR_FILENOTFOUND);
    EXPECT_EQ(open("C:\\no\\folder.wav", MMIO_READ, &info), nullptr);
    EXPECT_EQ(info.error, MMIOERR_PATHNOTFOUND);
    EXPECT_EQ(open("C:\\windows\\system32\\x.wav", MMIO_CREATE | MMIO_WRITE, &info), nullptr);
    EXPECT_EQ(info.error, MMIOERR_ACCESSDENIED);
    EXPECT_EQ(read_text(nullptr, 5), "failed");
    EXPECT_EQ(close(nullptr), 5u);
}

TEST_F(Mmio, AsksAndRemovesAndRenames) {
    write(state() / "x.wav", "x");
    char name[128] = "x.wav";
    EXPECT_NE(dll.call<HANDLE>("mmioOpenA", +name, nullptr, DWORD{MMIO_EXIST}), nullptr);
    EXPECT_STREQ(name, "C:\\x.wav");
    EXPECT_EQ(dll.call<MMRESULT>("mmioRenameA", "C:\\x.wav", "C:\\y.wav", nullptr, DWORD{0}), 0u);
    EXPECT_EQ(dll.call<HANDLE>("mmioOpenA", +name, nullptr, DWORD{MMIO_EXIST}), nullptr);
    EXPECT_NE(open("C:\\y.wav", MMIO_DELETE), nullptr);
    EXPECT_EQ(open("C:\\y.wav", MMIO_DELETE), nullptr);
}

TEST_F(Mmio, MakesCodesOfTexts) {
    EXPECT_EQ(dll.call<FourCC>("mmioStringToFOURCCA", "wav", 0u), four_cc('w', 'a', 'v', ' '));
    EXPECT_EQ(dll.call<FourCC>("mmioStringToFOURCCW", u"avi1x", 0x10u),
              four_cc('A', 'V', 'I', '1'));
}

struct Asked {
    UINT message;
    LPARAM first;
};
std::vector<Asked>* asked = nullptr;

LRESULT WINFN procedure(MmioInfo*, UINT message, LPARAM first, LPARAM second) {
    asked->push_back({message, first});
    if (message == MMIOM_READ)
        std::memset(reinterpret_cast<void*>(first), 'p', static_cast<std::size_t>(second));
    return message == MMIOM_READ || message == MMIOM_SEEK ? second : 0;
}

TEST_F(Mmio, AsksTheDriversOwnProcedure) {
    std::vector<Asked> calls;
    asked = &calls;
    const FourCC own = four_cc('O', 'W', 'N', ' ');
    EXPECT_NE(dll.call<const void*>("mmioInstallIOProcA", own, &procedure, DWORD{0x10000}),
              nullptr);
    HANDLE const file = open("C:\\some.own", MMIO_READ);
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(read_text(file, 3), "ppp");
    EXPECT_EQ(close(file), 0u);
    ASSERT_EQ(calls.size(), 3u);
    EXPECT_EQ(calls[0].message, MMIOM_OPEN);
    EXPECT_EQ(calls[1].message, MMIOM_READ);
    EXPECT_EQ(calls[2].message, MMIOM_CLOSE);
    EXPECT_NE(dll.call<const void*>("mmioInstallIOProcA", own, nullptr, DWORD{0x20000}), nullptr);
    EXPECT_EQ(dll.call<const void*>("mmioInstallIOProcA", own, nullptr, DWORD{0x40000}), nullptr);
}

TEST_F(Mmio, TellsOfAFullDisk) {
    const FileSizeLimit full(1000);
    const std::string large(2000, 'x');
    HANDLE const file = open("C:\\f", MMIO_CREATE | MMIO_WRITE);
    EXPECT_EQ(write_text(file, large), -1);
    EXPECT_EQ(write_text(file, "small"), 5);
    close(file);
    HANDLE const buffered = open("C:\\b", MMIO_CREATE | MMIO_WRITE | MMIO_ALLOCBUF);
    EXPECT_EQ(write_text(buffered, large), 2000) << "in the buffer";
    EXPECT_EQ(dll.call<MMRESULT>("mmioFlush", buffered, 0u), MMIOERR_CANNOTWRITE);
    EXPECT_EQ(close(buffered), MMIOERR_CANNOTWRITE);
}

}  // namespace
}  // namespace instdrv::winapi::test
