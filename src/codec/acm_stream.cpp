#include "codec/acm_stream.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "codec/acm_error.hpp"

namespace instdrv::codec {
namespace {

// More than any real block needs; a driver that asks for more is wrong.
constexpr std::uint32_t largest_buffer = 256u << 20;

}  // namespace

// Zeroed memory of a stream's.
class StreamBuffer {
public:
    static Result<StreamBuffer> take(const AcmTakeBuffer& take_buffer, std::size_t size) {
        StreamBuffer buffer;
        buffer.size_ = size;
        if (take_buffer) {
            auto taken = take_buffer(size);
            if (!taken) return failure(std::move(taken.error()));
            buffer.memory_ = std::move(*taken);
        } else {
            buffer.memory_ = {new std::byte[size], std::default_delete<std::byte[]>()};
        }
        std::fill_n(buffer.memory_.get(), size, std::byte{});
        return buffer;
    }
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {memory_.get(), size_}; }

private:
    std::shared_ptr<std::byte> memory_;
    std::size_t size_ = 0;
};

// The structures that the driver keeps pointers to, so they stay where they are.
class AcmStream::State {
public:
    explicit State(Request request) : request_(std::move(request)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { close(); }

    Status open(DWORD flags);
    Status allocate();
    Result<Converted> convert(std::size_t length, DWORD flags);
    std::span<std::byte> input() noexcept { return input_.bytes(); }

private:
    Status send(const char* operation, UINT message, LPARAM lparam2) const;
    Result<std::uint32_t> destination_size(std::uint32_t source) const;
    Status prepare();
    void close();
    Error lie(std::string cause) const;

    Request request_;
    StreamInstance instance_;
    ACMDRVSTREAMHEADER header_{};
    StreamBuffer input_;
    StreamBuffer output_;
    bool open_ = false;
    bool prepared_ = false;
};

Status AcmStream::State::send(const char* operation, UINT message, LPARAM lparam2) const {
    auto& instance = const_cast<StreamInstance&>(instance_);
    const auto answer = request_.send(message, parameter(instance), lparam2);
    if (!answer) return failure(answer.error());
    if (*answer == MMSYSERR_NOERROR) return {};
    return failure(acm_error(operation, request_.driver, static_cast<MMRESULT>(*answer)));
}

Status AcmStream::State::open(DWORD flags) {
    instance_ = make<StreamInstance>(request_.layout);
    std::visit(
        [&](auto& instance) {
            instance.pwfxSrc = request_.source.header();
            instance.pwfxDst = request_.destination.header();
            instance.fdwOpen = flags;
            // Never 0, as it is while a stream is open on Windows; drivers only hand it back.
            instance.has = reinterpret_cast<HACMSTREAM>(this);
        },
        instance_);
    Status opened = send("open a stream with", ACMDM_STREAM_OPEN, 0);
    open_ = opened.has_value() && (flags & ACM_STREAMOPENF_QUERY) == 0;
    return opened;
}

Result<std::uint32_t> AcmStream::State::destination_size(std::uint32_t source) const {
    ACMDRVSTREAMSIZE size{sizeof size, ACM_STREAMSIZEF_SOURCE, source, 0};
    const Status asked =
        send("ask the buffer size of", ACMDM_STREAM_SIZE, reinterpret_cast<LPARAM>(&size));
    if (!asked) return failure(asked.error());
    if (size.cbDstLength == 0 || size.cbDstLength > largest_buffer) {
        return failure(lie(fmt::format("the driver wants {} bytes for what {} bytes become",
                                       size.cbDstLength, source)));
    }
    return size.cbDstLength;
}

Status AcmStream::State::allocate() {
    const std::uint32_t block = std::max<std::uint32_t>(request_.source.block_align(), 1);
    const std::uint32_t source = (request_.buffer_bytes + block - 1) / block * block;
    const auto destination = destination_size(source);
    if (!destination) return failure(destination.error());
    for (const auto& [buffer, size] :
         {std::pair{&input_, source},
          std::pair{&output_,
                    std::max<std::uint32_t>(*destination, request_.destination.block_align())}}) {
        auto taken = StreamBuffer::take(request_.take_buffer, size);
        if (!taken) return failure(std::move(taken.error()));
        *buffer = std::move(*taken);
    }
    return prepare();
}

Status AcmStream::State::prepare() {
    header_.cbStruct = sizeof header_;
    header_.pbSrc = reinterpret_cast<BYTE*>(input_.bytes().data());
    header_.cbSrcLength = static_cast<DWORD>(input_.bytes().size());
    header_.pbDst = reinterpret_cast<BYTE*>(output_.bytes().data());
    header_.cbDstLength = static_cast<DWORD>(output_.bytes().size());
    Status prepared =
        send("prepare buffers with", ACMDM_STREAM_PREPARE, reinterpret_cast<LPARAM>(&header_));
    // A driver that has nothing to prepare need not know the message.
    if (!prepared && prepared.error().system_code != MMSYSERR_NOTSUPPORTED) return prepared;
    prepared_ = prepared.has_value();
    header_.fdwStatus = ACMSTREAMHEADER_STATUSF_PREPARED;
    header_.fdwPrepared = ACMSTREAMHEADER_STATUSF_PREPARED;
    header_.pbPreparedSrc = header_.pbSrc;
    header_.cbPreparedSrcLength = header_.cbSrcLength;
    header_.pbPreparedDst = header_.pbDst;
    header_.cbPreparedDstLength = header_.cbDstLength;
    return {};
}

Result<Converted> AcmStream::State::convert(std::size_t length, DWORD flags) {
    header_.cbSrcLength = static_cast<DWORD>(std::min(length, input_.bytes().size()));
    header_.cbSrcLengthUsed = 0;
    header_.cbDstLengthUsed = 0;
    header_.fdwConvert = flags;
    header_.fdwStatus = ACMSTREAMHEADER_STATUSF_PREPARED;
    const Status converted =
        send("convert with", ACMDM_STREAM_CONVERT, reinterpret_cast<LPARAM>(&header_));
    if (!converted) return failure(converted.error());
    if (header_.cbSrcLengthUsed > header_.cbSrcLength) {
        return failure(lie(fmt::format("the driver says it used {} of {} bytes",
                                       header_.cbSrcLengthUsed, header_.cbSrcLength)));
    }
    if (header_.cbDstLengthUsed > output_.bytes().size()) {
        return failure(lie(fmt::format("the driver says it wrote {} bytes into a buffer of {}",
                                       header_.cbDstLengthUsed, output_.bytes().size())));
    }
    return Converted{header_.cbSrcLengthUsed, output_.bytes().first(header_.cbDstLengthUsed)};
}

void AcmStream::State::close() {
    if (prepared_) {
        header_.cbSrcLength = header_.cbPreparedSrcLength;
        (void)send("release buffers of", ACMDM_STREAM_UNPREPARE,
                   reinterpret_cast<LPARAM>(&header_));
    }
    if (open_) (void)send("close a stream of", ACMDM_STREAM_CLOSE, 0);
}

Error AcmStream::State::lie(std::string cause) const {
    return {.code = ErrorCode::broken,
            .operation = "convert with",
            .driver = request_.driver,
            .cause = std::move(cause),
            .advice = "The driver is broken, do not use what it made"};
}

AcmStream::AcmStream(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
AcmStream::AcmStream(AcmStream&&) noexcept = default;
AcmStream& AcmStream::operator=(AcmStream&&) noexcept = default;
AcmStream::~AcmStream() = default;

Result<AcmStream> AcmStream::open(Request request) {
    auto state = std::make_unique<State>(std::move(request));
    if (Status opened = state->open(ACM_STREAMOPENF_NONREALTIME); !opened) {
        return failure(opened.error());
    }
    if (Status allocated = state->allocate(); !allocated) return failure(allocated.error());
    return AcmStream(std::move(state));
}

Status AcmStream::query(Request request) {
    State state(std::move(request));
    return state.open(ACM_STREAMOPENF_QUERY | ACM_STREAMOPENF_NONREALTIME);
}

std::span<std::byte> AcmStream::input() noexcept { return state_->input(); }

Result<Converted> AcmStream::convert(std::size_t length, DWORD flags) {
    return state_->convert(length, flags);
}

}  // namespace instdrv::codec
