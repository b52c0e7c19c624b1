// What a supervisor reads of what a worker wrote, one piece at a time: a message on a lane, its
// texts, a notice on the control socket, the report of a confinement, the record of a crash. The
// first byte says which.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

#include "channel/control.hpp"
#include "channel/protocol.hpp"
#include "require.hpp"
#include "sandbox/report.hpp"
#include "supervisor/death.hpp"

namespace {

using namespace instdrv;
using Bytes = std::span<const std::uint8_t>;

using fuzz::require;

std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
void overwrite(T& object, Bytes bytes) {
    std::memcpy(static_cast<void*>(&object), bytes.data(), std::min(sizeof object, bytes.size()));
}

void read_message(Bytes bytes) {
    const auto shared = std::make_unique<channel::Message>();
    overwrite(*shared, bytes);
    const auto received = channel::receive(*shared);
    require(received.text.size() <= channel::text_capacity);
    const auto error = channel::error_of(received);
    require(error.code != ErrorCode::none && !error.text().empty());
}

void read_texts(Bytes bytes) {
    const auto text = text_of(bytes);
    for (std::size_t count = 0; count < 4; ++count) {
        const auto parts = channel::unpack(text, count);
        if (!parts) continue;
        require(parts->size() == count);
        const std::vector<std::string_view> views(parts->begin(), parts->end());
        require(channel::pack(views) == text);
    }
}

void read_notice(Bytes bytes) {
    std::array<int, 2> sockets{};
    require(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets.data()) == 0);
    const Fd here(sockets[0]);
    {
        const Fd there(sockets[1]);
        require(::send(there.get(), bytes.data(), bytes.size(), 0) ==
                static_cast<ssize_t>(bytes.size()));
    }
    const auto notice = channel::receive_notice(here);
    require(!notice || bytes.size() >= sizeof(channel::Notice));
}

void read_report(Bytes bytes) {
    const auto report = sandbox::read_report(std::as_bytes(bytes));
    if (!report) return require(!report.error().cause.empty());
    for (std::size_t i = 0; i < sandbox::layer_count; ++i) {
        const auto layer = static_cast<sandbox::Layer>(i);
        require(!sandbox::describe(layer, (*report)[layer]).empty());
    }
    const auto status = sandbox::status_of(*report);
    if (!status) require(!status.error().text().empty());
}

void read_crash(Bytes bytes) {
    supervisor::Death death{.driver = "fuzz"};
    if (bytes.size() >= 2) {
        death.how.si_code = bytes[0] % 4;
        death.how.si_status = bytes[1];
        overwrite(death.record.emplace(), bytes.subspan(2));
    }
    const auto error = supervisor::explain(death);
    require(error.code != ErrorCode::none);
    for (const unsigned char letter : error.report())
        require(letter == '\n' || (letter >= ' ' && letter <= '~'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr std::array readers{read_message, read_texts, read_notice, read_report, read_crash};
    readers.at(data[0] % readers.size())(Bytes(data + 1, size - 1));
    return 0;
}
