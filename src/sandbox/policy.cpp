#include "sandbox/policy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <pwd.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sandbox/call_table.hpp"
#include "sandbox/default_filters.hpp"
#include "sandbox/filter.hpp"
#include "sandbox/landlock.hpp"

namespace instdrv::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t reading = landlock::read_file | landlock::read_dir;
// No links, devices, pipes or sockets.
constexpr std::uint64_t writing = reading | landlock::write_file | landlock::truncate |
                                  landlock::remove_dir | landlock::remove_file |
                                  landlock::make_dir | landlock::make_reg | landlock::refer;

constexpr const char* time_zones[] = {"/etc/localtime", "/usr/share/zoneinfo"};
constexpr const char* own_mappings = "/proc/self/maps";
constexpr const char* libraries[] = {"/etc/ld.so.cache", "/lib",          "/lib32",
                                     "/lib64",           "/usr/lib",      "/usr/lib32",
                                     "/usr/lib64",       "/usr/local/lib"};

// Where it really lies, as far as it exists; without the empty last part of a slash at the end.
fs::path resolved(const fs::path& path) {
    std::error_code error;
    auto real = fs::weakly_canonical(path, error);
    if (error) real = path.lexically_normal();
    return real.has_filename() || real == real.root_path() ? real : real.parent_path();
}

fs::path home_folder() {
    if (const char* const home = std::getenv("HOME")) return home;
    std::array<char, 4096> memory{};
    passwd user{};
    passwd* found = nullptr;
    const int error = ::getpwuid_r(::geteuid(), &user, memory.data(), memory.size(), &found);
    return error == 0 && found != nullptr ? user.pw_dir : "/";
}

// Is the home folder in it? Then all of the user's files would be.
bool holds_home(const fs::path& folder) {
    const auto outer = resolved(folder);
    const auto inner = resolved(home_folder());
    return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

// Normal, without the empty last part that a slash at the end leaves.
fs::path without_slash(const fs::path& path) {
    auto normal = path.lexically_normal();
    return normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path();
}

std::string gibibytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} GiB",
                       static_cast<double>(bytes) / static_cast<double>(std::uint64_t{1} << 30));
}

std::string text_of(const Limit& limit) {
    if (limit.value == RLIM64_INFINITY) return {};
    switch (limit.resource) {
        case RLIMIT_DATA: return "memory " + gibibytes(limit.value);
        case RLIMIT_AS: return "address space " + gibibytes(limit.value);
        case RLIMIT_NOFILE: return fmt::format("{} open files", limit.value);
        case RLIMIT_FSIZE: return "files of " + gibibytes(limit.value);
        case RLIMIT_NPROC: return fmt::format("{} threads of the user", limit.value);
        default: return "no core files";
    }
}

std::string text_of(const std::vector<Limit>& limits) {
    std::string text;
    for (const auto& limit : limits) {
        const auto part = text_of(limit);
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

std::string text_of(const std::vector<PathRule>& paths) {
    std::string read, written;
    for (const auto& rule : paths) {
        auto& text = (rule.access & landlock::write_file) != 0 ? written : read;
        text += (text.empty() ? "" : " ") + rule.path;
    }
    return fmt::format("reads {}; writes {}", read, written.empty() ? "nothing" : written);
}

std::string why_no_landlock(int error) {
    switch (error) {
        case ENOSYS: return "the kernel has no Landlock. Use Linux 5.13 or later, built with it";
        case EOPNOTSUPP: return "it is switched off. Add landlock to the kernel's parameter lsm=";
        default:
            return std::generic_category().message(error) +
                   ". Something around this process forbids it, such as a container's own filter";
    }
}

}  // namespace

std::string Policy::explanation() const {
    std::string text;
    for (const auto& layer : layers_) {
        text += fmt::format("{}: {}{}\n", name_of(layer.layer), layer.planned ? "" : "off, ",
                            layer.content);
    }
    for (const auto& weakening : weakenings_) {
        text +=
            fmt::format("weaker: {}({}): {}\n", weakening.call, weakening.object, weakening.reason);
    }
    return text;
}

PolicyBuilder::PolicyBuilder(Architecture architecture, KernelSupport kernel)
    : architecture_(architecture), kernel_(kernel), variables_{"TZ"} {
    for (const char* const path : time_zones)
        add_path(path, reading, Missing::skip);
    add_path(own_mappings, reading, Missing::skip);
    paths_.back().keep_open = true;
    limit_memory(default_memory);
    limit_address_space(default_address_space);
    limit_open_files(default_open_files);
    limit_file_size(default_file_size);
    set_limit(RLIMIT_CORE, 0);
}

PolicyBuilder& PolicyBuilder::driver_folder(const fs::path& folder) {
    if (folder.is_absolute() && holds_home(folder)) {
        refuse(fmt::format("{} holds the home folder, all of which the driver could read",
                           folder.string()),
               "Put the driver into a folder of its own");
    }
    return add_path(folder, reading, Missing::fail);
}

PolicyBuilder& PolicyBuilder::state_folder(const fs::path& folder) {
    return add_path(folder, writing, Missing::create);
}

PolicyBuilder& PolicyBuilder::limit_memory(std::uint64_t bytes) {
    return set_limit(RLIMIT_DATA, bytes);
}
PolicyBuilder& PolicyBuilder::limit_address_space(std::uint64_t bytes) {
    return set_limit(RLIMIT_AS, bytes);
}
PolicyBuilder& PolicyBuilder::limit_open_files(std::uint64_t count) {
    return set_limit(RLIMIT_NOFILE, count);
}
PolicyBuilder& PolicyBuilder::limit_file_size(std::uint64_t bytes) {
    return set_limit(RLIMIT_FSIZE, bytes);
}
PolicyBuilder& PolicyBuilder::limit_threads_of_user(std::uint64_t count) {
    return set_limit(RLIMIT_NPROC, count);
}

PolicyBuilder& PolicyBuilder::allow_syscall(std::string name, std::string reason) {
    if (!exists(name.c_str(), architecture_)) {
        refuse(fmt::format("'{}' is no system call of this machine", name),
               "Take a name of syscalls(2)");
    } else if (is_never_allowed(name)) {
        refuse(fmt::format("no policy allows {}", name),
               "A driver that cannot do without has to run in-process");
    }
    calls_.push_back(name);
    return weaken("allow_syscall", std::move(name), std::move(reason));
}

PolicyBuilder& PolicyBuilder::allow_read(const fs::path& path, std::string reason) {
    add_path(path, reading, Missing::skip);
    return weaken("allow_read", path.string(), std::move(reason));
}

PolicyBuilder& PolicyBuilder::allow_write(const fs::path& path, std::string reason) {
    add_path(path, writing, Missing::skip);
    return weaken("allow_write", path.string(), std::move(reason));
}

PolicyBuilder& PolicyBuilder::allow_network(std::string reason) {
    network_ = true;
    return weaken("allow_network", {}, std::move(reason));
}

PolicyBuilder& PolicyBuilder::allow_system_libraries(std::string reason) {
    for (const char* const path : libraries)
        add_path(path, reading, Missing::skip);
    return weaken("allow_system_libraries", {}, std::move(reason));
}

PolicyBuilder& PolicyBuilder::allow_files_without_landlock(std::string reason) {
    files_without_landlock_ = true;
    return weaken("allow_files_without_landlock", {}, std::move(reason));
}

PolicyBuilder& PolicyBuilder::allow_sanitizer(std::string reason) {
    sanitizer_ = true;
    limit_memory(RLIM64_INFINITY);
    limit_address_space(RLIM64_INFINITY);
    return weaken("allow_sanitizer", {}, std::move(reason));
}

PolicyBuilder& PolicyBuilder::keep_variable(std::string name, std::string reason) {
    if (name.empty() || name.find('=') != std::string::npos) {
        refuse(fmt::format("'{}' is no name of a variable", name), {});
    }
    variables_.push_back(name);
    return weaken("keep_variable", std::move(name), std::move(reason));
}

PolicyBuilder& PolicyBuilder::add_path(const fs::path& path, std::uint64_t access,
                                       Missing missing) {
    if (!path.is_absolute() || path.native().find('\0') != std::string::npos) {
        refuse(fmt::format("'{}' is no absolute path", path.string()), {});
    }
    paths_.push_back({.path = without_slash(path).string(), .access = access, .missing = missing});
    return *this;
}

PolicyBuilder& PolicyBuilder::set_limit(std::uint32_t resource, std::uint64_t value) {
    const auto known = std::find_if(limits_.begin(), limits_.end(),
                                    [&](const Limit& limit) { return limit.resource == resource; });
    if (known == limits_.end()) {
        limits_.push_back({.resource = resource, .value = value});
    } else {
        known->value = value;
    }
    return *this;
}

PolicyBuilder& PolicyBuilder::weaken(std::string call, std::string object, std::string reason) {
    if (reason.empty()) refuse(fmt::format("{} lacks its reason", call), "Say why it is needed");
    weakenings_.push_back({std::move(call), std::move(object), std::move(reason)});
    return *this;
}

void PolicyBuilder::refuse(std::string cause, std::string advice) {
    if (mistake_) return;
    mistake_ = {.code = ErrorCode::configuration,
                .operation = "make a sandbox policy",
                .cause = std::move(cause),
                .advice = std::move(advice)};
}

bool PolicyBuilder::may_open_files() const noexcept {
    return kernel_.landlock_abi > 0 || files_without_landlock_;
}

std::vector<CallRule> PolicyBuilder::call_rules() const {
    auto rules = default_rules(may_open_files());
    std::erase_if(rules, [&](const CallRule& rule) {
        return std::find(calls_.begin(), calls_.end(), rule.name) != calls_.end();
    });
    for (const auto& name : calls_)
        rules.push_back({.name = name.c_str()});
    if (sanitizer_) {
        const auto extra = sanitizer_rules();
        rules.insert(rules.end(), extra.begin(), extra.end());
    }
    if (network_) {
        for (const char* const name : network_calls())
            rules.push_back({.name = name});
    }
    return rules;
}

std::vector<LayerPlan> PolicyBuilder::describe_layers() const {
    const bool landlock = kernel_.landlock_abi > 0;
    const auto why_not = why_no_landlock(kernel_.landlock_error);
    const auto without =
        why_not + (files_without_landlock_ ? ". Until then the driver reaches all files of the user"
                                           : ". Until then no driver can be loaded");
    return {
        {Layer::descriptors, true, "closes all files but those of the channel"},
        {Layer::environment, true, fmt::format("keeps {} alone", fmt::join(variables_, ", "))},
        {Layer::oom_score, true, "is killed before its host where memory is short"},
        {Layer::limits, true, text_of(limits_)},
        {Layer::not_dumpable, true, "no core file, no look into it by others of the user"},
        {Layer::no_new_privileges, true, "no rights through set-user-id programs"},
        {Layer::capabilities, true, "no rights of root, also where root starts it"},
        {Layer::landlock, landlock, landlock ? text_of(paths_) : without},
        {Layer::seccomp, true,
         network_ ? "system calls of the table, and the network's"
                  : "system calls of the table; no network"},
    };
}

Result<std::vector<FilterInstruction>> PolicyBuilder::filter() const {
    if (calls_.empty() && !sanitizer_ && !network_) {
        const auto compiled = default_filter(architecture_, may_open_files());
        return std::vector(compiled.begin(), compiled.end());
    }
    return compile_filter(architecture_, call_rules());
}

Result<Policy> PolicyBuilder::build() const {
    if (mistake_) return failure(*mistake_);
    auto filter = this->filter();
    if (!filter) return failure(std::move(filter.error()));
    const int abi = kernel_.landlock_abi;
    Plan plan{.architecture = architecture_,
              .landlock_abi = static_cast<std::uint32_t>(abi),
              .handled_files = landlock::all_files(abi),
              .handled_network = network_ ? 0 : landlock::all_network(abi),
              .scoped = landlock::all_scopes(abi) & ~(network_ ? landlock::abstract_sockets : 0),
              .filter = std::move(*filter),
              .paths = paths_,
              .limits = limits_,
              .variables = variables_};
    for (auto& rule : plan.paths)
        rule.access &= plan.handled_files;
    return Policy(std::move(plan), describe_layers(), weakenings_);
}

}  // namespace instdrv::sandbox
