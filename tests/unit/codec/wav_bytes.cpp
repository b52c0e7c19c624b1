#include "wav_bytes.hpp"

#include <array>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/riff.hpp"

namespace instdrv::test {
namespace {

void must(bool condition) {
    if (!condition) throw std::runtime_error("the test could not be set up");
}

codec::ByteSource source_of(int fd, const char* name) {
    auto source = codec::ByteSource::from(Fd(fd), name);
    must(source.has_value());
    return *std::move(source);
}

void write_to(int fd, const Bytes& content) {
    must(::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
}

}  // namespace

Bytes bytes_of(std::string_view text) {
    Bytes bytes;
    codec::append(bytes, text);
    return bytes;
}

Bytes sound_of(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(i + 1);
    return bytes;
}

WavBytes::WavBytes(std::string_view riff, std::string_view form) {
    codec::append(bytes_, riff);
    codec::append(bytes_, std::uint32_t{0});
    codec::append(bytes_, form);
}

WavBytes& WavBytes::chunk(std::string_view name, const Bytes& content,
                          std::optional<std::uint32_t> size) {
    codec::append(bytes_, name);
    codec::append(bytes_, size.value_or(static_cast<std::uint32_t>(content.size())));
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    if (content.size() % 2 != 0) bytes_.emplace_back();
    return *this;
}

WavBytes& WavBytes::format(const codec::WaveFormat& format) {
    return chunk("fmt ", Bytes(format.chunk().begin(), format.chunk().end()));
}

WavBytes& WavBytes::fact(std::uint32_t samples) {
    Bytes content;
    codec::append(content, samples);
    return chunk("fact", content);
}

WavBytes& WavBytes::riff_size(std::uint32_t size) {
    std::memcpy(bytes_.data() + 4, &size, sizeof size);
    return *this;
}

WavBytes& WavBytes::right_riff_size() {
    return riff_size(static_cast<std::uint32_t>(bytes_.size() - 8));
}

codec::ByteSource file_source(const Bytes& content) {
    const int fd = ::memfd_create("sound", MFD_CLOEXEC);
    must(fd >= 0);
    write_to(fd, content);
    must(::lseek(fd, 0, SEEK_SET) == 0);
    return source_of(fd, "file.wav");
}

codec::ByteSource pipe_source(const Bytes& content) {
    std::array<int, 2> ends{};
    must(::pipe2(ends.data(), O_CLOEXEC) == 0);
    must(content.size() <= 64 * 1024);
    write_to(ends[1], content);
    ::close(ends[1]);
    return source_of(ends[0], "pipe");
}

Result<codec::WavHeader> header_of(const codec::ByteSource& source) {
    Fd shared(::fcntl(source.fd().get(), F_DUPFD_CLOEXEC, 0));
    auto exact = codec::ByteSource::exact(std::move(shared), source.size().has_value());
    must(exact.has_value());
    auto header = codec::read_wav_header(*exact);
    if (!header) header.error().driver = source.name();
    return header;
}

Result<codec::WavReader> read_wav(codec::ByteSource source) {
    auto header = header_of(source);
    if (!header) return failure(std::move(header.error()));
    return codec::WavReader::from(std::move(source), *std::move(header));
}

Result<codec::WavReader> read_wav(const std::filesystem::path& file) {
    return codec::ByteSource::open(file).and_then(
        [](codec::ByteSource source) { return read_wav(std::move(source)); });
}

}  // namespace instdrv::test
