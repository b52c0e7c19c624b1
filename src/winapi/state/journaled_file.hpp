// A file of settings with a journal beside it, which has the changes since the file was written.
//
// When append has returned success, the kernel has the record: it is one write(2) at the end of the
// journal. So the death of the process loses no such record. A record that is incomplete because
// the process died was never reported as a success, and is dropped. An empty journal is removed.
// Drivers cannot use names of journals for their files (paths.hpp).
//
// fold writes the journal into the file. It does not replace the file, because others may have it
// open. First the whole content goes to the journal as one record, so that the file is not needed;
// then the content is written over the file; then the journal is removed. Each step is flushed
// before the next.
//
// Processes that share the file change it one after the other (flock(2) on the journal) and see
// each other's changes. A fold excludes reads and writes through the file functions
// (file_writes.hpp) with flock(2) on the file; apart from folds, reads never wait. Errors are
// Windows error codes. [one thread at a time]
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <sys/types.h>

#include "base/fd.hpp"
#include "winapi/abi.hpp"
#include "winapi/state/state_room.hpp"

namespace instdrv::winapi {

class JournaledFile {
public:
    // Who makes something of the content. `restart` is given the whole of it, nothing where there
    // is no file; `replay` then each record, in order. `content` is the whole as it is now.
    struct Reader {
        std::function<void(std::span<const std::byte>)> restart;
        std::function<void(std::string_view)> replay;
        std::function<std::string()> content;
    };

    // `folder` is open, with O_PATH or otherwise; without one there is nothing to read. What the
    // journal grows by is taken from `room`.
    JournaledFile(Fd folder, std::string name, StateRoom& room);

    [[nodiscard]] bool has_folder() const noexcept { return static_cast<bool>(folder_); }
    // Once it was made.
    void use_folder(Fd folder) noexcept { folder_ = std::move(folder); }

    // Gives the reader what is new to it. The old content stays after a failure.
    DWORD catch_up(const Reader& reader);

    // Keeps other processes from changing the file while it lives.
    class Lock {
    public:
        // Waits for others. The journal is made.
        explicit Lock(JournaledFile& file);
        ~Lock();
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
        [[nodiscard]] DWORD error() const noexcept { return error_; }

    private:
        JournaledFile& file_;
        DWORD error_;
    };

    // These want a Lock.
    // Makes the file, empty and without records. It is not there.
    DWORD begin_empty();
    // Forgets what was appended.
    DWORD drop_journal();

    // The reader has caught up since. ERROR_DISK_FULL where it does not fit, ERROR_ACCESS_DENIED
    // where the file is write-protected; nothing is changed then.
    DWORD append(std::string_view record);
    // Catches up itself. After a failure the journal has all of it still.
    DWORD fold(const Reader& reader);

    // Makes durable what was appended. Without a Lock.
    DWORD flush() const;

    [[nodiscard]] bool exists() const;
    [[nodiscard]] bool has_journal() const { return folder_ && has_journal(folder_, name_); }
    // Does the reader have more than what is in the file?
    [[nodiscard]] bool has_records() const noexcept { return replayed_ > 0; }
    // Is it time to fold? The journal is longer than what it lies beside.
    [[nodiscard]] bool is_long() const noexcept;
    static bool has_journal(const Fd& folder, const std::string& name);
    // Is it the name of a journal, or of a file that an older instdrv was writing anew?
    static bool is_own_name(std::string_view name) noexcept;

private:
    // Which file a name led to. The file is kept open, so that no other one takes its number.
    struct Opened {
        Fd fd;
        struct stat status {};  // as it was opened

        [[nodiscard]] bool is(const struct stat& now) const noexcept;
        // Nobody has written to it past us since, as drivers and people may, as far as time stamps
        // can tell.
        [[nodiscard]] bool is_unchanged(const struct stat& now) const noexcept;
    };

    static constexpr std::uint64_t long_journal = 64 << 10;  // at least, bytes
    static constexpr mode_t usual_mode = 0666;               // less what the umask takes

    [[nodiscard]] bool is_changed() const;
    [[nodiscard]] bool has_all_of_journal() const;
    DWORD open(const std::string& name, int flags, Opened& opened, mode_t mode = usual_mode) const;
    [[nodiscard]] bool is_at(const std::string& name, const Opened& opened) const;
    DWORD lock_journal();
    void unlock_journal();
    DWORD open_journal(int flags);
    DWORD read_all(const Reader& reader);
    DWORD read_all(const Reader& reader, Opened& opened);
    DWORD read_journal(const Reader& reader, const std::string* file);
    DWORD append_framed(std::string_view bytes);
    DWORD fold_into_file(std::string_view content);

    Fd folder_;
    const std::string name_;
    const std::string journal_name_;
    StateRoom& room_;
    Opened file_;  // as the reader has it
    Opened journal_;
    std::uint64_t file_size_ = 0;
    bool is_read_ = false;          // the reader has the file, as far as its status tells
    bool is_young_ = false;         // and its time stamp may be that of a later write, too
    bool is_locked_ = false;        // the journal, by us
    std::uint64_t replayed_ = 0;    // bytes of the journal that the reader has
    std::uint64_t not_before_ = 0;  // length of a journal to fold at; it failed for a shorter one
};

}  // namespace instdrv::winapi
