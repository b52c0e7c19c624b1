#include "client_work.hpp"

#include <instdrv/acm.h>
#include <instdrv/devices.h>
#include <instdrv/mci.h>
#include <instdrv/vfw.h>

#include <array>
#include <string>

#include "require.hpp"

namespace instdrv::fuzz {
namespace {

enum Family : unsigned { acm, vfw, mci };

constexpr DWORD_PTR user_value = 0x12345678;

template <class T>
LPARAM address(T& object) {
    return reinterpret_cast<LPARAM>(&object);
}

// The structure that the client hands out to a stream's driver.
ACMDRVSTREAMHEADER the_header{};
std::array<BYTE, 64> the_source{};
std::array<BYTE, 64> the_destination{};
HDRVR const the_stream = reinterpret_cast<HDRVR>(std::uintptr_t{0x1008});

bool is_the_header_or_none(DWORD_PTR value) {
    return value == 0 || value == reinterpret_cast<DWORD_PTR>(&the_header);
}

// Callbacks get what the client gave with them.
LONG on_status(LPARAM user, UINT, LONG) {
    require(user == static_cast<LPARAM>(user_value));
    return 0;
}
LONG on_frame(LPARAM user, LONG, void* bits, LONG size) {
    require(user == static_cast<LPARAM>(user_value) && (bits != nullptr || size == 0));
    if (size > 0) static_cast<char*>(bits)[size - 1] = 'x';
    return 0;
}
void on_stream(HDRVR stream, UINT message, DWORD_PTR user, DWORD_PTR first, DWORD_PTR second) {
    require(user == user_value && stream == the_stream);
    require(is_the_header_or_none(first) && is_the_header_or_none(second));
    // What is done is a header, which the client looks into.
    require(message != MM_ACM_DONE || first != 0);
}

struct Picture {
    BITMAPINFOHEADER header{sizeof(BITMAPINFOHEADER), 16, 4, 1, 24, 0, 16 * 4 * 3};
    std::array<DWORD, 256> colours{};  // room for what a driver says of itself
};

class Work {
public:
    Work(core::Module& module, const core::Target& target) : module_(module), target_(target) {}

    LRESULT send(UINT message, LPARAM lparam1, LPARAM lparam2) {
        return module_.call(target_, message, lparam1, lparam2).value;
    }

    void with_sound() {
        ACMDRIVERDETAILSW details{};
        details.cbStruct = sizeof details;
        send(ACMDM_DRIVER_DETAILS, address(details), 0);
        WAVEFORMATEX plain{WAVE_FORMAT_PCM, 1, 8000, 16000, 2, 16, 0};
        WAVEFORMATEX coded{WAVE_FORMAT_ALAW, 1, 8000, 8000, 1, 8, 0};
        ACMDRVFORMATSUGGEST suggest{sizeof suggest, 0, &plain, sizeof plain, &coded, sizeof coded};
        send(ACMDM_FORMAT_SUGGEST, address(suggest), 0);
        ACMDRVSTREAMINSTANCE stream{};
        stream.cbStruct = sizeof stream;
        stream.pwfxSrc = &plain;
        stream.pwfxDst = &coded;
        stream.dwCallback = reinterpret_cast<DWORD_PTR>(on_stream);
        stream.dwInstance = user_value;
        stream.fdwOpen = CALLBACK_FUNCTION;
        stream.has = reinterpret_cast<HACMSTREAM>(the_stream);
        if (send(ACMDM_STREAM_OPEN, address(stream), 0) != 0) return;
        convert(stream);
        send(ACMDM_STREAM_CLOSE, address(stream), 0);
    }

    void with_pictures() {
        ICINFO info{};
        send(ICM_GETINFO, address(info), sizeof info);
        ICSETSTATUSPROC status{0, static_cast<LPARAM>(user_value), on_status};
        send(ICM_SET_STATUS_PROC, address(status), sizeof status);
        Picture in;
        Picture out;
        std::array<char, 4096> state{};
        send(ICM_GETSTATE, address(state), sizeof state);
        send(ICM_COMPRESS_GET_FORMAT, address(in), 0);
        send(ICM_COMPRESS_GET_FORMAT, address(in), address(out));
        compress(in, out);
        ICCOMPRESSFRAMES frames{};
        frames.lpbiInput = &in.header;
        frames.lpbiOutput = &out.header;
        frames.lInput = frames.lOutput = static_cast<LPARAM>(user_value);
        frames.GetData = frames.PutData = on_frame;
        send(ICM_COMPRESS_FRAMES_INFO, address(frames), sizeof frames);
        send(ICM_COMPRESS_FRAMES, 0, 0);
    }

    void with_a_device() {
        std::u16string name = u"file";
        MCI_OPEN_PARMS parms{};
        parms.lpstrElementName = name.data();
        send(MCI_OPEN_DRIVER, MCI_OPEN_ELEMENT, address(parms));
        MCI_GENERIC_PARMS generic{};
        send(MCI_CLOSE_DRIVER, 0, address(generic));
    }

private:
    void convert(ACMDRVSTREAMINSTANCE& stream) {
        ACMDRVSTREAMSIZE size{sizeof size, ACM_STREAMSIZEF_SOURCE, 64, 0};
        send(ACMDM_STREAM_SIZE, address(stream), address(size));
        the_header = {};
        the_header.cbStruct = sizeof the_header;
        the_header.pbSrc = the_source.data();
        the_header.cbSrcLength = the_source.size();
        the_header.pbDst = the_destination.data();
        the_header.cbDstLength = the_destination.size();
        send(ACMDM_STREAM_PREPARE, address(stream), address(the_header));
        send(ACMDM_STREAM_CONVERT, address(stream), address(the_header));
        send(ACMDM_STREAM_UNPREPARE, address(stream), address(the_header));
    }

    void compress(Picture& in, Picture& out) {
        std::array<char, 16 * 4 * 3> bits{};
        std::array<char, 8192> coded{};
        DWORD id = 0;
        DWORD flags = 0;
        ICCOMPRESS frame{};
        frame.lpbiInput = &in.header;
        frame.lpInput = bits.data();
        frame.lpbiOutput = &out.header;
        frame.lpOutput = coded.data();
        frame.lpckid = &id;
        frame.lpdwFlags = &flags;
        const auto room = send(ICM_COMPRESS_GET_SIZE, address(in), address(out));
        send(ICM_COMPRESS_BEGIN, address(in), address(out));
        // A client whose buffer is as large as the driver said it has to be.
        if (room >= 0 && room <= static_cast<LRESULT>(coded.size()) &&
            out.header.biSizeImage <= coded.size()) {
            send(ICM_COMPRESS, address(frame), sizeof frame);
        }
        send(ICM_COMPRESS_END, 0, 0);
    }

    core::Module& module_;
    core::Target target_;
};

}  // namespace

std::string_view section_of(unsigned family) { return family == mci ? "mci32" : "drivers32"; }

bool open_as(core::Module& module, const core::Target& target, unsigned family) {
    Work work(module, target);
    std::u16string parameters = u"text";
    if (family == acm) {
        ACMDRVOPENDESCW open{.cbStruct = sizeof open, .fccType = 0x63647561};
        return work.send(DRV_OPEN, 0, address(open)) != 0;
    }
    if (family == vfw) {
        ICOPEN open{};
        open.dwSize = sizeof open;
        open.fccType = 0x63646976;
        return work.send(DRV_OPEN, reinterpret_cast<LPARAM>(parameters.data()), address(open)) != 0;
    }
    MCI_OPEN_DRIVER_PARMS open{};
    open.lpstrParams = parameters.data();
    return work.send(DRV_OPEN, 0, address(open)) != 0;
}

void work_with(core::Module& module, const core::Target& target, unsigned family) {
    Work work(module, target);
    switch (family) {
        case acm: return work.with_sound();
        case vfw: return work.with_pictures();
        default: return work.with_a_device();
    }
}

}  // namespace instdrv::fuzz
