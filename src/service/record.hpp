// The session's record: which drivers are open and how far their end has got, in a small file that
// survives whatever ends the process. It is written ahead: that a driver is being opened is on the
// disk before the driver is called, and that it has ended only after it has. So the record never
// promises more than is true, and the next session can say who did not get to end properly.
//
// The file is session.json in a folder of its own, replaced as a whole, flushed with its folder.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/host.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "service/opening.hpp"

namespace instdrv::service {

// How far a driver has got, in this order.
enum class Stage { opening, open, told, closed, ended };

struct RecordedDriver {
    std::string name;
    std::string file;  // empty until it is open
    Stage stage = Stage::opening;
    std::string trouble;  // how it ended if not properly: "timed out"; see ExitDriver::outcome
};

struct SessionRecord {
    std::string boot;       // of the machine, /proc/sys/kernel/random/boot_id
    int process = 0;        // that held the session
    std::string ended_by;   // what announced the end; empty: nothing did
    bool complete = false;  // the exit was done
    std::vector<RecordedDriver> drivers;
};

// One line for each driver and way in which it did not end properly. `boot` is the machine's now.
std::vector<std::string> unfinished(const SessionRecord& record, const std::string& boot);

std::string to_text(const SessionRecord& record);
Result<SessionRecord> parse_record(const std::string& text);
std::string current_boot();

// Keeps the record of this session. [any thread] for all but the opening.
class RecordKeeper {
public:
    // Reads what the last session left and takes the folder over, which is made if need be. Fails
    // with `busy` while another process has it. Nothing is written yet.
    static Result<std::unique_ptr<RecordKeeper>> open(const std::filesystem::path& folder);

    // What the last session left; none: there was none. An Error: there is one, and it cannot be
    // read.
    using Previous = Result<std::optional<SessionRecord>>;
    [[nodiscard]] const Previous& previous() const noexcept { return previous_; }

    using Key = std::size_t;  // names a driver in this record
    // Each of these returns when it is on the disk, except for progress, which is written now and
    // then: an exit does not wait for the disk at every message. After the first failure the record
    // is left as it is, and the failure returned once.
    Status begin();
    Result<Key> opening(const std::string& name);
    Status opened(Key key, const DriverOpening& opening);
    // The same without an instance.
    Status loaded(Key key, const std::string& file);
    // It could not be opened, or is not open any more: nothing is owed to it.
    Status forget(Key key);
    Status forget(HDRVR instance);
    Status end_begins(const std::string& announced_by);
    Status progress(const ExitProgress& progress);
    Status ended(const ExitReport& report);

private:
    struct Entry {
        Key key;
        HDRVR handle;
        RecordedDriver driver;
    };

    RecordKeeper(std::filesystem::path file, Fd lock, Previous previous)
        : file_(std::move(file)), lock_(std::move(lock)), previous_(std::move(previous)) {}
    Status write();
    Status open_now(Key key, const std::string& file, HDRVR handle);
    template <class Is>
    Status forget_where(const Is& is);

    const std::filesystem::path file_;
    const Fd lock_;
    const Previous previous_;
    std::mutex mutex_;
    SessionRecord record_;  // without its drivers, which are entries_
    std::vector<Entry> entries_;
    Key next_key_ = 0;
    bool failed_ = false;
    std::chrono::steady_clock::time_point written_;
};

}  // namespace instdrv::service
