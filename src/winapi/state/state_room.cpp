#include "winapi/state/state_room.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace instdrv::winapi {
namespace {

namespace fs = std::filesystem;

std::uint64_t bytes_in(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code gone;
        if (entry->is_symlink(gone) || !entry->is_regular_file(gone)) continue;
        const auto size = entry->file_size(gone);
        if (!gone) bytes += size;
    }
    return bytes;
}

}  // namespace

StateRoom::StateRoom(fs::path folder, std::uint64_t limit)
    : folder_(std::move(folder)), limit_(limit), taken_since_count_(limit) {}

void StateRoom::count() {
    used_ = bytes_in(folder_);
    taken_since_count_ = 0;
}

bool StateRoom::take(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto fits = [&] { return used_ <= limit_ && bytes <= limit_ - used_; };
    if (taken_since_count_ > limit_ / 16 || !fits()) count();
    if (!fits()) return false;
    used_ += bytes;
    taken_since_count_ += bytes;
    return true;
}

void StateRoom::give_back(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ -= std::min(used_, bytes);
}

std::uint64_t StateRoom::left() {
    const std::lock_guard lock(mutex_);
    count();
    return limit_ - std::min(used_, limit_);
}

}  // namespace instdrv::winapi
