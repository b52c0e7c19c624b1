// What the session says while it runs. Where standard error is the journal, entries carry fields
// that can be searched:
//
//     INSTDRV_DRIVER, INSTDRV_MESSAGE, INSTDRV_OUTCOME, INSTDRV_MS
//
//     journalctl --user -u instdrv INSTDRV_OUTCOME=timed_out
//
// Elsewhere notes, and messages to drivers that did not end well, are lines of standard error.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/round.hpp>

#include <cstdio>
#include <string>

namespace instdrv::service {

class Log {
public:
    // `err` is where lines go; it is looked at once whether it is the journal (JOURNAL_STREAM in
    // systemd.exec(5)).
    explicit Log(std::FILE* err);

    // Something a person should know.
    void note(const std::string& text) const;
    // Every message of an exit or a round. [any thread]
    void report(const ExitReport& report) const;
    void report(const RoundReport& report) const;

private:
    void message(const std::string& driver, const ExitMessage& message) const;

    std::FILE* err_;
    bool journal_;
};

}  // namespace instdrv::service
