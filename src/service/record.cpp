#include "service/record.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace instdrv::service {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int version = 1;
constexpr std::chrono::milliseconds between_writes{50};
constexpr std::array stage_names = {"opening", "open", "told", "closed", "ended"};

const char* name_of(Stage stage) { return stage_names.at(static_cast<std::size_t>(stage)); }

Result<Stage> stage_named(const std::string& name) {
    const auto* const found = std::find(stage_names.begin(), stage_names.end(), name);
    if (found != stage_names.end()) return static_cast<Stage>(found - stage_names.begin());
    return failure(Error{.code = ErrorCode::io,
                         .operation = "read the record of a session",
                         .cause = "it has a stage named " + name});
}

std::string text_in(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Temporary files of a process that was killed while it wrote.
void remove_leftovers(const fs::path& file) {
    std::error_code ignored;
    const auto prefix = "." + file.filename().string() + ".";
    for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored)) {
        if (entry.path().filename().string().starts_with(prefix)) fs::remove(entry.path(), ignored);
    }
}

std::string reason(const RecordedDriver& driver) {
    switch (driver.stage) {
        case Stage::opening: return "it was being opened";
        case Stage::open: return "it was open and was not told of the end";
        case Stage::told: return "it was told of the end but not closed";
        case Stage::closed: return "it was closed but not freed";
        case Stage::ended: return driver.trouble;
    }
    return "";
}

}  // namespace

std::string current_boot() {
    const Fd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
    std::array<char, 36> id{};
    const auto got = ::read(fd.get(), id.data(), id.size());
    return {id.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

std::vector<std::string> unfinished(const SessionRecord& record, const std::string& boot) {
    const std::string how = record.complete       ? ""
                            : record.boot != boot ? " when the machine went down"
                                                  : " when the service was killed";
    std::vector<std::string> lines;
    for (const auto& driver : record.drivers) {
        if (driver.stage == Stage::ended && driver.trouble.empty()) continue;
        const auto why = driver.trouble.empty() ? reason(driver) + how : driver.trouble;
        auto line = fmt::format("{} did not end properly last time: {}", driver.name, why);
        // Several instances of one driver have mostly one end.
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

std::string to_text(const SessionRecord& record) {
    auto drivers = json::array();
    for (const auto& driver : record.drivers) {
        drivers.push_back({{"name", driver.name},
                           {"file", driver.file},
                           {"stage", name_of(driver.stage)},
                           {"trouble", driver.trouble}});
    }
    return json{{"version", version},          {"boot", record.boot},
                {"process", record.process},   {"ended_by", record.ended_by},
                {"complete", record.complete}, {"drivers", std::move(drivers)}}
               .dump(2, ' ', false, json::error_handler_t::replace) +
           "\n";
}

Result<SessionRecord> parse_record(const std::string& text) try {
    const auto read = json::parse(text);
    if (read.at("version") != version) {
        return failure(Error{.code = ErrorCode::unsupported,
                             .operation = "read the record of a session",
                             .cause = "it is of another version"});
    }
    SessionRecord record{.boot = read.at("boot"),
                         .process = read.at("process"),
                         .ended_by = read.at("ended_by"),
                         .complete = read.at("complete")};
    for (const auto& one : read.at("drivers")) {
        const auto stage = stage_named(one.at("stage"));
        if (!stage) return failure(stage.error());
        record.drivers.push_back({.name = one.at("name"),
                                  .file = one.at("file"),
                                  .stage = *stage,
                                  .trouble = one.at("trouble")});
    }
    return record;
} catch (const json::exception& error) {
    return failure(Error{
        .code = ErrorCode::io, .operation = "read the record of a session", .cause = error.what()});
}

namespace {

RecordKeeper::Previous read_previous(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error)) return std::nullopt;
    const auto content = read_file(file);
    if (!content) return failure(content.error());
    return parse_record(text_in(*content));
}

}  // namespace

// ---- RecordKeeper -------------------------------------------------------------------------------

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
    auto previous = read_previous(file);
    auto behind = WriteBehind::start(file, std::move(complain));
    if (!behind) return failure(std::move(behind).error());
    return std::unique_ptr<RecordKeeper>(
        new RecordKeeper(*std::move(behind), std::move(lock), std::move(previous)));
}

// With the lock held.
WriteBehind::Version RecordKeeper::write() {
    auto record = record_;
    for (const auto& entry : entries_)
        record.drivers.push_back(entry.driver);
    written_ = std::chrono::steady_clock::now();
    return file_->set(to_text(record));
}

void RecordKeeper::begin() {
    const std::lock_guard lock(mutex_);
    record_ = {.boot = current_boot(), .process = getpid(), .ended_by = {}, .drivers = {}};
    entries_.clear();
    write();
}

RecordKeeper::Key RecordKeeper::opening(const std::string& name) {
    std::unique_lock lock(mutex_);
    const auto key = next_key_++;
    entries_.push_back({.key = key, .handle = nullptr, .driver = {.name = name}});
    const auto version = write();
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
    const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                    [key](const Entry& e) { return e.key == key; });
    if (entry == entries_.end()) return;
    entry->driver.stage = Stage::open;
    entry->driver.file = file;
    entry->handle = handle;
    const auto version = write();
    lock.unlock();
    file_->wait_for(version);
}

template <class Is>
void RecordKeeper::forget_where(const Is& is) {
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, is);
    write();
}

void RecordKeeper::forget(Key key) {
    forget_where([key](const Entry& entry) { return entry.key == key; });
}

void RecordKeeper::forget(HDRVR instance) {
    forget_where([instance](const Entry& entry) { return entry.handle == instance; });
}

void RecordKeeper::end_begins(const std::string& announced_by) {
    const std::lock_guard lock(mutex_);
    record_.ended_by = announced_by;
    write();
}

void RecordKeeper::progress(const ExitProgress& progress) {
    const std::lock_guard lock(mutex_);
    for (auto& entry : entries_) {
        auto& driver = entry.driver;
        if (progress.message == unloading_step && driver.file == progress.file) {
            driver.stage = Stage::ended;
        } else if (progress.instance != nullptr && entry.handle == progress.instance) {
            driver.stage = progress.message == DRV_CLOSE ? Stage::closed : Stage::told;
        }
    }
    if (std::chrono::steady_clock::now() - written_ >= between_writes) write();
}

void RecordKeeper::ended(const ExitReport& report) {
    const std::lock_guard lock(mutex_);
    record_.complete = true;
    for (auto& entry : entries_) {
        if (entry.driver.stage == Stage::opening) continue;  // it hangs, and is in no report
        const auto of_report = std::find_if(
            report.drivers.begin(), report.drivers.end(), [&](const ExitDriver& driver) {
                return entry.handle != nullptr ? driver.instance == entry.handle
                                               : driver.file == entry.driver.file;
            });
        // Who is not in the report was closed before.
        if (of_report == report.drivers.end() || of_report->ended_well()) {
            entry.driver.stage = Stage::ended;
        } else {
            entry.driver.trouble = of_report->outcome();
        }
    }
    write();
}

}  // namespace instdrv::service
