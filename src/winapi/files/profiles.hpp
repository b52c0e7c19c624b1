// The INI files of the driver that the thread acts for. A file without a folder lies in C:\windows.
//
// Changes go to a journal first (journaled_file.hpp). Access to the file by its name folds the
// journal into the file (fold_profile_at in locate), so only these functions know of the journal. A
// journal without a file is left of a file that was deleted, and is removed. [any thread]
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include <sys/types.h>

#include "winapi/abi.hpp"
#include "winapi/files/profile_file.hpp"
#include "winapi/state/state_room.hpp"

namespace instdrv::winapi {

struct Place;

// An empty file where there is none, or it cannot be read.
ProfileFile read_profile(std::string_view windows_path);

// The Windows error code; nothing is changed after a failure. With success it is in the kernel.
DWORD change_profile(std::string_view windows_path, const ProfileChange& change);

// Takes a file's journal into it, if it has one. After an error the journal is left, and the file
// is not what its driver was told it is: ERROR_DISK_FULL, ERROR_ACCESS_DENIED.
[[nodiscard]] DWORD fold_profile_at(const Place& place);

// The INI files that one driver has used, as they were read.
class OpenProfiles {
public:
    explicit OpenProfiles(StateRoom& room);
    ~OpenProfiles();

    // The place exists.
    ProfileFile read(const Place& place);
    // The place has a folder and is writable. The file is made where there is none.
    DWORD change(const Place& place, const ProfileChange& change);
    // What could not be written stays in the journal.
    DWORD fold(const Place& place);
    void fold_all();

private:
    class Profile;
    using Key = std::tuple<dev_t, ino_t, std::string>;  // folder and name
    static constexpr std::size_t most_open = 16;        // each has up to three descriptors

    Profile* find(const Place& place);  // null: there is no descriptor left for it
    void fold_all_locked();

    StateRoom& room_;
    std::mutex mutex_;
    std::map<Key, std::unique_ptr<Profile>> open_;
};

}  // namespace instdrv::winapi
