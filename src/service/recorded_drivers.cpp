#include "service/recorded_drivers.hpp"

#include <algorithm>

namespace instdrv::service {

void RecordedDrivers::clear() {
    entries_.clear();
    handles_.clear();
    files_.clear();
    folded_.clear();
}

void RecordedDrivers::count(const RecordedDriver& driver) { ++folded_[driver].count; }

void RecordedDrivers::discount(const RecordedDriver& driver) {
    const auto found = folded_.find(driver);
    if (--found->second.count == 0) folded_.erase(found);
}

void RecordedDrivers::change(Entry& entry, const std::function<void(RecordedDriver&)>& how) {
    discount(entry.driver);
    how(entry.driver);
    count(entry.driver);
}

RecordedDrivers::Key RecordedDrivers::opening(const std::string& name) {
    const auto& entry = entries_[next_] = {.handle = nullptr, .driver = {.name = name}};
    count(entry.driver);
    return next_++;
}

bool RecordedDrivers::opened(Key key, const std::string& file, HDRVR handle) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return false;
    change(found->second, [&](RecordedDriver& driver) {
        driver.stage = Stage::open;
        driver.file = file;
    });
    found->second.handle = handle;
    if (handle != nullptr) handles_[handle] = key;
    files_[file].insert(key);
    return true;
}

void RecordedDrivers::forget(Entries::iterator entry) {
    const auto& [key, one] = *entry;
    discount(one.driver);
    if (one.handle != nullptr) handles_.erase(one.handle);
    if (const auto file = files_.find(one.driver.file); file != files_.end()) {
        file->second.erase(key);
        if (file->second.empty()) files_.erase(file);
    }
    entries_.erase(entry);
}

void RecordedDrivers::forget(Key key) {
    if (const auto found = entries_.find(key); found != entries_.end()) forget(found);
}

void RecordedDrivers::forget(HDRVR handle) {
    if (const auto found = handles_.find(handle); found != handles_.end()) forget(found->second);
}

void RecordedDrivers::unloaded(const std::string& file) {
    const auto found = files_.find(file);
    if (found == files_.end()) return;
    for (const auto key : found->second) {
        change(entries_.at(key), [](RecordedDriver& driver) { driver.stage = Stage::ended; });
    }
}

void RecordedDrivers::progress(const ExitProgress& progress) {
    if (progress.message == unloading_step) return unloaded(std::string(progress.file));
    const auto found = handles_.find(progress.instance);
    if (found == handles_.end()) return;
    change(entries_.at(found->second), [&](RecordedDriver& driver) {
        driver.stage = progress.message == DRV_CLOSE ? Stage::closed : Stage::told;
    });
}

void RecordedDrivers::ended(const ExitReport& report) {
    std::unordered_map<HDRVR, const ExitDriver*> instances;
    std::unordered_map<std::string, const ExitDriver*> modules;
    for (const auto& driver : report.drivers) {
        instances.emplace(driver.instance, &driver);
        modules.emplace(driver.file, &driver);
    }
    const auto reported = [&](const Entry& entry) -> const ExitDriver* {
        if (entry.handle != nullptr) {
            const auto found = instances.find(entry.handle);
            return found == instances.end() ? nullptr : found->second;
        }
        const auto found = modules.find(entry.driver.file);
        return found == modules.end() ? nullptr : found->second;
    };
    for (auto& [key, entry] : entries_) {
        if (entry.driver.stage == Stage::opening) continue;  // it hangs, and is in no report
        const auto* const driver = reported(entry);
        change(entry, [&](RecordedDriver& recorded) {
            // Who is not in the report was closed before.
            if (driver == nullptr || driver->ended_well()) {
                recorded.stage = Stage::ended;
            } else {
                recorded.trouble = driver->outcome();
            }
        });
    }
}

std::vector<RecordedDriver> RecordedDrivers::folded() const {
    std::vector<RecordedDriver> drivers;
    for (const auto& [driver, folded] : folded_) {
        drivers.push_back(driver);
        drivers.back().count = folded.count;
    }
    return drivers;
}

std::uint64_t RecordedDrivers::said_since(Key key, std::uint64_t now) {
    auto& since = folded_.at(entries_.at(key).driver).since;
    if (since == 0) since = now;
    return since;
}

std::uint64_t RecordedDrivers::named_since(Key key, std::uint64_t now) {
    const auto& name = entries_.at(key).driver.name;
    auto first = said_since(key, now);
    for (auto one = folded_.lower_bound({.name = name, .count = 0});
         one != folded_.end() && one->first.name == name; ++one) {
        if (one->second.since != 0) first = std::min(first, one->second.since);
    }
    return first;
}

}  // namespace instdrv::service
