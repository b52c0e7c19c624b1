// The end of a session, as values: the request (ExitOptions), the steps in their order (ExitPlan)
// and the outcome of each (ExitReport).
//
// A session ends in phases. notify: every open instance gets DRV_EXITSESSION while all drivers are
// still enabled. close: when every driver has answered or used up its time, each instance gets
// DRV_CLOSE, newest first; then, per module in reverse load order, DRV_DISABLE and DRV_FREE, and
// the module is unloaded, which is a step of its own. A module that another call is just loading or
// unloading when the exit begins is waited for; the report has it where that call was not in time.
// Drivers of different modules are told in parallel; within one module the newest instance comes
// first. A driver that does not answer in time delays no other.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv {

// Stand in the place of a message for the code of a driver that runs outside of DriverProc: what
// LoadLibrary and FreeLibrary run (DllMain and TLS callbacks; ELF constructors and destructors).
inline constexpr UINT loading_step = 0xFFFF'FFFE;
inline constexpr UINT unloading_step = 0xFFFF'FFFF;

enum class ExitReason { session_end, signal, requested };

struct ExitOptions {
    ExitReason reason = ExitReason::requested;
    std::chrono::milliseconds notify_timeout{2000};  // for the whole notify phase
    std::chrono::milliseconds close_timeout{2000};   // for closing, disabling and freeing
    bool send_close = true;  // false: DISABLE and FREE without DRV_CLOSE, as Windows 3.1 did
    // When the two times began to run, if that was before the call: what was done since then is
    // taken off them. None: when exit_session is called.
    std::optional<std::chrono::steady_clock::time_point> begun = std::nullopt;
};

enum class ExitPhase { notify, close };

// How one message of the exit ended.
enum class ExitOutcome {
    answered,   // the driver returned
    refused,    // it answered 0 to DRV_CLOSE, or PWR_FAIL to DRV_POWER; recorded, nothing more
    timed_out,  // it did not return within the phase, or within its own deadline
    failed,     // the call broke off: missing import, crash; the error says which
    not_sent,   // never sent: an earlier message of this module did not return, or time was up
    closed,     // never sent: the instance was closed by another driver during the exit
};

INSTDRV_API std::string_view name_of(ExitPhase phase) noexcept;
INSTDRV_API std::string_view name_of(ExitOutcome outcome) noexcept;
INSTDRV_API std::string_view name_of(ExitReason reason) noexcept;

// One message of the exit. Steps of one module run one after another, in the order of the plan.
struct ExitStep {
    ExitPhase phase = ExitPhase::notify;
    UINT message = 0;          // DRV_EXITSESSION, DRV_CLOSE, DRV_DISABLE, DRV_FREE, or
                               // unloading_step
    HDRVR instance = nullptr;  // NULL where the message is for the module
    DWORD_PTR driver_id = 0;
    std::string file;  // the module's file
};

struct ExitPlan {
    ExitOptions options;
    std::vector<ExitStep> steps;
};

struct ExitMessage {
    UINT message = 0;
    ExitPhase phase = ExitPhase::notify;
    ExitOutcome outcome = ExitOutcome::not_sent;
    LRESULT answer = 0;                 // what the driver returned, if it did
    std::chrono::microseconds took{0};  // from sending to the answer or to giving up
    std::optional<Error> error;         // why, for failed and not_sent
};

// A message of an exit that a driver has returned from.
struct ExitProgress {
    std::string_view file;     // the module's; valid during the call
    HDRVR instance = nullptr;  // NULL where the message was for the module
    UINT message = 0;
};
// Called on a thread of the host's own while the exit goes on, one call at a time and in the order
// in which the drivers returned. One that takes long delays no driver; exit_session returns when
// all of them have returned.
using ExitObserver = std::function<void(const ExitProgress&)>;

// The outcome for one instance, or for a module that had none open.
struct ExitDriver {
    std::string name;  // as it was opened
    std::string file;
    std::string kind;          // "PE32+ x86-64", "ELF x86-64"
    HDRVR instance = nullptr;  // NULL for a module without an instance
    DWORD_PTR driver_id = 0;
    std::vector<ExitMessage> messages;  // its own, then those of its module, in the order sent
    std::chrono::microseconds took{0};  // sum over its messages

    // Told and answered in time, closed without a refusal, its module disabled, freed and unloaded.
    [[nodiscard]] INSTDRV_API bool ended_well() const noexcept;
    // A word or two for a table: "ended", "refused", "timed out", "failed", "not told"; of its code
    // outside of DriverProc "load timed out", "crashed while loading", "failed while loading", and
    // "unload timed out", "crashed while unloading", "failed while unloading".
    [[nodiscard]] INSTDRV_API std::string_view outcome() const noexcept;
};

struct ExitReport {
    ExitOptions options;
    std::vector<ExitDriver> drivers;    // newest instance first, as they were told
    std::chrono::microseconds took{0};  // the whole exit
    // Why some of what drivers wrote to their state folders may be lost if the machine loses power
    // now. std::nullopt if everything was flushed.
    std::optional<Error> not_flushed;

    [[nodiscard]] INSTDRV_API bool ended_well() const noexcept;  // every driver did
};

}  // namespace instdrv
