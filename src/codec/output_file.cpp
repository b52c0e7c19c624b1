#include "codec/output_file.hpp"

#include <cerrno>
#include <random>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace instdrv::codec {
namespace {

// Behind symbolic links: replacing a link would leave the file it names as it was.
std::filesystem::path resolved(const std::filesystem::path& target) {
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(target, error);
    return error ? target : path;
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

std::filesystem::path temporary_name(const std::filesystem::path& target) {
    std::random_device random;
    return folder_of(target) /
           fmt::format(".{}.{:08x}{:08x}", target.filename().string(), random(), random());
}

Status flush_folder_of(const std::filesystem::path& file) {
    const Fd fd(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) return failure(io_error("write", file, errno));
    return {};
}

}  // namespace

Result<OutputFile> OutputFile::create_directly(const std::filesystem::path& target) {
    const bool standard_output = target == "-";
    Fd fd(standard_output ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                          : ::open(target.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd) return failure(io_error("write", target, errno));
    return OutputFile(std::move(fd), standard_output ? "standard output" : target, false);
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& target) {
    constexpr mode_t usual = 0666;  // less what the umask takes
    std::error_code unknown;
    const auto status = std::filesystem::status(target, unknown);
    if (std::filesystem::is_directory(status)) return failure(io_error("write", target, EISDIR));
    const bool special =
        std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
    if (target == "-" || special) return create_directly(target);

    const auto real = resolved(target);
    Fd nameless(::open(folder_of(real).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, usual));
    if (nameless) return OutputFile(std::move(nameless), real, true);
    if (errno != EOPNOTSUPP && errno != EISDIR) return failure(io_error("write", target, errno));
    const auto name = temporary_name(real);
    Fd named(::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, usual));
    if (!named) return failure(io_error("write", target, errno));
    OutputFile file(std::move(named), real, true);
    file.temporary_ = name;
    return file;
}

OutputFile::~OutputFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status OutputFile::write(std::span<const std::byte> content) {
    return write_all(fd_.get(), content, target_);
}

Status OutputFile::patch(std::uint64_t position, std::span<const std::byte> content) {
    while (!content.empty()) {
        const auto written =
            ::pwrite(fd_.get(), content.data(), content.size(), static_cast<off_t>(position));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure(io_error("write", target_, errno));
        content = content.subspan(static_cast<std::size_t>(written));
        position += static_cast<std::uint64_t>(written);
    }
    return {};
}

Status OutputFile::name_it() {
    if (!temporary_.empty()) return {};
    const auto descriptor = fmt::format("/proc/self/fd/{}", fd_.get());
    const auto name = temporary_name(target_);
    if (::linkat(AT_FDCWD, descriptor.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        return failure(io_error("write", target_, errno));
    }
    temporary_ = name;
    return {};
}

Status OutputFile::commit() {
    if (!patchable_) return fd_.close();
    if (::fsync(fd_.get()) != 0) return failure(io_error("write", target_, errno));
    if (Status named = name_it(); !named) return named;
    if (Status closed = fd_.close(); !closed) return closed;
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        return failure(io_error("write", target_, errno));
    }
    temporary_.clear();
    return flush_folder_of(target_);
}

}  // namespace instdrv::codec
