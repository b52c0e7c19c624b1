// The catalog of installed drivers, read from one system.ini.
//
//     [drivers32]                        alias=file text, 32-bit; the default section
//     [drivers]                          the same, 16-bit names; looked in after [drivers32]
//     [mci32], [mci]                     MCI device types
//     [boot]          drivers=a b,c      loaded and enabled, not opened
//     [instdrv]       path=a:b           folders for files named without one, after the
//                                        configuration's own folder; relative ones begin there
//     [instdrv.NAME]                     settings of one driver, NAME being its alias or its file,
//                                        named as it would be to open it:
//                     session_instance=yes|no
//                     placement=worker|in-process
//                     group=NAME         drivers of one group share a worker
//                     deadline=5s        for each of its messages
//                     recovery=fail|restart
//                     state_limit=64M    what its state folder may hold
//                     state=NAME         drivers that say the same share a state folder
//                     may_open=a,b       other drivers that it may open, by name
//                     most_files=100000  files and folders that its state folder may hold
//                     most_opened=256    instances of others that it may have open
//                     most_workers=16    workers that it may cause to be started
//                     most_requests=100000   what its own threads may ask for in a second
//                     most_clients=512   programs that may share its worker, in a session
//                     code_page=932      of its texts (A functions)
//                     oem_code_page=932
//                     locale=ja-JP       its language and country, and both pages
//
// A Catalog is a value and never changes. [any thread]
#pragma once

#include <instdrv/error.hpp>
#include <instdrv/placement.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/ini.hpp"

namespace instdrv::catalog {

struct Entry {
    std::string alias;
    std::string section;  // as written in the file
    std::string value;    // "file text", for parse_driver_name
    std::size_t line = 0;
};

// Settings of one driver; empty where the file says nothing.
struct DriverSettings {
    std::optional<bool> session_instance;
    std::optional<Placement> placement;
    std::optional<std::string> group;
    std::optional<std::chrono::milliseconds> deadline;
    std::optional<Recovery> recovery;
    std::optional<std::uint64_t> state_limit;  // bytes
    std::optional<std::string> state;          // the name of a state folder
    std::vector<std::string> may_open;
    std::optional<std::uint32_t> most_files;
    std::optional<std::uint32_t> most_opened;
    std::optional<std::uint32_t> most_workers;
    std::optional<std::uint32_t> most_requests;
    std::optional<std::uint32_t> most_clients;
    std::optional<std::uint16_t> code_page;
    std::optional<std::uint16_t> oem_code_page;
    std::optional<std::uint16_t> locale;  // its LCID
};

class Catalog {
public:
    Catalog() = default;  // nothing is installed

    // Fails with io, or with configuration for a file that cannot be used; the cause names the
    // line.
    static Result<Catalog> from_file(const std::filesystem::path& file);
    // The same for content in memory; `file` is for messages and relative names.
    static Result<Catalog> from_bytes(std::span<const std::byte> content,
                                      std::filesystem::path file);

    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

    // The entry of an alias, in any case. Section empty: [drivers32], then [drivers].
    [[nodiscard]] std::optional<Entry> lookup(std::string_view alias,
                                              std::string_view section = {}) const;

    // All drivers that can be opened: the entries of [drivers32], [drivers], [mci32] and [mci], in
    // the order of the file. Of an alias that occurs twice in a section, the first.
    [[nodiscard]] std::vector<Entry> drivers() const;

    // The names in [boot] drivers=: files or aliases, separated by spaces or commas.
    [[nodiscard]] std::vector<std::string> boot_drivers() const;

    // The NAMEs of sections [instdrv.NAME].
    [[nodiscard]] std::vector<std::string> drivers_with_settings() const;

    // A line, with the file and where in it, for each section that means nothing to anybody.
    [[nodiscard]] std::vector<std::string> warnings() const;

    // Where a file named in the configuration, or opened while it is in force, lies: an existing
    // regular file, or empty. Backslashes are separators and case does not count, as on Windows. Of
    // a name with a drive letter only the last part is used, since C:\ is not here. A name with a
    // leading slash is taken as it is.
    [[nodiscard]] std::optional<std::filesystem::path> find_file(std::string_view name) const;

    // By alias first, which may be empty, then by file: of the sections whose name is one of the
    // driver's file.
    using IsItsFile = std::function<bool(std::string_view name)>;
    [[nodiscard]] DriverSettings settings(std::string_view alias,
                                          const IsItsFile& is_its_file) const;

private:
    std::filesystem::path file_;
    std::vector<std::filesystem::path> folders_;
    Ini ini_;
};

}  // namespace instdrv::catalog
