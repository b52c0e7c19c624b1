#include "codec/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace instdrv::codec {

Result<ByteSource> ByteSource::open(const std::filesystem::path& file) {
    const bool standard_input = file == "-";
    Fd fd(standard_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                         : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return failure(io_error("open", file, errno));
    return from(std::move(fd), standard_input ? "standard input" : file.string());
}

Result<ByteSource> ByteSource::from(Fd fd, std::string name) {
    ByteSource source(std::move(fd), std::move(name));
    struct stat status {};
    if (::fstat(source.fd_.get(), &status) != 0) {
        return failure(io_error("read", source.name_, errno));
    }
    if (S_ISDIR(status.st_mode)) return failure(io_error("read", source.name_, EISDIR));
    const off_t start = ::lseek(source.fd_.get(), 0, SEEK_CUR);
    if (S_ISREG(status.st_mode) && start >= 0) {
        source.start_ = static_cast<std::uint64_t>(start);
        source.size_ = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - start, 0));
    }
    return source;
}

Result<ByteSource> ByteSource::exact(Fd fd, bool is_file) {
    ByteSource source(std::move(fd), {});
    source.is_exact_ = true;
    if (!is_file) return source;
    const off_t start = ::lseek(source.fd_.get(), 0, SEEK_CUR);
    const off_t end = ::lseek(source.fd_.get(), 0, SEEK_END);
    if (start < 0 || end < 0) return failure(io_error("read", {}, errno));
    source.start_ = static_cast<std::uint64_t>(start);
    source.size_ = static_cast<std::uint64_t>(std::max<off_t>(end - start, 0));
    if (Status back = source.seek(0); !back) return failure(back.error());
    return source;
}

Result<std::span<const std::byte>> ByteSource::buffered(std::uint64_t wanted) {
    const auto most = is_exact_ ? std::min<std::uint64_t>(wanted, buffer_.size()) : buffer_.size();
    while (begin_ == end_) {
        const auto got = ::read(fd_.get(), buffer_.data(), static_cast<std::size_t>(most));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(io_error("read", name_, errno));
        begin_ = 0;
        end_ = static_cast<std::size_t>(got);
        if (got == 0) break;
    }
    return std::span<const std::byte>(buffer_).subspan(begin_, end_ - begin_);
}

Result<std::size_t> ByteSource::read(std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        const auto available = buffered(out.size() - filled);
        if (!available) return failure(available.error());
        if (available->empty()) break;
        const std::size_t count = std::min(available->size(), out.size() - filled);
        std::ranges::copy(available->first(count),
                          out.begin() + static_cast<std::ptrdiff_t>(filled));
        filled += count;
        begin_ += count;
    }
    position_ += filled;
    return filled;
}

Result<bool> ByteSource::at_end() {
    return buffered(1).map([](std::span<const std::byte> available) { return available.empty(); });
}

Status ByteSource::skip(std::uint64_t count) {
    const bool within_buffer = count <= end_ - begin_;
    if (size_ && !within_buffer)
        return seek(count > *size_ - std::min(position_, *size_) ? *size_ : position_ + count);
    while (count > 0) {
        const auto available = buffered(count);
        if (!available) return failure(available.error());
        if (available->empty()) break;
        const auto step =
            static_cast<std::size_t>(std::min<std::uint64_t>(count, available->size()));
        begin_ += step;
        position_ += step;
        count -= step;
    }
    return {};
}

Status ByteSource::seek(std::uint64_t position) {
    if (::lseek(fd_.get(), static_cast<off_t>(start_ + position), SEEK_SET) < 0) {
        return failure(io_error("read", name_, errno));
    }
    begin_ = end_ = 0;
    position_ = position;
    return {};
}

}  // namespace instdrv::codec
