#include "parser/parser.hpp"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "supervisor/worker_loader.hpp"

namespace instdrv::parser {
namespace {

// So that its bound of processor time is one of few files.
constexpr int most_answers = 256;

Error about(const std::filesystem::path& file, Error error) {
    if (error.operation.empty()) error.operation = "read";
    error.driver = file.string();
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

}  // namespace

Parser::Parser(std::chrono::milliseconds deadline) : deadline_(deadline) {}

Result<image::Kind> Parser::kind_of(const std::filesystem::path& file) {
    return ask(Question::kind, file, decode_kind);
}

Result<DriverFile> Parser::describe(const std::filesystem::path& file) {
    return ask(Question::driver, file, decode_driver);
}

template <class Value>
Result<Value> Parser::ask(Question question, const std::filesystem::path& file,
                          std::optional<Result<Value>> (*decode)(std::span<const std::byte>)) {
    const auto opened = open_to_parse(file);
    if (!opened) return failure(opened.error());
    const std::lock_guard lock(mutex_);
    const auto bytes = ask_process(question, *opened);
    if (!bytes) {
        process_.reset();
        return failure(about(file, bytes.error()));
    }
    auto answer = decode(*bytes);
    if (!answer) {
        Error error = process_->broke_the_rules();
        process_.reset();
        return failure(about(file, std::move(error)));
    }
    if (!*answer) return failure(about(file, std::move(answer->error())));
    return *std::move(answer);
}

Result<std::vector<std::byte>> Parser::ask_process(Question question, const Fd& file) {
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
    return process_->ask(question, file, Process::Clock::now() + deadline_);
}

}  // namespace instdrv::parser
