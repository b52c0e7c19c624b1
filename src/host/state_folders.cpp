#include "host/state_folders.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/flush.hpp"
#include "base/keep_first.hpp"
#include "base/text.hpp"
#include "host/state_root.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;

constexpr const char* drivers = "drivers";
constexpr const char* by_name = "named";
constexpr std::array reserved = {"drivers", "named", "session"};
constexpr const char* path_file = "driver";
constexpr const char* kept = "state";

// FNV-1a. That two paths have one hash is found out and harms nobody.
std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (const char byte : text)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100'0000'01b3;
    return hash;
}

// The name is for people, and must leave room for the rest.
std::string folder_name(const fs::path& driver, int attempt) {
    constexpr std::size_t longest = 200;
    auto name = fmt::format("{}-{:016x}", driver.filename().string().substr(0, longest),
                            hash_of(driver.string()));
    return attempt == 0 ? name : fmt::format("{}-{}", name, attempt);
}

Error cannot(const char* what, const fs::path& folder) {
    return io_error(fmt::format("{} the state folder", what), folder, errno);
}

// Holds what is below a folder still against other processes and threads.
Status lock(const Fd& folder, const fs::path& shown) {
    while (::flock(folder.get(), LOCK_EX) != 0) {
        if (errno != EINTR) return failure(cannot("lock", shown));
    }
    return {};
}

// What a folder says whose it is; empty: nothing yet.
Result<std::string> owner_of(const Fd& folder, const fs::path& shown) {
    const Fd file(::openat(folder.get(), path_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file && errno == ENOENT) return std::string();
    if (!file) return failure(cannot("read", shown / path_file));
    std::string owner;
    std::array<char, 4096> part{};
    ssize_t count = 0;
    while ((count = ::read(file.get(), part.data(), part.size())) > 0)
        owner.append(part.data(), static_cast<std::size_t>(count));
    if (count < 0) return failure(cannot("read", shown / path_file));
    return owner;
}

// Whole or not at all: a folder without it is the next one's that comes.
Status write_owner(const Fd& folder, const fs::path& driver, const fs::path& shown) {
    constexpr const char* unfinished = ".driver";
    const Fd file(::openat(folder.get(), unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                           S_IRUSR | S_IWUSR));
    if (!file) return failure(cannot("make", shown / path_file));
    const auto& text = driver.native();
    auto written = write_all(file.get(), std::as_bytes(std::span(text)), shown / path_file);
    if (!written) return written;
    if (::renameat(folder.get(), unfinished, folder.get(), path_file) != 0) {
        return failure(cannot("make", shown / path_file));
    }
    return {};
}

// Moves what an older version kept by the file's name, if it is there and nobody has taken it.
// Returns whether it did.
bool take_over(const Fd& root, const fs::path& driver, const Fd& folder) {
    const auto old = ascii_lower(driver.filename().string());
    if (std::ranges::find(reserved, old) != reserved.end()) return false;
    struct stat facts {};
    return ::fstatat(root.get(), old.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(facts.st_mode) && facts.st_uid == ::geteuid() &&
           ::renameat2(root.get(), old.c_str(), folder.get(), kept, RENAME_NOREPLACE) == 0;
}

}  // namespace

StateFolders::StateFolders(Result<fs::path> root, Notice notice)
    : root_(std::move(root)), notice_(std::move(notice)) {}

Result<fs::path> StateFolders::given(fs::path folder) {
    const std::lock_guard guard(mutex_);
    given_.insert(folder);
    return folder;
}

Result<fs::path> StateFolders::of_file(const fs::path& driver) {
    if (!root_) return failure(root_.error());
    const auto root = open_state_root(*root_);
    if (!root) return failure(root.error());
    const auto parent = open_own_folder(*root, drivers, *root_ / drivers);
    if (!parent) return failure(parent.error());
    if (auto locked = lock(*parent, *root_ / drivers); !locked) return failure(locked.error());
    for (int attempt = 0;; ++attempt) {
        const auto name = folder_name(driver, attempt);
        const auto shown = *root_ / drivers / name;
        const auto folder = open_own_folder(*parent, name, shown);
        if (!folder) return failure(folder.error());
        auto owner = owner_of(*folder, shown);
        if (!owner) return failure(std::move(owner).error());
        if (!owner->empty() && *owner != driver.native()) continue;
        if (owner->empty()) {
            if (auto made = write_owner(*folder, driver, shown); !made)
                return failure(made.error());
        }
        if (take_over(*root, driver, *folder) && notice_) {
            notice_(fmt::format("{}: what was kept for drivers of this name is its own now, in {}",
                                driver.string(), (shown / kept).string()));
        }
        return given(shown / kept);
    }
}

Result<fs::path> StateFolders::named(const std::string& name) {
    if (!root_) return failure(root_.error());
    const auto root = open_state_root(*root_);
    if (!root) return failure(root.error());
    const auto parent = open_own_folder(*root, by_name, *root_ / by_name);
    if (!parent) return failure(parent.error());
    return given(*root_ / by_name / name);
}

fs::path StateFolders::root() const {
    std::error_code not_made_yet;
    return root_ ? fs::weakly_canonical(*root_, not_made_yet) : fs::path();
}

Status StateFolders::flush(std::chrono::steady_clock::time_point until) {
    const std::lock_guard guard(mutex_);
    Status done;
    std::set<fs::path> around;  // which of them there are
    auto left = static_cast<int>(given_.size());
    for (const auto& folder : given_) {
        // Of the time that is left each has its share: what one fills up, no other lacks.
        const auto now = std::chrono::steady_clock::now();
        keep_first(done, flush_tree(folder, now + (until - now) / left--));
        for (auto above = folder.parent_path(); above != root_->parent_path();
             above = above.parent_path())
            around.insert(above);
    }
    for (const auto& folder : around) {
        if (std::chrono::steady_clock::now() < until) keep_first(done, flush_entries(folder));
    }
    return done;
}

}  // namespace instdrv
