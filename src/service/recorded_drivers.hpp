// The drivers of a record while their session runs, and how far the end of each has got. Equal
// instances of a driver are one entry with a count, so the length of a record depends on the number
// of different drivers and not of instances. The same holds for the cost of a change, except for
// finding the instance, which takes logarithmic time. [one thread at a time]
#pragma once

#include <instdrv/exit.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/session_record.hpp"

namespace instdrv::service {

class RecordedDrivers {
public:
    using Key = std::size_t;  // names an instance, or a module that has none

    void clear();
    Key opening(const std::string& name);
    // False: it was forgotten meanwhile. handle: null for a module without an instance.
    bool opened(Key key, const std::string& file, HDRVR handle);
    void forget(Key key);
    void forget(HDRVR handle);
    void progress(const ExitProgress& progress);
    void ended(const ExitReport& report);

    [[nodiscard]] std::vector<RecordedDriver> folded() const;

    // Since which version of the record it says what is true of the instance, be it of this one or
    // of another. `now`: the version that has just been made.
    std::uint64_t said_since(Key key, std::uint64_t now);
    // Since which it names the driver, in whatever state.
    std::uint64_t named_since(Key key, std::uint64_t now);

private:
    struct Entry {
        HDRVR handle = nullptr;
        RecordedDriver driver;
    };
    using Entries = std::map<Key, Entry>;
    struct Folded {
        std::size_t count = 0;
        std::uint64_t since = 0;  // the record's version; 0: it was not asked for
    };

    void change(Entry& entry, const std::function<void(RecordedDriver&)>& how);
    void count(const RecordedDriver& driver);
    void discount(const RecordedDriver& driver);
    void forget(Entries::iterator entry);
    void unloaded(const std::string& file);

    Entries entries_;
    std::unordered_map<HDRVR, Key> handles_;
    std::unordered_map<std::string, std::set<Key>> files_;
    std::map<RecordedDriver, Folded> folded_;  // of drivers whose own count is 1
    Key next_ = 0;
};

}  // namespace instdrv::service
