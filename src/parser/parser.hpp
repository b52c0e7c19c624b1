// Parses untrusted files, in a process that can do nothing else.
//
// The caller opens a file and hands over its descriptor. The parser process is confined as workers
// are, without access to any other file, and answers with plain values (protocol.hpp). If it
// crashes, hangs or uses up its memory, the caller gets an Error that names the file and says what
// happened. Where the process cannot be confined, nothing is parsed.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "codec/byte_source.hpp"
#include "codec/wav_header.hpp"
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
    // What the header of a WAV file says (codec::read_wav_header). A file of any size, or a pipe,
    // for which there is no deadline, because its other end may take its time: it is read up to its
    // sound. The source is not used otherwise. The same errors.
    Result<codec::WavHeader> wav_header_of(const codec::ByteSource& source);

private:
    using Timeout = std::chrono::milliseconds;
    template <class Value>
    using Decode = std::optional<Result<Value>> (*)(std::span<const std::byte>);

    template <class Value>
    Result<Value> ask_of(Question question, const std::filesystem::path& file,
                         Decode<Value> decode);
    // name: of the file, for errors.
    template <class Value>
    Result<Value> ask(Question question, const Fd& file, const std::string& name, Timeout timeout,
                      Decode<Value> decode);
    // The bytes of an answer, from a process that is started where there is none.
    Result<std::vector<std::byte>> ask_process(Question question, const Fd& file, Timeout timeout);

    std::chrono::milliseconds deadline_;
    std::mutex mutex_;
    std::optional<Process> process_;
};

}  // namespace instdrv::parser
