#include "codec/output_file.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
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

// The descriptor of this process that a path names.
std::optional<int> descriptor_named(const std::string& path) {
    if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        int number = 0;
        if (!path.starts_with(folder)) continue;
        const auto* const end = path.data() + path.size();
        const auto read = std::from_chars(path.data() + folder.size(), end, number);
        if (read.ec == std::errc() && read.ptr == end) return number;
    }
    return std::nullopt;
}

Error refusal(const std::filesystem::path& target, int number, const char* cause,
              const char* advice) {
    auto error = io_error("write", target, number);
    error.cause = cause;
    error.advice = advice;
    return error;
}

Error exists_already(const std::filesystem::path& target) {
    return refusal(target, EEXIST, "it exists already", "Name another file, or give --force");
}

Error is_the_source(const std::filesystem::path& target) {
    return refusal(target, EINVAL, "it is the file that is read", "Name another file");
}

// What root may do all the same, nobody has asked for.
Status check_writable(const std::filesystem::path& target, const struct stat& status) {
    const bool anybody = (status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) != 0;
    if (anybody && ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) == 0) return {};
    return failure(refusal(target, EACCES, "it exists and is write-protected",
                           "Remove it, or make it writable, if it is not needed any more"));
}

}  // namespace

Result<OutputFile> OutputFile::create_directly(Fd fd, const std::filesystem::path& target,
                                               std::optional<FileIdentity> source) {
    if (!fd) return failure(io_error("write", target, errno));
    if (source && identity_of(fd.get()) == source) return failure(is_the_source(target));
    return OutputFile(std::move(fd), target, Existing::replace, false);
}

Result<OutputFile> OutputFile::create_beside(const std::filesystem::path& target,
                                             Existing existing) {
    constexpr mode_t usual = 0666;  // less what the umask takes
    Fd nameless(::open(folder_of(target).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, usual));
    if (nameless) return OutputFile(std::move(nameless), target, existing, true);
    if (errno != EOPNOTSUPP && errno != EISDIR) return failure(io_error("write", target, errno));
    const auto name = temporary_name(target);
    Fd named(::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, usual));
    if (!named) return failure(io_error("write", target, errno));
    OutputFile file(std::move(named), target, existing, true);
    file.temporary_ = name;
    return file;
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& target, Existing existing,
                                      std::optional<FileIdentity> source) {
    if (const auto number = descriptor_named(target.string())) {
        return create_directly(Fd(::fcntl(*number, F_DUPFD_CLOEXEC, 0)),
                               target == "-" ? "standard output" : target, source);
    }
    const auto real = resolved(target);
    struct stat status {};
    if (::stat(real.c_str(), &status) != 0) return create_beside(real, existing);
    if (S_ISDIR(status.st_mode)) return failure(io_error("write", target, EISDIR));
    if (!S_ISREG(status.st_mode)) {
        return create_directly(Fd(::open(real.c_str(), O_WRONLY | O_CLOEXEC)), target, source);
    }
    if (source && identity_in(status) == source) return failure(is_the_source(target));
    if (existing == Existing::refuse) return failure(exists_already(target));
    if (Status writable = check_writable(real, status); !writable) {
        return failure(std::move(writable).error());
    }
    return create_beside(real, existing);
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

// Gives the nameless file a name that nothing has.
Status OutputFile::give_name(const std::filesystem::path& name) {
    const auto descriptor = fmt::format("/proc/self/fd/{}", fd_.get());
    if (::linkat(AT_FDCWD, descriptor.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
        return {};
    }
    return failure(errno == EEXIST ? exists_already(target_) : io_error("write", target_, errno));
}

// Puts the file where there is none; somebody may have made one meanwhile.
Status OutputFile::take_free_place() {
    if (temporary_.empty()) return give_name(target_);
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) ==
        0) {
        temporary_.clear();
        return {};
    }
    // Where the file system cannot do that. The name that is left goes with this object.
    if (errno == EINVAL && ::link(temporary_.c_str(), target_.c_str()) == 0) return {};
    return failure(errno == EEXIST ? exists_already(target_) : io_error("write", target_, errno));
}

Status OutputFile::take_place() {
    struct stat status {};
    if (::stat(target_.c_str(), &status) == 0) {
        if (Status writable = check_writable(target_, status); !writable) return writable;
    }
    if (temporary_.empty()) {
        auto name = temporary_name(target_);
        if (Status named = give_name(name); !named) return named;
        temporary_ = std::move(name);
    }
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        return failure(io_error("write", target_, errno));
    }
    temporary_.clear();
    return {};
}

Status OutputFile::commit() {
    if (!patchable_) return fd_.close();
    if (::fsync(fd_.get()) != 0) return failure(io_error("write", target_, errno));
    if (Status placed = existing_ == Existing::replace ? take_place() : take_free_place();
        !placed) {
        return placed;
    }
    if (Status closed = fd_.close(); !closed) return closed;
    return flush_folder_of(target_);
}

}  // namespace instdrv::codec
