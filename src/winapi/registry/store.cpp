#include "winapi/registry/store.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/standard_error.hpp"
#include "winapi/registry/text.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::registry {
namespace {

constexpr const char* file_name = "registry.reg";

// "registry.reg.damaged", or with the first number behind it that is free.
std::filesystem::path free_name(const std::filesystem::path& file) {
    std::filesystem::path name = file;
    name += ".damaged";
    std::error_code unknown;
    for (int number = 2; std::filesystem::exists(name, unknown); ++number) {
        name = file;
        name += fmt::format(".damaged-{}", number);
    }
    return name;
}

}  // namespace

Store::Store(std::filesystem::path state_folder, std::shared_ptr<StateRoom> room)
    : folder_(std::move(state_folder)),
      path_((folder_ / file_name).string()),
      room_(std::move(room)),
      file_(Fd(), file_name, *room_),
      reader_{.restart = [this](std::span<const std::byte> bytes) { restart(bytes); },
              .replay = [this](std::string_view changes) { replay(changes); },
              .content = [this] { return to_text(root_); }} {
    make_predefined_keys(root_);
}

bool Store::open_folder() {
    Fd folder(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return false;
    file_.use_folder(std::move(folder));
    return true;
}

LONG Store::read(const std::function<LONG(const Key& root)>& action) {
    const std::lock_guard lock(mutex_);
    if (!file_.has_folder() && !open_folder()) return action(root_);
    const LONG error = catch_up();
    return error != ERROR_SUCCESS ? error : action(root_);
}

LONG Store::change(const Plan& plan) {
    const std::lock_guard lock(mutex_);
    if (!file_.has_folder() && !open_folder()) {
        std::error_code failed;
        std::filesystem::create_directories(folder_, failed);
        if (failed) return static_cast<LONG>(error_from_errno(failed.value()));
        if (!open_folder()) return static_cast<LONG>(error_from_errno(errno));
    }
    const JournaledFile::Lock file_lock(file_);
    if (file_lock.error() != ERROR_SUCCESS) return static_cast<LONG>(file_lock.error());
    if (const LONG error = catch_up(); error != ERROR_SUCCESS) return error;
    std::string changes;
    const LONG answer = plan(root_, changes);
    if (answer != ERROR_SUCCESS || changes.empty()) return answer;
    const DWORD error = file_.append(changes);
    if (error != ERROR_SUCCESS) return static_cast<LONG>(error);
    replay(changes);
    if (file_.is_long()) (void)file_.fold(reader_);  // what is in the journal is kept all the same
    return ERROR_SUCCESS;
}

LONG Store::flush() {
    const std::lock_guard lock(mutex_);
    if (!writable_) return ERROR_BADDB;
    if (!file_.has_folder() && !open_folder()) return ERROR_SUCCESS;
    const LONG error = catch_up();
    return error != ERROR_SUCCESS ? error : static_cast<LONG>(file_.flush());
}

LONG Store::fold() {
    const std::lock_guard lock(mutex_);
    if (!file_.has_journal()) return ERROR_SUCCESS;
    const JournaledFile::Lock file_lock(file_);
    if (file_lock.error() != ERROR_SUCCESS) return static_cast<LONG>(file_lock.error());
    const LONG error = catch_up();
    if (error != ERROR_SUCCESS || !file_.has_records()) return error;
    return static_cast<LONG>(file_.fold(reader_));
}

LONG Store::catch_up() {
    const DWORD error = file_.catch_up(reader_);
    if (error == ERROR_SUCCESS) return writable_ ? LONG{ERROR_SUCCESS} : ERROR_BADDB;
    if (!std::exchange(was_told_, true)) {
        const Error problem{
            .code = ErrorCode::io,
            .operation = "read the registry",
            .driver = path_,
            .cause = fmt::format("it is no file that can be read (Windows error {})", error),
            .advice = "Make it readable or move it away."};
        print_message("{}", problem.text());
    }
    return ERROR_BADDB;
}

void Store::restart(std::span<const std::byte> bytes) {
    root_ = {};
    if (!bytes.empty()) {
        auto root = parse_text(bytes, path_);
        if (root) {
            root_ = std::move(*root);
        } else {
            set_aside(root.error());
        }
    }
    make_predefined_keys(root_);
}

void Store::replay(std::string_view changes) {
    if (const Status done = apply_changes(root_, std::string(changes), path_); !done) {
        print_message("{}", done.error().text());
    }
    make_predefined_keys(root_);
}

void Store::set_aside(const Error& problem) {
    std::error_code failed;
    const auto aside = free_name(path_);
    std::filesystem::rename(path_, aside, failed);
    Error told = problem;
    if (failed) {
        writable_ = false;
        told.advice = "The registry cannot be used, as the file cannot be moved aside.";
    } else {
        told.advice = fmt::format("It was moved to {}; the registry is empty now.", aside.string());
    }
    print_message("{}", told.text());
}

}  // namespace instdrv::winapi::registry
