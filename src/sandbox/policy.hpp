// The policy of a worker: what it may do. The supervisor builds it.
//
//     auto policy = PolicyBuilder(Architecture::amd64)
//                       .driver_folder("/opt/codecs")
//                       .state_folder("/home/me/.local/state/instdrv/msadp32.acm")
//                       .allow_network("the driver fetches its licence")
//                       .build();
//     send(policy->serialise());
//
// Everything that no call allows stays forbidden. The limits have defaults. Each allow_... and
// keep_... weakens the sandbox and takes the reason, which shows up in Policy::weakenings(). A call
// replaces nothing that an earlier one allowed. Mistakes (an unknown system call, an empty reason,
// a relative path) are errors of build(). The builder and the policy hold no resources; one thread
// at a time.
//
// Not linked into workers: uses libseccomp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <instdrv/error.hpp>

#include "sandbox/architecture.hpp"
#include "sandbox/call_table.hpp"
#include "sandbox/kernel.hpp"
#include "sandbox/plan.hpp"
#include "sandbox/report.hpp"

namespace instdrv::sandbox {

// Is this a build with AddressSanitizer? Its workers need allow_sanitizer().
#ifdef __SANITIZE_ADDRESS__
constexpr bool built_with_sanitizer = true;
#else
constexpr bool built_with_sanitizer = false;
#endif

// One call that made the policy weaker than the default.
struct Weakening {
    std::string call;    // "allow_read"
    std::string object;  // what it allows: a path, a system call; may be empty
    std::string reason;
};

// The description of one layer of a policy, in words.
struct LayerPlan {
    Layer layer;
    bool planned = true;
    std::string content;  // what it does; where it is not planned, why, and what to do about it
};

class Policy {
public:
    Policy(Plan plan, std::vector<LayerPlan> layers, std::vector<Weakening> weakenings)
        : plan_(std::move(plan)), layers_(std::move(layers)), weakenings_(std::move(weakenings)) {}

    // The blob for confine().
    [[nodiscard]] std::vector<std::byte> serialise() const { return sandbox::serialise(plan_); }
    [[nodiscard]] const Plan& plan() const noexcept { return plan_; }

    [[nodiscard]] const std::vector<LayerPlan>& layers() const noexcept { return layers_; }
    [[nodiscard]] const std::vector<Weakening>& weakenings() const noexcept { return weakenings_; }
    // Layers and weakenings, a line each.
    [[nodiscard]] std::string explanation() const;

private:
    Plan plan_;
    std::vector<LayerPlan> layers_;
    std::vector<Weakening> weakenings_;
};

class PolicyBuilder {
public:
    static constexpr std::uint64_t default_memory = std::uint64_t{1} << 30;
    static constexpr std::uint64_t default_address_space = std::uint64_t{4} << 30;
    // Programs that share the worker have two each.
    static constexpr std::uint64_t default_open_files = 1280;
    static constexpr std::uint64_t default_file_size = std::uint64_t{1} << 30;

    explicit PolicyBuilder(Architecture architecture, KernelSupport kernel = kernel_support());

    // The folders that a driver needs. May be called for each driver of a group.
    PolicyBuilder& driver_folder(
        const std::filesystem::path& folder);  // to read files, to list folders
    PolicyBuilder& state_folder(const std::filesystem::path& folder);  // to write; made if missing

    // Limits. Bytes of private writable memory (RLIMIT_DATA), and of all that is mapped
    // (RLIMIT_AS), of which the channel and reserved memory are parts.
    PolicyBuilder& limit_memory(std::uint64_t bytes);
    PolicyBuilder& limit_address_space(std::uint64_t bytes);
    PolicyBuilder& limit_open_files(std::uint64_t count);
    PolicyBuilder& limit_file_size(std::uint64_t bytes);
    // Threads of the user, not of the worker, as RLIMIT_NPROC counts: no default, because any
    // number is too small on some desktop. It bounds what a driver that starts threads without end
    // does to the user's other programs. Without effect for root.
    PolicyBuilder& limit_threads_of_user(std::uint64_t count);

    // Weakenings.
    // A system call by the name of syscalls(2), whatever its arguments.
    PolicyBuilder& allow_syscall(std::string name, std::string reason);
    // A file, or a folder with all below it. Skipped where it does not exist.
    PolicyBuilder& allow_read(const std::filesystem::path& path, std::string reason);
    PolicyBuilder& allow_write(const std::filesystem::path& path, std::string reason);
    // Sockets of all kinds.
    PolicyBuilder& allow_network(std::string reason);
    // Reading the system's shared libraries, which native drivers are linked with. Running programs
    // stays forbidden: mapping a library needs no right to execute it.
    PolicyBuilder& allow_system_libraries(std::string reason);
    // Opening files where the kernel has no Landlock, so that the user's rights are the only bound.
    // Without effect where it has.
    PolicyBuilder& allow_files_without_landlock(std::string reason);
    // Allows what the run-time libraries of AddressSanitizer and UndefinedBehaviorSanitizer need:
    // memory without limit, and their system calls. LeakSanitizer would trace its own process,
    // which stays denied: start such a worker with ASAN_OPTIONS=detect_leaks=0.
    PolicyBuilder& allow_sanitizer(std::string reason);
    // A variable of the environment that stays. Without this: TZ alone.
    PolicyBuilder& keep_variable(std::string name, std::string reason);

    [[nodiscard]] Result<Policy> build() const;

private:
    // All rights of the newest Landlock; build() takes away what the kernel does not know.
    PolicyBuilder& add_path(const std::filesystem::path& path, std::uint64_t access,
                            Missing missing);
    PolicyBuilder& set_limit(std::uint32_t resource, std::uint64_t value);
    PolicyBuilder& weaken(std::string call, std::string object, std::string reason);
    void refuse(std::string cause, std::string advice);
    [[nodiscard]] bool may_open_files() const noexcept;
    [[nodiscard]] std::vector<CallRule> call_rules() const;
    [[nodiscard]] Result<std::vector<FilterInstruction>> filter() const;
    [[nodiscard]] std::vector<LayerPlan> describe_layers() const;

    Architecture architecture_;
    KernelSupport kernel_;
    std::vector<PathRule> paths_;
    std::vector<Limit> limits_;
    std::vector<std::string> variables_;
    std::vector<std::string> calls_;  // allowed whatever their arguments
    bool network_ = false;
    bool files_without_landlock_ = false;
    bool sanitizer_ = false;
    std::vector<Weakening> weakenings_;
    std::optional<Error> mistake_;  // the first
};

}  // namespace instdrv::sandbox
