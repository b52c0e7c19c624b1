// The arguments of TraceCalls (service/host_protocol.hpp): calls that programs make on channels of
// their own, for the session's trace.
#pragma once

#include <instdrv/trace.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <systemd/sd-bus.h>

namespace instdrv::service {

struct TracedCall {
    DriverCall call;  // `instance` is the session's; kind is left out
    std::chrono::steady_clock::time_point end;
    LRESULT answer = 0;
    std::string outcome;  // "answered", or the name of an ErrorCode
    std::string error;    // its text
};

struct TracedCalls {
    std::vector<TracedCall> calls;
    std::uint32_t left_out = 0;  // calls before these that came too fast to be sent
};

// "a(sutusttxss)u": file, process, instance, message, text, start and end in nanoseconds of
// CLOCK_MONOTONIC, answer, outcome, error; and how many were left out. Both return what sd-bus
// does: a negative errno if it fails.
int append(sd_bus_message* message, const TracedCalls& traced);
int read(sd_bus_message* message, TracedCalls& traced);

}  // namespace instdrv::service
