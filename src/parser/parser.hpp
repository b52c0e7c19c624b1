// Looks into files of strangers, in a process that can do nothing else.
//
// A file that is not to be trusted is opened here and parsed there: the parser process is handed
// its descriptor, is confined as workers are, without a single file, and answers with plain values
// (protocol.hpp). What crashes, hangs or uses up its memory is that process; the caller gets an
// Error that names the file and says what happened. Where a process cannot be confined, nothing is
// parsed, as no worker runs a driver then.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/file_part.hpp"
#include "parser/driver_file.hpp"
#include "parser/process.hpp"
#include "parser/protocol.hpp"

namespace instdrv::parser {

// Starts its process for the first file, keeps it for the next ones, and takes a new one after one
// that failed, and after some hundred files. [any thread; one file at a time]
class Parser {
public:
    static constexpr std::chrono::seconds default_deadline{10};
    static constexpr std::int64_t largest_file = std::int64_t{512} << 20;  // bytes

    // deadline: for each file, and for the start of a process.
    explicit Parser(std::chrono::milliseconds deadline = default_deadline);

    // What kind of file it is. Errors as image::probe has them; code `io` for what cannot be read
    // or is larger than largest_file, timed_out, crashed, denied or out_of_memory for what became
    // of the process. All name the file.
    Result<image::Kind> kind_of(const std::filesystem::path& file);
    // What it says of itself (describe.hpp). The same errors.
    Result<DriverFile> describe(const std::filesystem::path& file);

private:
    template <class Value>
    Result<Value> ask(Question question, const std::filesystem::path& file,
                      std::optional<Result<Value>> (*decode)(std::span<const std::byte>));
    // The bytes of an answer, from a process that is started where there is none.
    Result<std::vector<std::byte>> ask_process(Question question, const Fd& file);

    std::chrono::milliseconds deadline_;
    std::mutex mutex_;
    std::optional<Process> process_;
};

}  // namespace instdrv::parser
