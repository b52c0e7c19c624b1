#include "parser/parser.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervisor/worker_loader.hpp"

namespace instdrv::parser {
namespace {

// So that its bound of processor time is one of few files.
constexpr int most_answers = 256;

// Longer than anybody waits.
constexpr std::chrono::hours no_deadline{24 * 365};

Error about(const std::string& name, Error error) {
    if (error.operation.empty()) error.operation = "read";
    error.driver = name;
    return error;
}

Result<Fd> open_to_parse(const std::filesystem::path& file) {
    auto fd = open_regular_file(file);
    if (!fd) return fd;
    struct stat status {};
    if (::fstat(fd->get(), &status) != 0) return failure(io_error("read", file, errno));
    if (status.st_size > Parser::largest_file) return failure(io_error("read", file, EFBIG));
    return fd;
}

// The same, to be read alone. None, with errno, where it cannot be had so.
Fd reopened(const Fd& fd) {
    Fd opened(::open(fmt::format("/proc/self/fd/{}", fd.get()).c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened) return opened;
    const off_t position = ::lseek(fd.get(), 0, SEEK_CUR);
    if (position > 0) ::lseek(opened.get(), position, SEEK_SET);
    return opened;
}

// What is handed over can only be read. The end of a socket cannot be opened so; who is at the
// other one is whoever the file comes from.
Result<Fd> for_reading(const Fd& fd, const std::string& name) {
    const bool is_so = (::fcntl(fd.get(), F_GETFL) & O_ACCMODE) == O_RDONLY;
    Fd handed = is_so ? Fd() : reopened(fd);
    if (is_so || (!handed && errno == ENXIO)) handed = Fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
    if (!handed) return failure(io_error("read", name, errno));
    return handed;
}

}  // namespace

Parser::Parser(std::chrono::milliseconds deadline) : deadline_(deadline) {}

Result<image::Kind> Parser::kind_of(const std::filesystem::path& file) {
    return ask_of(Question::kind, file, decode_kind);
}

Result<DriverFile> Parser::describe(const std::filesystem::path& file) {
    return ask_of(Question::driver, file, decode_driver);
}

Result<codec::WavHeader> Parser::wav_header_of(const codec::ByteSource& source) {
    const auto file = for_reading(source.fd(), source.name());
    if (!file) return failure(file.error());
    return source.size() ? ask(Question::wav_file, *file, source.name(), deadline_, decode_wav)
                         : ask(Question::wav_pipe, *file, source.name(), no_deadline, decode_wav);
}

template <class Value>
Result<Value> Parser::ask_of(Question question, const std::filesystem::path& file,
                             Decode<Value> decode) {
    const auto opened = open_to_parse(file);
    if (!opened) return failure(opened.error());
    return ask(question, *opened, file.string(), deadline_, decode);
}

template <class Value>
Result<Value> Parser::ask(Question question, const Fd& file, const std::string& name,
                          Timeout timeout, Decode<Value> decode) {
    const std::lock_guard lock(mutex_);
    const auto bytes = ask_process(question, file, timeout);
    if (!bytes) {
        process_.reset();
        return failure(about(name, bytes.error()));
    }
    auto answer = decode(*bytes);
    if (!answer) {
        Error error = process_->broke_the_rules();
        process_.reset();
        return failure(about(name, std::move(error)));
    }
    if (!*answer) return failure(about(name, std::move(answer->error())));
    return *std::move(answer);
}

Result<std::vector<std::byte>> Parser::ask_process(Question question, const Fd& file,
                                                   Timeout timeout) {
    if (process_ && process_->answers() >= most_answers) process_.reset();
    if (!process_) {
        const auto program = supervisor::confined_program("instdrv-parser");
        auto started = Process::start(program, Process::Clock::now() + deadline_);
        if (!started) {
            Error error = started.error();
            error.operation.clear();
            error.cause = fmt::format("{} could not be started: {}", program.string(), error.cause);
            return failure(std::move(error));
        }
        process_.emplace(*std::move(started));
    }
    return process_->ask(question, file, Process::Clock::now() + timeout);
}

}  // namespace instdrv::parser
