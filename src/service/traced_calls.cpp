#include "service/traced_calls.hpp"

#include <algorithm>
#include <utility>

#include "session/bus.hpp"

namespace instdrv::service {
namespace {

using Time = std::chrono::steady_clock::time_point;

std::uint64_t nanoseconds(Time time) {
    return static_cast<std::uint64_t>(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

Time time_of(std::uint64_t nanoseconds) {
    return Time(std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
}

int append_one(sd_bus_message* message, const TracedCall& traced) {
    using session::sendable;
    const auto& call = traced.call;
    const auto instance =
        static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(call.instance));
    return sd_bus_message_append(message, "(sutusttxss)", sendable(call.file).c_str(),
                                 static_cast<std::uint32_t>(call.process), instance, call.message,
                                 sendable(call.text).c_str(), nanoseconds(call.start),
                                 nanoseconds(traced.end), static_cast<std::int64_t>(traced.answer),
                                 sendable(traced.outcome).c_str(), sendable(traced.error).c_str());
}

// 0: there is none any more.
int read_one(sd_bus_message* message, TracedCall& traced) {
    auto& call = traced.call;
    const char* file = nullptr;
    const char* text = nullptr;
    const char* outcome = nullptr;
    const char* error = nullptr;
    std::uint32_t process = 0;
    std::uint64_t instance = 0;
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::int64_t answer = 0;
    const int result =
        sd_bus_message_read(message, "(sutusttxss)", &file, &process, &instance, &call.message,
                            &text, &start, &end, &answer, &outcome, &error);
    if (result <= 0) return result;
    call.file = file;
    call.process = static_cast<int>(process);
    call.instance = reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(instance));
    call.text = text;
    call.name = call.text.substr(0, call.text.find(' '));
    call.start = time_of(start);
    traced.end = time_of(end);
    traced.answer = static_cast<LRESULT>(answer);
    traced.outcome = outcome;
    traced.error = error;
    return result;
}

}  // namespace

int append(sd_bus_message* message, const TracedCalls& traced) {
    int result = sd_bus_message_open_container(message, 'a', "(sutusttxss)");
    for (const auto& call : traced.calls)
        result = std::min(result, append_one(message, call));
    result = std::min(result, sd_bus_message_close_container(message));
    return std::min(result, sd_bus_message_append(message, "u", traced.left_out));
}

int read(sd_bus_message* message, TracedCalls& traced) {
    int result = sd_bus_message_enter_container(message, 'a', "(sutusttxss)");
    if (result < 0) return result;
    for (;;) {
        TracedCall one;
        result = read_one(message, one);
        if (result < 0) return result;
        if (result == 0) break;
        traced.calls.push_back(std::move(one));
    }
    result = sd_bus_message_exit_container(message);
    return std::min(result, sd_bus_message_read(message, "u", &traced.left_out));
}

}  // namespace instdrv::service
