#include "host/state_root.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace instdrv {
namespace {

namespace fs = std::filesystem;

constexpr const char* operation = "use the state folder";
constexpr const char* another = "Set XDG_STATE_HOME to another folder";

Error unsafe(const fs::path& folder, std::string cause, std::string advice) {
    return {.code = ErrorCode::io,
            .operation = fmt::format("{} {}", operation, folder.string()),
            .driver = {},
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

Error cannot_open(const fs::path& folder, int error) {
    if (error == ELOOP || error == ENOTDIR) return unsafe(folder, "it is no folder", another);
    auto failed = io_error(operation, folder, error);
    failed.advice = another;
    return failed;
}

// Whoever else may write there decides what a driver reads of its state.
Status check_owner(int folder, const fs::path& shown) {
    struct stat facts {};
    if (::fstat(folder, &facts) != 0) return failure(cannot_open(shown, errno));
    if (facts.st_uid != ::geteuid()) {
        return failure(
            unsafe(shown, fmt::format("it belongs to user {}, not to you", facts.st_uid), another));
    }
    if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return failure(unsafe(shown, "others may write to it",
                              fmt::format("Take that right away: chmod go-w {}", shown.string())));
    }
    return {};
}

Result<Fd> open_own(int parent, const fs::path& name, const fs::path& shown,
                    MissingFolder missing) {
    if (missing == MissingFolder::made && ::mkdirat(parent, name.c_str(), S_IRWXU) != 0 &&
        errno != EEXIST) {
        return failure(cannot_open(shown, errno));
    }
    Fd folder(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder && errno == ENOENT && missing == MissingFolder::left) return folder;
    if (!folder) return failure(cannot_open(shown, errno));
    if (auto owned = check_owner(folder.get(), shown); !owned) return failure(owned.error());
    return folder;
}

}  // namespace

fs::path path_in_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<fs::path> state_root(const fs::path& chosen) {
    if (!chosen.empty()) {
        std::error_code no_current_folder;
        auto absolute = fs::absolute(chosen, no_current_folder);
        return no_current_folder ? chosen : absolute;
    }
    for (const auto& [name, below] : {std::pair{"XDG_STATE_HOME", "instdrv"},
                                      {"HOME", ".local/state/instdrv"},
                                      {"XDG_RUNTIME_DIR", "instdrv"}}) {
        if (const auto folder = path_in_environment(name); folder.is_absolute())
            return folder / below;
    }
    return failure(Error{.code = ErrorCode::io,
                         .operation = "find a folder for what drivers keep",
                         .driver = {},
                         .cause = "neither XDG_STATE_HOME nor HOME nor XDG_RUNTIME_DIR names one",
                         .advice = "Set XDG_STATE_HOME to a folder of your own"});
}

Result<Fd> open_state_root(const fs::path& root, MissingFolder missing) {
    auto folder = root.has_filename() ? root : root.parent_path();
    std::error_code error;
    if (missing == MissingFolder::made) fs::create_directories(folder.parent_path(), error);
    if (error) return failure(cannot_open(folder.parent_path(), error.value()));
    return open_own(AT_FDCWD, folder, folder, missing);
}

Result<Fd> open_own_folder(const Fd& parent, const fs::path& name, const fs::path& shown,
                           MissingFolder missing) {
    return open_own(parent.get(), name, shown, missing);
}

}  // namespace instdrv
