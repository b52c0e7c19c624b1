#include "expectations.hpp"

#include "support/i386.hpp"

namespace instdrv::test {
namespace {

using sandbox::Architecture;

struct Row {
    const char* attempt;
    const char* outcome;         // of both
    const char* i386 = nullptr;  // where it differs there; "": there is no such attempt
    bool not_on_amd64 = false;
};

constexpr Row rows[] = {
    // Files: Landlock refuses what opens, makes and moves, the filter what it does not cover.
    {"read_passwd", "EACCES"},
    {"read_secret", "EACCES"},
    {"list_root", "EACCES"},
    {"list_home", "EACCES"},
    {"list_outside", "EACCES"},
    {"read_library", "EACCES"},
    {"read_terminal", "EACCES"},
    {"read_null_device", "EACCES"},
    {"own_memory", "EACCES"},
    {"own_environment", "EACCES"},
    {"own_descriptors", "EACCES"},
    {"own_fd_reopened", "EACCES"},
    {"list_processes", "EACCES"},
    {"memory_of_parent", "EACCES"},
    {"environment_of_parent", "EACCES"},
    {"mappings_of_parent", "EACCES"},
    {"descriptors_of_parent", "EACCES"},
    {"root_of_parent", "EACCES"},
    {"read_closed_file", "EACCES"},
    {"dotdot", "EACCES"},
    {"dotdot_from_folder", "EACCES"},
    {"path_only_folder", "EACCES"},
    {"symlink_to_file", "EACCES"},
    {"symlink_to_folder", "EACCES"},
    {"make_symlink", "denied symlink"},
    {"hard_link_in", "denied link"},
    {"rename_in", "EACCES"},
    {"rename_out", "EACCES"},
    {"rename_driver_in", "EACCES"},
    {"write_outside", "EACCES"},
    {"write_driver_folder", "EACCES"},
    {"write_temporary_folder", "EACCES"},
    {"write_shared_memory", "EACCES"},
    {"write_driver", "EACCES"},
    {"truncate_driver", "denied openat"},
    {"truncate_secret", "denied truncate", "denied truncate64"},
    {"unlink_secret", "EACCES"},
    {"unlink_driver", "EACCES"},
    {"folder_outside", "EACCES"},
    {"change_mode", "denied chmod"},
    {"change_mode_of_open_driver", "EPERM"},
    {"change_owner", "denied chown", "denied chown32"},
    {"change_times", "EPERM"},
    {"make_device", "denied mknodat"},
    {"make_pipe", "denied mknodat"},
    {"make_set_user_id", "denied openat"},
    {"make_nameless_set_group_id", "denied openat"},
    {"make_nameless", "done"},
    {"become_set_user_id", "denied chmod"},
    {"become_set_user_id_when_open", "EPERM"},
    {"make_set_group_id_folder", "denied mkdir"},
    {"make_set_group_id_folder_at", "denied mkdirat"},
    {"swap_files", "denied renameat2"},
    {"leave_whiteout", "denied renameat2"},
    {"rename_to_new_name", "done"},
    {"change_folder", "denied chdir"},
    {"change_root", "denied chroot"},

    // Processes.
    {"kill_parent", "denied kill"},
    {"kill_all", "denied kill"},
    {"kill_itself", "denied kill"},
    {"tgkill_parent", "denied tgkill"},
    {"tgkill_any", "denied tgkill"},
    {"tkill_parent", "denied tkill"},
    {"queue_signal", "denied rt_sigqueueinfo"},
    {"signal_by_descriptor", "denied pidfd_send_signal"},
    {"signal_by_owner", "denied fcntl", "denied fcntl64"},
    {"signal_by_lease", "denied fcntl", "denied fcntl64"},
    {"trace_parent", "denied ptrace"},
    {"read_parent", "denied process_vm_readv"},
    {"open_parent", "denied pidfd_open"},
    {"limits_of_parent", "denied prlimit64"},
    {"fork", "denied clone"},
    {"clone_process", "denied clone"},
    {"clone_thread_in_namespace", "denied clone"},
    {"clone3_process", "ENOSYS"},
    {"clone3_namespace", "ENOSYS"},
    {"run_program", "denied execve"},
    {"run_open_file", "denied execveat"},
    {"memory_file", "ENOSYS"},
    {"raise_memory", "denied prlimit64"},
    {"raise_files", "denied prlimit64"},
    {"become_dumpable", "denied prctl"},
    {"allow_tracing", "denied prctl"},
    {"second_filter", "denied prctl"},
    {"socket_inet", "denied socket", "denied socketcall"},
    {"socket_unix", "denied socket", "denied socketcall"},
    {"socket_netlink", "denied socket", "denied socketcall"},
    {"type_into_terminal", "denied ioctl"},
    {"is_terminal", "ENOTTY"},

    // Denied calls in silence.
    {"handle_denials", "denied rt_sigaction"},
    {"handle_denials_by_half", "denied rt_sigaction"},
    {"handle_faults", "denied rt_sigaction"},
    {"handle_faults_by_half", "denied rt_sigaction"},
    {"handle_another_signal", "done"},
    {"ask_for_handler_of_denials", "done"},
    {"block_denials", "killed by SIGSYS"},
    {"block_all_signals", "killed by SIGSYS"},
    {"no_stack_for_denials", "killed by SIGSEGV"},

    // The machine.
    {"map_write_execute", "EACCES"},
    {"protect_write_execute", "EACCES"},
    // Where IA-32 emulation is off there is no gate to enter by.
    {"enter_as_i386", test::runs_i386 ? "denied i386 getpid" : "killed by SIGSEGV", ""},
    {"enter_as_x32", "denied x32 getpid", ""},
    {"enter_as_amd64", "denied amd64 getpid", "denied amd64 getpid", true},
    {"no_such_call", "denied system call 4000"},
    {"largest_number", "denied system call -1"},

    // What has to go on working, or to fail in the ordinary way.
    {"threads", "done"},
    {"state_file", "done"},
    {"state_folders", "done"},
    {"driver_file", "done"},
    {"own_mappings", "done"},
    {"code", "done"},
    {"file_mapping", "done"},
    {"objects", "done"},
    {"control_socket", "done"},
    {"barrier", "done"},
    {"local_time", "done"},
    {"sorting", "done"},
    {"library", "ELIBACC"},
    {"large_file", "EFBIG"},
    {"memory_without_end", "ENOMEM"},
    {"files_without_end", "EMFILE"},
    {"inherited_descriptor", "EBADF"},
    {"variables", "done"},
    {"abort_itself", "done"},
    {"thread_name", "done"},
};

}  // namespace

std::vector<Expectation> expectations(Architecture architecture) {
    std::vector<Expectation> chosen;
    for (const auto& row : rows) {
        const bool other = architecture == Architecture::i386 && row.i386 != nullptr;
        const std::string outcome = other ? row.i386 : row.outcome;
        if (outcome.empty()) continue;
        if (row.not_on_amd64 && architecture == Architecture::amd64) continue;
        chosen.push_back({row.attempt, outcome});
    }
    return chosen;
}

}  // namespace instdrv::test
