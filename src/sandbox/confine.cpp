#include "sandbox/confine.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <string_view>
#include <vector>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/confine_layers.hpp"
#include "sandbox/plan.hpp"

namespace instdrv::sandbox {
namespace {

static_assert(sizeof(FilterInstruction) == sizeof(sock_filter));

LayerReport outcome(int error) {
    return {.state = error == 0 ? LayerState::on : LayerState::failed, .error = error};
}

// Landlock confines the thread that asks for it and those it starts later.
bool is_only_thread() {
    constexpr nlink_t folder_itself = 2;  // /proc/self/task has a folder per thread
    struct stat status {};
    return ::stat("/proc/self/task", &status) != 0 || status.st_nlink <= folder_itself + 1;
}

LayerReport close_descriptors(std::span<const int> kept) {
    std::vector<int> sorted(kept.begin(), kept.end());
    std::sort(sorted.begin(), sorted.end());
    unsigned first = 0;
    for (const int fd : sorted) {
        if (fd < 0) continue;
        const auto number = static_cast<unsigned>(fd);
        if (number > first && ::close_range(first, number - 1, 0) != 0) return outcome(errno);
        first = number + 1;
    }
    return outcome(::close_range(first, UINT_MAX, 0) == 0 ? 0 : errno);
}

bool is_variable(std::string_view entry, const std::string& name) {
    return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
}

// The text is overwritten too: a driver reads all of this process's memory.
LayerReport clean_environment(const std::vector<std::string>& kept) {
    char** next = environ;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const bool stays = std::any_of(kept.begin(), kept.end(), [&](const std::string& name) {
            return is_variable(*entry, name);
        });
        if (stays) {
            *next++ = *entry;
        } else {
            ::explicit_bzero(*entry, std::strlen(*entry));
        }
    }
    if (next != nullptr) *next = nullptr;
    return outcome(0);
}

// Never over what the process may have: a limit that is lower already stays.
int lower(const Limit& limit) {
    rlimit64 now{};
    const auto resource = static_cast<__rlimit_resource>(limit.resource);
    if (::getrlimit64(resource, &now) != 0) return errno;
    const auto value = std::min<rlim64_t>(now.rlim_max, limit.value);
    const rlimit64 wanted{.rlim_cur = value, .rlim_max = value};
    return ::setrlimit64(resource, &wanted) == 0 ? 0 : errno;
}

LayerReport set_limits(const std::vector<Limit>& limits) {
    std::signal(SIGXFSZ, SIG_IGN);
    for (const auto& limit : limits) {
        auto report = outcome(lower(limit));
        report.detail = limit.resource;
        if (report.state == LayerState::failed) return report;
    }
    return outcome(0);
}

LayerReport raise_oom_score() {
    std::int32_t score = 0;
    auto report = outcome(raise_oom_score_adj(score));
    report.detail = static_cast<std::uint32_t>(score);
    return report;
}

LayerReport set_process_option(int option, unsigned long value) {
    return outcome(::prctl(option, value, 0UL, 0UL, 0UL) == 0 ? 0 : errno);
}

LayerReport confine_files(const Plan& plan) {
    if (plan.landlock_abi == 0) return {.state = LayerState::not_planned};
    auto report = outcome(restrict_files(plan));
    report.detail = plan.landlock_abi;
    return report;
}

LayerReport install_filter(std::vector<FilterInstruction> filter) {
    const auto self = static_cast<std::uint32_t>(::getpid());
    for (auto& instruction : filter) {
        const bool compares = instruction.code == (BPF_JMP | BPF_JEQ | BPF_K);
        if (compares && instruction.operand == own_process_id) instruction.operand = self;
    }
    const sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                             .filter = reinterpret_cast<sock_filter*>(filter.data())};
    const long result =
        ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (result > 0) return outcome(EBUSY);  // the thread that could not follow
    return outcome(result == 0 ? 0 : errno);
}

LayerReport put_on(Layer layer, const Plan& plan, std::span<const int> kept) {
    switch (layer) {
        case Layer::descriptors: return close_descriptors(kept);
        case Layer::environment: return clean_environment(plan.variables);
        case Layer::oom_score: return raise_oom_score();
        case Layer::limits: return set_limits(plan.limits);
        case Layer::not_dumpable: return set_process_option(PR_SET_DUMPABLE, 0);
        case Layer::no_new_privileges: return set_process_option(PR_SET_NO_NEW_PRIVS, 1);
        case Layer::capabilities: return outcome(drop_capabilities());
        case Layer::landlock: return is_only_thread() ? confine_files(plan) : outcome(EBUSY);
        case Layer::seccomp: return install_filter(plan.filter);
    }
    return outcome(EINVAL);
}

}  // namespace

ConfinementReport confine(std::span<const std::byte> plan, std::span<const int> kept) {
    ConfinementReport report;
    const auto parsed = parse_plan(plan);
    if (!parsed || parsed->architecture != own_architecture) {
        report.plan_error = 1;
        return report;
    }
    for (std::uint32_t index = 0; index < layer_count; ++index) {
        const auto layer = static_cast<Layer>(index);
        report[layer] = put_on(layer, *parsed, kept);
        if (report[layer].state == LayerState::failed && !may_fail(layer)) return report;
    }
    report.confined = 1;
    return report;
}

}  // namespace instdrv::sandbox
