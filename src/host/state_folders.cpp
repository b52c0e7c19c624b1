#include "host/state_folders.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/first_failure.hpp"
#include "base/text.hpp"

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

Error taken_meanwhile(const fs::path& folder) {
    return {.code = ErrorCode::busy,
            .operation = "use the state folder " + folder.string(),
            .cause = "another driver has taken it meanwhile",
            .advice = "Try again"};
}

}  // namespace

StateFolders::StateFolders(Result<fs::path> root, Notice notice)
    : root_(std::move(root)), notice_(std::move(notice)) {}

Result<StateFolders::Found> StateFolders::find(const fs::path& driver,
                                               MissingFolder missing) const {
    if (!root_) return failure(root_.error());
    Found found{.shown = *root_ / drivers / folder_name(driver, 0)};
    auto root = open_state_root(*root_, missing);
    if (!root) return failure(std::move(root).error());
    found.root = *std::move(root);
    if (!found.root) return found;
    auto parent = open_own_folder(found.root, drivers, *root_ / drivers, missing);
    if (!parent) return failure(std::move(parent).error());
    found.parent = *std::move(parent);
    if (!found.parent) return found;
    if (missing == MissingFolder::made) {
        if (auto locked = lock(found.parent, *root_ / drivers); !locked)
            return failure(std::move(locked).error());
    }
    for (int attempt = 0;; ++attempt) {
        const auto name = folder_name(driver, attempt);
        found.shown = *root_ / drivers / name;
        auto folder = open_own_folder(found.parent, name, found.shown, missing);
        if (!folder) return failure(std::move(folder).error());
        if (!*folder) return found;
        auto owner = owner_of(*folder, found.shown);
        if (!owner) return failure(std::move(owner).error());
        if (!owner->empty() && *owner != driver.native()) continue;
        found.folder = *std::move(folder);
        found.has_owner = !owner->empty();
        return found;
    }
}

Result<fs::path> StateFolders::of_file(const fs::path& driver) const {
    return find(driver, MissingFolder::left).map([](const Found& found) {
        return found.shown / kept;
    });
}

Result<fs::path> StateFolders::named(const std::string& name) const {
    if (!root_) return failure(root_.error());
    return *root_ / by_name / name;
}

Status StateFolders::make(const fs::path& driver, const fs::path& folder) {
    const bool has_a_name = root_ && folder.parent_path() == *root_ / by_name;
    Status made = has_a_name ? make_named() : make_of_file(driver, folder);
    if (!made) return made;
    const std::lock_guard guard(mutex_);
    given_.emplace(folder, driver);
    return {};
}

Status StateFolders::make_named() const {
    const auto root = open_state_root(*root_);
    if (!root) return failure(root.error());
    const auto parent = open_own_folder(*root, by_name, *root_ / by_name);
    if (!parent) return failure(parent.error());
    return {};
}

Status StateFolders::make_of_file(const fs::path& driver, const fs::path& folder) const {
    const auto found = find(driver, MissingFolder::made);
    if (!found) return failure(found.error());
    if (found->shown / kept != folder) return failure(taken_meanwhile(folder));
    if (!found->has_owner) {
        // Whole or not at all: a folder without an owner belongs to the next driver that comes.
        auto written = write_file_atomically(found->folder, path_file,
                                             std::as_bytes(std::span(driver.native())),
                                             found->shown / path_file);
        if (!written) return written;
    }
    if (take_over(found->root, driver, found->folder) && notice_) {
        notice_(fmt::format("{}: what was kept for drivers of this name is its own now, in {}",
                            driver.string(), folder.string()));
    }
    return {};
}

fs::path StateFolders::root() const {
    std::error_code not_made_yet;
    return root_ ? fs::weakly_canonical(*root_, not_made_yet) : fs::path();
}

// All take turns, which grow: a folder with few files waits for none that has many.
void StateFolders::flush_in_turns(std::span<Flushing> all, GoOn go_on, TimePoint until) {
    std::vector<TreeFlush*> left;
    for (auto& one : all)
        left.push_back(&one.flush);
    for (std::chrono::milliseconds turn{20}; !left.empty(); turn *= 2) {
        auto others = left.size();
        std::erase_if(left, [&](TreeFlush* flush) {
            const auto now = Clock::now();
            const auto share = (until - now) / static_cast<int>(others--);
            return (flush->*go_on)(now + std::min<Clock::duration>(turn, share));
        });
        if (Clock::now() >= until) return;
    }
}

Status StateFolders::flush(TimePoint until) {
    const std::lock_guard guard(mutex_);
    std::vector<Flushing> all;
    all.reserve(given_.size());
    for (const auto& [folder, driver] : given_)
        all.push_back({.driver = driver, .flush = TreeFlush(folder)});
    flush_in_turns(all, &TreeFlush::go_on_with_small, until);
    flush_in_turns(all, &TreeFlush::go_on_with_large, until);
    Status done;
    for (const auto& one : all) {
        auto status = one.flush.status();
        if (!status) status.error().driver = one.driver.string();
        keep_first_failure(done, std::move(status));
    }
    std::set<fs::path> around;  // which of them there are
    for (const auto& [folder, driver] : given_) {
        for (auto above = folder.parent_path(); above != root_->parent_path();
             above = above.parent_path())
            around.insert(above);
    }
    for (const auto& folder : around) {
        if (Clock::now() < until) keep_first_failure(done, flush_entries(folder));
    }
    return done;
}

}  // namespace instdrv
