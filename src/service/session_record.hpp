// The contents of a session's record, and their conversion to and from text. The text may be wrong
// in any way: from a disk that failed, another program, or an attacker who shares the folder.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace instdrv::service {

// How far a driver has got, in this order.
enum class Stage { opening, open, told, closed, ended };

struct RecordedDriver {
    std::string name;
    std::string file;  // empty until it is open
    Stage stage = Stage::opening;
    std::string trouble;    // how it ended if not properly: "timed out"; see ExitDriver::outcome
    std::size_t count = 1;  // of instances of which all this is true
    auto operator<=>(const RecordedDriver&) const = default;
};

struct SessionRecord {
    std::string boot;       // of the machine, /proc/sys/kernel/random/boot_id
    int process = 0;        // that held the session
    std::string ended_by;   // what announced the end; empty: nothing did
    bool complete = false;  // the exit was done
    std::vector<RecordedDriver> drivers;
};

// One line for each driver and way in which it did not end properly, and one for what is beyond
// `most_lines`. `boot` is the machine's now.
constexpr std::size_t most_lines = 100;
std::vector<std::string> unfinished(const SessionRecord& record, const std::string& boot);

std::string to_text(const SessionRecord& record);
Result<SessionRecord> parse_record(const std::string& text);
// Bytes of a text that is read: of thousands of different drivers.
constexpr std::size_t largest_record = std::size_t{1} << 20;
// None: there is no such file. Takes a few milliseconds, whatever is there.
Result<std::optional<SessionRecord>> read_record(const std::filesystem::path& file);

std::string current_boot();

}  // namespace instdrv::service
