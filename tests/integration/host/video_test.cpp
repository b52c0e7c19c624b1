// The video codecs of libwine through ICM_* messages: the same pictures in this process, in a
// worker and in a 32-bit worker.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <instdrv/devices.h>
#include <instdrv/vfw.h>

#include "base/fd.hpp"
#include "driver_files.hpp"
#include "support/command.hpp"
#include "support/i386.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

using Bytes = std::vector<std::byte>;

constexpr LONG width = 64;
constexpr LONG height = 48;

constexpr DWORD fourcc(const char (&text)[5]) {
    return static_cast<DWORD>(text[0]) | static_cast<DWORD>(text[1]) << 8 |
           static_cast<DWORD>(text[2]) << 16 | static_cast<DWORD>(text[3]) << 24;
}

// A header with room for colours behind it.
struct Format {
    BITMAPINFOHEADER header{};
    DWORD colours[256] = {};
};

Format picture_format(WORD bits) {
    Format format;
    format.header = {.biSize = sizeof format.header,
                     .biWidth = width,
                     .biHeight = height,
                     .biPlanes = 1,
                     .biBitCount = bits,
                     .biCompression = BI_RGB,
                     .biSizeImage = static_cast<DWORD>(width * height * bits / 8)};
    if (bits == 8) {
        format.header.biClrUsed = 256;
        for (DWORD i = 0; i < 256; ++i)
            format.colours[i] = i << 16 | i << 8 | i;
    }
    return format;
}

// Flat areas with edges, which every codec can do, moving with the frame's number.
Bytes picture(WORD bits, int frame) {
    Bytes out(static_cast<std::size_t>(width * height * bits / 8));
    const auto pixel_bytes = static_cast<std::size_t>(bits / 8);
    for (std::size_t i = 0; i < out.size() / pixel_bytes; ++i) {
        const auto x = static_cast<int>(i % width) + frame * 8;
        const auto y = static_cast<int>(i / width);
        const auto shade = static_cast<std::byte>((x / 16 + y / 16) % 2 == 0 ? 200 : 40);
        std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(i * pixel_bytes), pixel_bytes, shade);
    }
    return out;
}

double mean_difference(const Bytes& a, const Bytes& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(static_cast<int>(a[i]) - static_cast<int>(b[i]));
    return sum / static_cast<double>(a.size());
}

class Codec {
public:
    Codec(Host& host, const std::string& file, DWORD handler, DWORD mode) {
        ICOPEN open{.dwSize = sizeof open,
                    .fccType = fourcc("vidc"),
                    .fccHandler = handler,
                    .dwVersion = 0x104,
                    .dwFlags = mode};
        auto driver = host.open(file, {.section = {}, .lparam2 = reinterpret_cast<LPARAM>(&open)});
        EXPECT_TRUE(driver) << driver.error().text();
        if (driver) driver_ = std::move(*driver);
    }
    LRESULT send(UINT message, const void* first, const void* second) const {
        const auto answer = driver_.send(message, reinterpret_cast<LPARAM>(first),
                                         reinterpret_cast<LPARAM>(second));
        EXPECT_TRUE(answer) << answer.error().text();
        return answer.value_or(-99);
    }
    LRESULT send(UINT message, void* structure, std::size_t size) const {
        return send(message, structure, reinterpret_cast<const void*>(size));
    }

private:
    Driver driver_;
};

struct Coded {
    Format format;
    std::vector<Bytes> frames;
};

Coded compress(const Codec& codec, WORD bits, int count) {
    Coded coded;
    Format input = picture_format(bits);
    EXPECT_EQ(codec.send(ICM_COMPRESS_QUERY, &input, nullptr), 0);
    const auto size = codec.send(ICM_COMPRESS_GET_FORMAT, &input, nullptr);
    EXPECT_GE(size, static_cast<LRESULT>(sizeof(BITMAPINFOHEADER)));
    EXPECT_LE(size, static_cast<LRESULT>(sizeof(Format)));
    EXPECT_EQ(codec.send(ICM_COMPRESS_GET_FORMAT, &input, &coded.format), 0);
    const auto most = codec.send(ICM_COMPRESS_GET_SIZE, &input, &coded.format);
    EXPECT_GT(most, 0);
    EXPECT_EQ(codec.send(ICM_COMPRESS_BEGIN, &input, &coded.format), 0);
    for (int frame = 0; frame < count; ++frame) {
        Bytes source = picture(bits, frame);
        Bytes out(static_cast<std::size_t>(most));
        coded.format.header.biSizeImage = static_cast<DWORD>(most);
        DWORD chunk = 0;
        DWORD flags = 0;
        ICCOMPRESS call{.dwFlags = 1,  // ICCOMPRESS_KEYFRAME
                        .lpbiOutput = &coded.format.header,
                        .lpOutput = out.data(),
                        .lpbiInput = &input.header,
                        .lpInput = source.data(),
                        .lpckid = &chunk,
                        .lpdwFlags = &flags,
                        .lFrameNum = frame,
                        .dwQuality = 10'000};
        EXPECT_EQ(codec.send(ICM_COMPRESS, &call, sizeof call), 0);
        EXPECT_LE(coded.format.header.biSizeImage, out.size());
        out.resize(coded.format.header.biSizeImage);
        coded.frames.push_back(std::move(out));
    }
    EXPECT_EQ(codec.send(ICM_COMPRESS_END, nullptr, nullptr), 0);
    return coded;
}

std::vector<Bytes> decompress(const Codec& codec, Coded coded, WORD bits) {
    std::vector<Bytes> pictures;
    Format output = picture_format(bits);
    EXPECT_EQ(codec.send(ICM_DECOMPRESS_QUERY, &coded.format, &output), 0);
    EXPECT_EQ(codec.send(ICM_DECOMPRESS_BEGIN, &coded.format, &output), 0);
    Bytes out(output.header.biSizeImage);
    for (Bytes& frame : coded.frames) {
        coded.format.header.biSizeImage = static_cast<DWORD>(frame.size());
        ICDECOMPRESS call{.lpbiInput = &coded.format.header,
                          .lpInput = frame.data(),
                          .lpbiOutput = &output.header,
                          .lpOutput = out.data()};
        EXPECT_EQ(codec.send(ICM_DECOMPRESS, &call, sizeof call), 0);
        pictures.push_back(out);
    }
    EXPECT_EQ(codec.send(ICM_DECOMPRESS_END, nullptr, nullptr), 0);
    return pictures;
}

struct Place {
    const char* name;
    std::string folder;
    Placement placement;
};

class VideoTest : public testing::Test {
protected:
    static std::vector<Place> places() {
        std::vector<Place> places{{"in process", "", Placement::in_process},
                                  {"in a worker", "", Placement::worker}};
        if (runs_i386) places.push_back({"32 bits", INSTDRV_WINE_DLLS_32 "/", Placement::worker});
        return places;
    }
    static HostOptions options(const Place& place) {
        return {.configuration = {},
                .state_folder = testing::TempDir() + "/state",
                .placement = place.placement};
    }
};

// What each place made of the same pictures, which must be the same everywhere and the pictures.
struct Outcome {
    std::vector<Bytes> coded;
    std::vector<Bytes> decoded;
};

void expect_the_same(const std::vector<Outcome>& outcomes) {
    for (const auto& outcome : outcomes) {
        EXPECT_EQ(outcome.coded, outcomes.front().coded);
        EXPECT_EQ(outcome.decoded, outcomes.front().decoded);
    }
}

TEST_F(VideoTest, RunLengthsAreCompressedAndDecompressedTheSameEverywhere) {
    std::vector<Outcome> outcomes;
    for (const auto& place : places()) {
        SCOPED_TRACE(place.name);
        Host host(options(place));
        const auto file = place.folder + "msrle32.dll";
        const auto coded = compress(Codec(host, file, fourcc("mrle"), ICMODE_COMPRESS), 8, 2);
        const auto decoded =
            decompress(Codec(host, file, fourcc("mrle"), ICMODE_DECOMPRESS), coded, 8);
        ASSERT_EQ(decoded.size(), 2u);
        EXPECT_EQ(decoded[1], picture(8, 1)) << "lossless";
        outcomes.push_back({coded.frames, decoded});
    }
    expect_the_same(outcomes);
}

// A gray frame, from ffmpeg: the drivers that follow only decompress.
Bytes gray_frame(const std::string& encoder) {
    const TemporaryFolder folder;
    const auto frame = folder / "frame";
    const auto made = run({.arguments = {"ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
                                         "color=c=gray:size=64x48:rate=1:duration=1", "-c:v",
                                         encoder, "-f", "rawvideo", frame.string()},
                           .folder = {},
                           .input = {},
                           .environment = {}});
    EXPECT_EQ(made.status, 0) << made.err;
    return read_file(frame).value_or(Bytes{});
}

TEST_F(VideoTest, CinepakIsDecompressedTheSameEverywhere) {
    Coded coded;
    coded.format = picture_format(24);
    coded.format.header.biCompression = fourcc("cvid");
    coded.frames.push_back(gray_frame("cinepak"));
    const Bytes gray(static_cast<std::size_t>(width * height * 3), std::byte{128});
    std::vector<Outcome> outcomes;
    for (const auto& place : places()) {
        SCOPED_TRACE(place.name);
        Host host(options(place));
        const auto decoded = decompress(
            Codec(host, place.folder + "iccvid.dll", fourcc("cvid"), ICMODE_DECOMPRESS), coded, 24);
        ASSERT_EQ(decoded.size(), 1u);
        EXPECT_LT(mean_difference(decoded[0], gray), 4.0);
        outcomes.push_back({coded.frames, decoded});
    }
    expect_the_same(outcomes);
}

TEST_F(VideoTest, VideoOneIsDecompressedTheSameEverywhere) {
    Coded coded;
    coded.format = picture_format(16);
    coded.format.header.biCompression = fourcc("CRAM");
    coded.frames.push_back(gray_frame("msvideo1"));
    std::vector<Outcome> outcomes;
    for (const auto& place : places()) {
        SCOPED_TRACE(place.name);
        Host host(options(place));
        const auto decoded = decompress(
            Codec(host, place.folder + "msvidc32.dll", fourcc("msvc"), ICMODE_DECOMPRESS), coded,
            16);
        ASSERT_EQ(decoded.size(), 1u);
        // Gray in 5 bits a colour: 16, 16, 16.
        const std::uint16_t gray = 16 << 10 | 16 << 5 | 16;
        std::uint16_t pixel = 0;
        std::memcpy(&pixel, decoded[0].data() + 2000, sizeof pixel);
        EXPECT_EQ(pixel & 0x7FFF, gray);
        outcomes.push_back({coded.frames, decoded});
    }
    expect_the_same(outcomes);
}

}  // namespace
}  // namespace instdrv::test
