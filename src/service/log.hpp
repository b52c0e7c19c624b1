// The log of a running session. Where standard error is the journal, entries carry fields that can
// be searched:
//
//     INSTDRV_DRIVER, INSTDRV_MESSAGE, INSTDRV_OUTCOME, INSTDRV_MS
//
//     journalctl --user -u instdrv INSTDRV_OUTCOME=timed_out
//
// Elsewhere notes, and messages to drivers that did not end well, are lines of standard error.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/round.hpp>

#include <string>

#include "service/outlet.hpp"

namespace instdrv::service {

class Log {
public:
    // `out` outlives the log; it is looked at once whether it is the journal.
    explicit Log(Outlet& out) : out_(out), journal_(out.is_journal()) {}

    // Something a person should know. [any thread] for all members.
    void note(const std::string& text) const;
    // Every message of an exit or a round.
    void report(const ExitReport& report) const;
    void report(const RoundReport& report) const;

private:
    void message(const std::string& driver, const ExitMessage& message) const;

    Outlet& out_;
    bool journal_;
};

}  // namespace instdrv::service
