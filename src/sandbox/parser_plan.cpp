#include "sandbox/parser_plan.hpp"

#include <vector>

#include <sys/resource.h>

#include "sandbox/call_table.hpp"
#include "sandbox/default_filters.hpp"
#include "sandbox/filter.hpp"
#include "sandbox/landlock.hpp"
#include "sandbox/policy.hpp"

namespace instdrv::sandbox {
namespace {

// The file's structures; the file itself is mapped, and counts as address space alone.
constexpr std::uint64_t memory_limit = std::uint64_t{256} << 20;
constexpr std::uint64_t address_space = std::uint64_t{1} << 30;
constexpr std::uint64_t open_files = 16;
constexpr std::uint64_t processor_seconds = 60;

Result<std::vector<FilterInstruction>> filter() {
    if (!built_with_sanitizer) {
        const auto compiled = parser_filter();
        return std::vector(compiled.begin(), compiled.end());
    }
    auto allowed = default_rules(false);
    const auto extra = sanitizer_rules();
    allowed.insert(allowed.end(), extra.begin(), extra.end());
    return compile_filter(own_architecture, allowed);
}

std::vector<Limit> limits() {
    std::vector<Limit> limits{{.resource = RLIMIT_CORE, .value = 0},
                              {.resource = RLIMIT_FSIZE, .value = 0},
                              {.resource = RLIMIT_NOFILE, .value = open_files},
                              {.resource = RLIMIT_CPU, .value = processor_seconds}};
    if (!built_with_sanitizer) {
        limits.push_back({.resource = RLIMIT_DATA, .value = memory_limit});
        limits.push_back({.resource = RLIMIT_AS, .value = address_space});
    }
    return limits;
}

}  // namespace

Result<Plan> parser_plan(KernelSupport kernel) {
    auto calls = filter();
    if (!calls) return failure(std::move(calls.error()));
    const int abi = kernel.landlock_abi;
    return Plan{.landlock_abi = static_cast<std::uint32_t>(abi),
                .handled_files = landlock::all_files(abi),
                .handled_network = landlock::all_network(abi),
                .scoped = landlock::all_scopes(abi),
                .filter = std::move(*calls),
                .paths = {},
                .limits = limits(),
                .variables = {}};
}

}  // namespace instdrv::sandbox
