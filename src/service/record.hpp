// The session's record: which drivers are open and how far their end has got, in a small file that
// survives whatever ends the process. A driver is in the record, on the disk, before it is called
// for the first time, and is marked as ended only after it has ended. So the record never says more
// than has happened, and the next session can name the drivers that did not end properly.
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

#include "base/fd.hpp"
#include "service/opening.hpp"
#include "service/recorded_drivers.hpp"
#include "service/session_record.hpp"
#include "service/write_behind.hpp"

namespace instdrv::service {

// Keeps the record of this session, through a thread of its own: nothing here waits for the disk
// but what says so. [any thread] for all but the opening.
class RecordKeeper {
public:
    // Reads what the last session left and takes the folder over, which is made if need be. Fails
    // with `busy` while another process has it. Nothing is written yet. After the first failure to
    // write, which is complained of on the writer's thread, the record is left as it is.
    static Result<std::unique_ptr<RecordKeeper>> open(const std::filesystem::path& folder,
                                                      WriteBehind::Complaint complain);

    // What the last session left; none: there was none. An Error: there is one, and it cannot be
    // read.
    using Previous = Result<std::optional<SessionRecord>>;
    [[nodiscard]] const Previous& previous() const noexcept { return previous_; }

    using Key = RecordedDrivers::Key;
    void begin();
    // Waits until it is on the disk: the driver is called afterwards. The same for `opened` and
    // `loaded`, so that a session which says that its drivers are open has it in its record. Where
    // the disk has the same of another instance of the driver already, nothing is waited for.
    Key opening(const std::string& name);
    void opened(Key key, const DriverOpening& opening);
    // The same without an instance.
    void loaded(Key key, const std::string& file);
    // It could not be opened, or is not open any more: nothing is owed to it.
    void forget(Key key);
    void forget(HDRVR instance);
    void end_begins(const std::string& announced_by);
    // Written now and then.
    void progress(const ExitProgress& progress);
    void ended(const ExitReport& report);

    // Waits until everything is on the disk. False: it was not by then.
    bool finish(WriteBehind::Clock::time_point until) { return file_->finish(until); }

private:
    RecordKeeper(std::unique_ptr<WriteBehind> file, Fd lock, Previous previous)
        : lock_(std::move(lock)), previous_(std::move(previous)), file_(std::move(file)) {}
    WriteBehind::Version write();
    void open_now(Key key, const std::string& file, HDRVR handle);

    const Fd lock_;
    const Previous previous_;
    std::mutex mutex_;
    SessionRecord record_;  // without its drivers
    RecordedDrivers drivers_;
    std::chrono::steady_clock::time_point written_;
    const std::unique_ptr<WriteBehind> file_;
};

}  // namespace instdrv::service
