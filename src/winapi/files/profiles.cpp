#include "winapi/files/profiles.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>

#include "winapi/files/driver_state.hpp"
#include "winapi/files/paths.hpp"
#include "winapi/state/journaled_file.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {
namespace {

std::string in_windows_folder(std::string_view path) {
    const bool has_folder = path.find_first_of("\\/:") != std::string_view::npos;
    return has_folder ? std::string(path) : "C:\\windows\\" + std::string(path);
}

Fd another(const Fd& folder) {
    return Fd(::openat(folder.get(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

OpenProfiles* open_profiles() {
    DriverState* const state = DriverState::current();
    return state == nullptr ? nullptr : &state->profiles();
}

}  // namespace

// ---- one file -----------------------------------------------------------------------------------

// With what its journal says.
class OpenProfiles::Profile {
public:
    Profile(Fd folder, std::string name, StateRoom& room)
        : file_(std::move(folder), std::move(name), room) {}

    DWORD read() { return file_.catch_up(reader_); }

    DWORD change(const ProfileChange& change) {
        const JournaledFile::Lock lock(file_);
        DWORD error = lock.error();
        // For those who look at it by its name.
        if (error == ERROR_SUCCESS && !file_.exists()) error = file_.begin_empty();
        if (error == ERROR_SUCCESS) error = read();
        if (error == ERROR_SUCCESS) error = file_.append(change.record());
        if (error != ERROR_SUCCESS) return error;
        change.apply(text_);
        if (file_.is_long()) (void)file_.fold(reader_);  // the journal has it all the same
        return ERROR_SUCCESS;
    }

    DWORD fold() {
        if (!file_.has_journal()) return ERROR_SUCCESS;
        const JournaledFile::Lock lock(file_);
        if (lock.error() != ERROR_SUCCESS) return lock.error();
        if (!file_.exists()) return file_.drop_journal();
        const DWORD error = read();
        return error != ERROR_SUCCESS || !file_.has_records() ? error : file_.fold(reader_);
    }

    [[nodiscard]] const ProfileFile& text() const noexcept { return text_; }

private:
    void replay(std::string_view record) {
        if (const auto change = ProfileChange::from_record(record)) change->apply(text_);
    }
    [[nodiscard]] std::string content() const {
        const std::vector<std::byte> bytes = text_.content();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    JournaledFile file_;
    ProfileFile text_;
    const JournaledFile::Reader reader_{
        .restart = [this](auto bytes) { text_ = ProfileFile::parse(bytes); },
        .replay = [this](std::string_view record) { replay(record); },
        .content = [this] { return content(); }};
};

// ---- those of a driver --------------------------------------------------------------------------

OpenProfiles::OpenProfiles(StateRoom& room) : room_(room) {}

OpenProfiles::~OpenProfiles() = default;

OpenProfiles::Profile* OpenProfiles::find(const Place& place) {
    struct stat status {};
    ::fstat(place.folder.get(), &status);
    const Key key{status.st_dev, status.st_ino, place.name};
    if (const auto known = open_.find(key); known != open_.end()) return known->second.get();
    if (open_.size() == most_open) fold_all_locked();
    Fd folder = another(place.folder);
    if (!folder) return nullptr;
    auto& made = open_[key];
    made = std::make_unique<Profile>(std::move(folder), place.name, room_);
    return made.get();
}

ProfileFile OpenProfiles::read(const Place& place) {
    const std::lock_guard lock(mutex_);
    Profile* const profile = find(place);
    const bool is_read = profile != nullptr && profile->read() == ERROR_SUCCESS;
    return is_read ? profile->text() : ProfileFile{};
}

DWORD OpenProfiles::change(const Place& place, const ProfileChange& change) {
    const std::lock_guard lock(mutex_);
    Profile* const profile = find(place);
    return profile == nullptr ? ERROR_TOO_MANY_OPEN_FILES : profile->change(change);
}

DWORD OpenProfiles::fold(const Place& place) {
    const std::lock_guard lock(mutex_);
    Profile* const profile = find(place);
    return profile == nullptr ? ERROR_TOO_MANY_OPEN_FILES : profile->fold();
}

void OpenProfiles::fold_all() {
    const std::lock_guard lock(mutex_);
    fold_all_locked();
}

void OpenProfiles::fold_all_locked() {
    for (const auto& [key, profile] : open_)
        (void)profile->fold();
    open_.clear();
}

// ---- of the driver that the thread acts for -----------------------------------------------------

ProfileFile read_profile(std::string_view windows_path) {
    const auto place = locate_as_it_is(in_windows_folder(windows_path));
    OpenProfiles* const profiles = open_profiles();
    if (!place || !place->exists || !place->folder || profiles == nullptr) return {};
    return profiles->read(*place);
}

DWORD change_profile(std::string_view windows_path, const ProfileChange& change) {
    const auto place = locate_as_it_is(in_windows_folder(windows_path), true);
    if (!place) return place.error();
    OpenProfiles* const profiles = open_profiles();
    if (!place->writable || !place->folder || profiles == nullptr) return ERROR_ACCESS_DENIED;
    return profiles->change(*place, change);
}

DWORD fold_profile_at(const Place& place) {
    OpenProfiles* const profiles = open_profiles();
    if (!place.writable || !place.folder || profiles == nullptr) return ERROR_SUCCESS;
    if (!JournaledFile::has_journal(place.folder, place.name)) return ERROR_SUCCESS;
    return profiles->fold(place);
}

}  // namespace instdrv::winapi
