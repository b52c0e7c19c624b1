#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "caged.hpp"

namespace instdrv::caged {
namespace {

long read_one(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    char byte = 0;
    return ::read(fd, &byte, 1);
}
long make(const std::string& path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}
long list(const std::string& path) { return ::opendir(path.c_str()) == nullptr ? -1 : 0; }

long rename_with(unsigned flags, const std::string& to, const std::string& state) {
    return ::renameat2(AT_FDCWD, (state + "/kept.txt").c_str(), AT_FDCWD, to.c_str(), flags);
}

std::string of_parent(const World& world, const char* file) {
    return "/proc/" + std::to_string(world.parent) + "/" + file;
}

constexpr Attempt attempts[] = {
    // Reading what is the user's or the system's.
    {"read_passwd", [](const World&) { return read_one("/etc/passwd"); }},
    {"read_secret", [](const World& w) { return read_one(w.outside + "/secret.txt"); }},
    {"list_root", [](const World&) { return list("/"); }},
    {"list_home", [](const World&) { return list("/root"); }},
    {"list_outside", [](const World& w) { return list(w.outside); }},
    {"read_library", [](const World&) { return read_one("/usr/lib/os-release"); }},
    {"read_terminal", [](const World&) { return read_one("/dev/tty"); }},
    {"read_null_device", [](const World&) { return read_one("/dev/null"); }},
    {"own_memory", [](const World&) -> long { return ::open("/proc/self/mem", O_RDWR); }},
    {"own_environment", [](const World&) { return read_one("/proc/self/environ"); }},
    {"own_descriptors", [](const World&) { return list("/proc/self/fd"); }},
    {"own_fd_reopened", [](const World&) { return read_one("/proc/self/exe"); }},
    {"list_processes", [](const World&) { return list("/proc"); }},
    {"memory_of_parent", [](const World& w) { return read_one(of_parent(w, "mem")); }},
    {"environment_of_parent", [](const World& w) { return read_one(of_parent(w, "environ")); }},
    {"mappings_of_parent", [](const World& w) { return read_one(of_parent(w, "maps")); }},
    {"descriptors_of_parent", [](const World& w) { return read_one(of_parent(w, "fd/0")); }},
    {"root_of_parent", [](const World& w) { return read_one(of_parent(w, "root/etc/passwd")); }},

    {"read_closed_file", [](const World& w) { return read_one(w.state + "/closed.txt"); }},

    // Ways around.
    {"dotdot", [](const World& w) { return read_one(w.state + "/../outside/secret.txt"); }},
    {"dotdot_from_folder",
     [](const World& w) -> long {
         const int folder = ::open(w.state.c_str(), O_RDONLY | O_DIRECTORY);
         return folder < 0 ? -1 : ::openat(folder, "../outside/secret.txt", O_RDONLY);
     }},
    {"path_only_folder",
     [](const World& w) -> long {
         const int folder = ::open(w.outside.c_str(), O_PATH | O_DIRECTORY);
         return folder < 0 ? -1 : ::openat(folder, "secret.txt", O_RDONLY);
     }},
    {"symlink_to_file", [](const World& w) { return read_one(w.state + "/link"); }},
    {"symlink_to_folder",
     [](const World& w) { return read_one(w.state + "/up/outside/secret.txt"); }},
    {"make_symlink",
     [](const World& w) -> long { return ::symlink("/etc", (w.state + "/etc").c_str()); }},
    {"hard_link_in",
     [](const World& w) -> long {
         return ::link((w.outside + "/secret.txt").c_str(), (w.state + "/mine").c_str());
     }},
    {"rename_in",
     [](const World& w) -> long {
         return ::rename((w.outside + "/secret.txt").c_str(), (w.state + "/mine").c_str());
     }},
    {"rename_out",
     [](const World& w) -> long {
         return ::rename((w.state + "/kept.txt").c_str(), (w.outside + "/kept.txt").c_str());
     }},
    {"rename_driver_in",
     [](const World& w) -> long {
         return ::rename((w.driver + "/driver.acm").c_str(), (w.state + "/driver.acm").c_str());
     }},

    // Changing what is not the driver's.
    {"write_outside", [](const World& w) { return make(w.outside + "/new"); }},
    {"write_driver_folder", [](const World& w) { return make(w.driver + "/new.dll"); }},
    {"write_temporary_folder", [](const World&) { return make("/tmp/instdrv-caged-escaped"); }},
    {"write_shared_memory", [](const World&) { return make("/dev/shm/instdrv-caged-escaped"); }},
    {"write_driver",
     [](const World& w) -> long { return ::open((w.driver + "/driver.acm").c_str(), O_RDWR); }},
    {"truncate_driver",
     [](const World& w) -> long {
         return ::open((w.driver + "/driver.acm").c_str(), O_RDONLY | O_TRUNC);
     }},
    {"truncate_secret",
     [](const World& w) -> long { return ::truncate((w.outside + "/secret.txt").c_str(), 0); }},
    {"unlink_secret",
     [](const World& w) -> long { return ::unlink((w.outside + "/secret.txt").c_str()); }},
    {"unlink_driver",
     [](const World& w) -> long { return ::unlink((w.driver + "/driver.acm").c_str()); }},
    {"folder_outside",
     [](const World& w) -> long { return ::mkdir((w.outside + "/new").c_str(), 0700); }},
    {"change_mode",
     [](const World& w) -> long { return ::chmod((w.outside + "/secret.txt").c_str(), 0777); }},
    {"change_mode_of_open_driver",
     [](const World& w) -> long {
         const int fd = ::open((w.driver + "/driver.acm").c_str(), O_RDONLY);
         return fd < 0 ? 0 : ::fchmod(fd, 0777);
     }},
    {"change_owner",
     [](const World& w) -> long {
         return ::chown((w.outside + "/secret.txt").c_str(), ::getpid() & 0, 0);
     }},
    {"change_times",
     [](const World& w) -> long {
         return ::utimensat(AT_FDCWD, (w.outside + "/secret.txt").c_str(), nullptr, 0);
     }},
    {"make_device",
     [](const World& w) -> long {
         return ::mknod((w.state + "/mem").c_str(), S_IFCHR | 0600, 0x101);
     }},
    {"make_pipe",
     [](const World& w) -> long { return ::mkfifo((w.state + "/pipe").c_str(), 0600); }},
    // What would give others its rights.
    {"make_set_user_id",
     [](const World& w) -> long {
         return ::open((w.state + "/new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 04755);
     }},
    {"make_nameless_set_group_id",
     [](const World& w) -> long { return ::open(w.state.c_str(), O_RDWR | O_TMPFILE, 02755); }},
    {"make_nameless",
     [](const World& w) -> long { return ::open(w.state.c_str(), O_RDWR | O_TMPFILE, 0600); }},
    {"become_set_user_id",
     [](const World& w) -> long { return ::chmod((w.state + "/kept.txt").c_str(), 04755); }},
    {"become_set_user_id_when_open",
     [](const World& w) -> long {
         const int fd = ::open((w.state + "/kept.txt").c_str(), O_RDWR);
         return fd < 0 ? 0 : ::fchmod(fd, 04755);
     }},
    {"make_set_group_id_folder",
     [](const World& w) -> long { return ::mkdir((w.state + "/new").c_str(), 02755); }},
    {"make_set_group_id_folder_at",
     [](const World& w) -> long { return ::mkdirat(AT_FDCWD, (w.state + "/new").c_str(), 02755); }},
    {"swap_files",
     [](const World& w) { return rename_with(RENAME_EXCHANGE, w.state + "/sub", w.state); }},
    {"leave_whiteout",
     [](const World& w) { return rename_with(RENAME_WHITEOUT, w.state + "/gone", w.state); }},
    {"rename_to_new_name",
     [](const World& w) { return rename_with(RENAME_NOREPLACE, w.state + "/gone", w.state); }},

    {"change_folder", [](const World&) -> long { return ::chdir("/"); }},
    {"change_root", [](const World& w) -> long { return ::chroot(w.state.c_str()); }},
};

}  // namespace

std::span<const Attempt> file_attempts() { return attempts; }

}  // namespace instdrv::caged
