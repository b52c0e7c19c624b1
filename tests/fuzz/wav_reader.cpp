// A WAV file of any bytes, from a file or, if the first byte is odd, from a pipe. It is read to its
// end, or refused with a reason; no sound comes from it that is not in it, and what is said of its
// header is what is believed.
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/wav_reader.hpp"
#include "require.hpp"

namespace {

using namespace instdrv;

constexpr std::size_t most_in_pipe = 60'000;  // fits, so that nobody has to read meanwhile
using fuzz::require;

Fd pipe_with(std::span<const std::uint8_t> bytes) {
    std::array<int, 2> ends{};
    require(::pipe(ends.data()) == 0);
    Fd reading(ends[0]);
    const Fd writing(ends[1]);
    require(::write(writing.get(), bytes.data(), bytes.size()) ==
            static_cast<ssize_t>(bytes.size()));
    return reading;
}

Fd file_with(std::span<const std::uint8_t> bytes) {
    Fd file(::memfd_create("wav", MFD_CLOEXEC));
    require(::pwrite(file.get(), bytes.data(), bytes.size(), 0) ==
            static_cast<ssize_t>(bytes.size()));
    return file;
}

// As the parser process has it.
Result<codec::WavHeader> header_of(const codec::ByteSource& source) {
    Fd shared(::fcntl(source.fd().get(), F_DUPFD_CLOEXEC, 0));
    auto exact = codec::ByteSource::exact(std::move(shared), source.size().has_value());
    require(exact.has_value());
    return codec::read_wav_header(*exact);
}

void read_all(codec::WavReader& reader, std::size_t file_size) {
    std::array<std::byte, 4096> buffer{};
    std::size_t total = 0;
    for (;;) {
        const auto got = reader.read(buffer);
        if (!got) return require(!got.error().cause.empty());
        total += *got;
        require(total <= file_size);
        if (*got < buffer.size()) break;
    }
    require(reader.at_end().value_or(true));
    if (const auto promised = reader.data_bytes()) require(total == *promised);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::span bytes(data + 1, size - 1);
    const bool piped = (data[0] & 1) != 0 && bytes.size() <= most_in_pipe;
    auto source = codec::ByteSource::from(piped ? pipe_with(bytes) : file_with(bytes), "fuzz");
    require(source.has_value());
    auto header = header_of(*source);
    if (!header) {
        require(!header.error().cause.empty());
        return 0;
    }
    auto reader = codec::WavReader::from(*std::move(source), *std::move(header));
    if (reader) {
        read_all(*reader, bytes.size());
    } else {
        require(reader.error().code != ErrorCode::broken);
    }
    return 0;
}
