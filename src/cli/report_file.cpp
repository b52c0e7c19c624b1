#include "cli/report_file.hpp"

#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/fd.hpp"
#include "codec/output_file.hpp"

namespace instdrv::cli {
namespace {

using codec::OutputFile;
using nlohmann::json;

constexpr std::size_t largest_report = std::size_t{64} << 20;

// What is in the file is no more than an older report.
bool holds_a_report(const std::filesystem::path& file) {
    const auto content = read_file(file, largest_report);
    if (!content) return false;
    if (content->empty()) return true;
    const auto* const text = reinterpret_cast<const char*>(content->data());
    const auto read = json::parse(text, text + content->size(), nullptr, false);
    return read.is_object() && read.contains("announced_by") && read.contains("ended_well");
}

Result<OutputFile> create(const std::filesystem::path& file, bool force) {
    const bool replace = force || holds_a_report(file);
    auto output = OutputFile::create(
        file, replace ? OutputFile::Existing::replace : OutputFile::Existing::refuse);
    if (output) return output;
    auto error = std::move(output).error();
    error.operation = "write the report to";
    if (error.system_code == EEXIST) error.cause = "it exists, and is no report of a session";
    return failure(std::move(error));
}

Status write_whole(const std::filesystem::path& file, bool force, const std::string& text) {
    auto output = create(file, force);
    if (!output) return failure(std::move(output).error());
    if (Status written = output->write(std::as_bytes(std::span(text))); !written) return written;
    return output->commit();
}

}  // namespace

Result<std::unique_ptr<ReportFile>> ReportFile::open(const std::filesystem::path& file,
                                                     bool force) {
    std::error_code unknown;
    const auto status = std::filesystem::status(file, unknown);
    // Opening a pipe would wait for its reader.
    if (!std::filesystem::exists(status) || !std::filesystem::is_other(status)) {
        if (auto output = create(file, force); !output) return failure(std::move(output).error());
    }
    auto writer = WorkThread::start("report", 0);
    if (!writer) return failure(std::move(writer).error());
    auto state = std::make_shared<State>(file, force);
    return std::unique_ptr<ReportFile>(new ReportFile(std::move(state), *std::move(writer)));
}

void ReportFile::write(std::string text) {
    writer_->post([state = state_, text = std::move(text)] {
        auto written = write_whole(state->file, state->force, text);
        const std::lock_guard lock(state->mutex);
        state->outcome = std::move(written);
    });
}

Status ReportFile::finish(Clock::time_point until) {
    if (writer_->wait(until)) {
        const std::lock_guard lock(state_->mutex);
        return state_->outcome;
    }
    return failure(Error{.code = ErrorCode::timed_out,
                         .operation = "write the report to",
                         .driver = state_->file.string(),
                         .cause = "it was not taken in time"});
}

}  // namespace instdrv::cli
