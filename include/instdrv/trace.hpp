// Observes the calls into drivers: every message that a Host sends, for whomever, with its outcome.
// For traces and statistics; drivers cannot detect it. Messages that programs send to a session's
// drivers on their own channels (connect.hpp) do not pass through the session's Host.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <chrono>
#include <string>

namespace instdrv {

// A message on its way into a driver.
struct DriverCall {
    std::string file;          // the module's, an absolute path
    std::string kind;          // "PE32+ x86-64", "ELF x86-64"
    int process = 0;           // that the driver runs in
    HDRVR instance = nullptr;  // NULL where the message is for the module
    UINT message = 0;
    std::string name;  // "DRV_OPEN"
    std::string text;  // with its parameters: "ACMDM_STREAM_CONVERT src=1024 dst=4096 flags=0x10"
    std::chrono::steady_clock::time_point start;  // CLOCK_MONOTONIC
};

// [any thread; several at once] Each is called on the thread that waits for the driver, which it
// holds up for as long as it takes.
class CallObserver {
public:
    virtual ~CallObserver() = default;
    // `call` stays where it is until `finished`, which may never come.
    virtual void begun(const DriverCall& call) noexcept = 0;
    // `broken`: why the call broke off; null where the driver answered.
    virtual void finished(const DriverCall& call, LRESULT answer, const Error* broken) noexcept = 0;
};

}  // namespace instdrv
