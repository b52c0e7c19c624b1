#include "service/record.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace instdrv::service {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_writes{50};

// Temporary files of a process that was killed while it wrote.
void remove_leftovers(const fs::path& file) {
    std::error_code ignored;
    const auto prefix = "." + file.filename().string() + ".";
    for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored)) {
        if (entry.path().filename().string().starts_with(prefix)) fs::remove(entry.path(), ignored);
    }
}

}  // namespace

Result<std::unique_ptr<RecordKeeper>> RecordKeeper::open(const fs::path& folder,
                                                         WriteBehind::Complaint complain) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return failure(io_error("make the folder", folder, error.value()));
    Fd lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock) return failure(io_error("keep a record in", folder, errno));
    if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return failure(Error{.code = ErrorCode::busy,
                             .operation = "keep a record in",
                             .driver = folder.string(),
                             .cause = "another session does"});
    }
    const auto file = folder / "session.json";
    remove_leftovers(file);
    auto previous = read_record(file);
    auto behind = WriteBehind::start(file, std::move(complain));
    if (!behind) return failure(std::move(behind).error());
    return std::unique_ptr<RecordKeeper>(
        new RecordKeeper(*std::move(behind), std::move(lock), std::move(previous)));
}

// With the lock held.
WriteBehind::Version RecordKeeper::write() {
    record_.drivers = drivers_.folded();
    written_ = std::chrono::steady_clock::now();
    return file_->set(to_text(record_));
}

void RecordKeeper::begin() {
    const std::lock_guard lock(mutex_);
    record_ = {.boot = current_boot(), .process = getpid(), .ended_by = {}, .drivers = {}};
    drivers_.clear();
    write();
}

RecordKeeper::Key RecordKeeper::opening(const std::string& name) {
    std::unique_lock lock(mutex_);
    const auto key = drivers_.opening(name);
    const auto version = drivers_.named_since(key, write());
    lock.unlock();
    file_->wait_for(version);
    return key;
}

void RecordKeeper::opened(Key key, const DriverOpening& opening) {
    open_now(key, opening.file, opening.info ? opening.info->handle : nullptr);
}

void RecordKeeper::loaded(Key key, const std::string& file) { open_now(key, file, nullptr); }

void RecordKeeper::open_now(Key key, const std::string& file, HDRVR handle) {
    std::unique_lock lock(mutex_);
    if (!drivers_.opened(key, file, handle)) return;
    const auto version = drivers_.said_since(key, write());
    lock.unlock();
    file_->wait_for(version);
}

void RecordKeeper::forget(Key key) {
    const std::lock_guard lock(mutex_);
    drivers_.forget(key);
    write();
}

void RecordKeeper::forget(HDRVR instance) {
    const std::lock_guard lock(mutex_);
    drivers_.forget(instance);
    write();
}

void RecordKeeper::end_begins(const std::string& announced_by) {
    const std::lock_guard lock(mutex_);
    record_.ended_by = announced_by;
    write();
}

void RecordKeeper::progress(const ExitProgress& progress) {
    const std::lock_guard lock(mutex_);
    drivers_.progress(progress);
    if (std::chrono::steady_clock::now() - written_ >= between_writes) write();
}

void RecordKeeper::ended(const ExitReport& report) {
    const std::lock_guard lock(mutex_);
    record_.complete = true;
    drivers_.ended(report);
    write();
}

}  // namespace instdrv::service
