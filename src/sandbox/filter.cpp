#include "sandbox/filter.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace instdrv::sandbox {
namespace {

struct Release {
    void operator()(scmp_filter_ctx context) const noexcept { seccomp_release(context); }
};
using Context = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, Release>;

tl::unexpected<Error> no_filter(std::string cause, int error) {
    return failure({.code = ErrorCode::broken,
                    .operation = "make a filter of system calls",
                    .cause = std::move(cause) + ": " + std::generic_category().message(error),
                    .system_code = error});
}

Result<Context> empty_filter(Architecture architecture) {
    Context context(seccomp_init(SCMP_ACT_TRAP));
    if (!context) return no_filter("libseccomp gives no filter", ENOMEM);
    const auto token = token_of(architecture);
    int error = 0;
    if (token != seccomp_arch_native()) {
        error = seccomp_arch_add(context.get(), token);
        if (error == 0) error = seccomp_arch_remove(context.get(), SCMP_ARCH_NATIVE);
    }
    if (error == 0) {
        error = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP);
    }
    if (error == 0) {
        constexpr std::uint32_t binary_tree = 2;
        error = seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, binary_tree);
    }
    if (error != 0) return no_filter("libseccomp refuses the architecture", -error);
    return context;
}

// Tests for equality, which libseccomp has, that let all pass but what is refused: a half of the
// numbers with none of those in it is one test, one that has some is halved again.
void add_tests_besides(const ArgumentTest& test, std::uint64_t mask, std::uint64_t value,
                       std::vector<ArgumentTest>& tests) {
    const bool has_refused =
        std::any_of(test.refused.begin(), test.refused.end(),
                    [&](std::uint64_t refused) { return (refused & mask) == value; });
    if (!has_refused) {
        tests.push_back({.index = test.index, .mask = mask, .value = value, .refused = {}});
    } else if (const auto bit = std::bit_floor(test.mask & ~mask); bit != 0) {
        add_tests_besides(test, mask | bit, value, tests);
        add_tests_besides(test, mask | bit, value | bit, tests);
    }
}

Status add_one(const Context& context, int number, const CallRule& rule,
               const ArgumentTest& first) {
    std::array<scmp_arg_cmp, 2> tests{};
    unsigned count = 0;
    for (const auto& test : {first, rule.second}) {
        if (test.mask == 0) continue;
        tests.at(count++) = {.arg = test.index,
                             .op = SCMP_CMP_MASKED_EQ,
                             .datum_a = test.mask,
                             .datum_b = test.value};
    }
    const auto action =
        rule.error == 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(static_cast<unsigned>(rule.error));
    const int error = seccomp_rule_add_array(context.get(), action, number, count, tests.data());
    if (error != 0) return no_filter(fmt::format("rule for {}", rule.name), -error);
    return {};
}

Status add(const Context& context, Architecture architecture, const CallRule& rule) {
    const int number = seccomp_syscall_resolve_name(rule.name);
    if (number == __NR_SCMP_ERROR) return no_filter(fmt::format("'{}'", rule.name), ENOSYS);
    if (rule.only.value_or(architecture) != architecture) return {};
    if (!exists(rule.name, architecture)) return {};
    std::vector<ArgumentTest> firsts{rule.first};
    if (!rule.first.refused.empty()) {
        firsts.clear();
        add_tests_besides(rule.first, 0, 0, firsts);
    }
    for (const auto& first : firsts) {
        if (auto status = add_one(context, number, rule, first); !status) return status;
    }
    return {};
}

Result<std::vector<FilterInstruction>> exported(const Context& context) {
    const Fd file(::memfd_create("filter", MFD_CLOEXEC));
    if (!file) return no_filter("no memory file", errno);
    if (const int error = seccomp_export_bpf(context.get(), file.get()); error != 0) {
        return no_filter("libseccomp does not export it", -error);
    }
    const auto size = ::lseek(file.get(), 0, SEEK_END);
    std::vector<FilterInstruction> filter(static_cast<std::size_t>(size) /
                                          sizeof(FilterInstruction));
    const auto bytes = std::as_writable_bytes(std::span(filter));
    if (::pread(file.get(), bytes.data(), bytes.size(), 0) != size) {
        return no_filter("the memory file is not read in full", EIO);
    }
    return filter;
}

}  // namespace

std::uint32_t token_of(Architecture architecture) noexcept {
    return architecture == Architecture::amd64 ? SCMP_ARCH_X86_64 : SCMP_ARCH_X86;
}

bool exists(const char* name, Architecture architecture) noexcept {
    // Rewritten, because i386 makes some calls of sockets through socketcall alone.
    return seccomp_syscall_resolve_name_rewrite(token_of(architecture), name) >= 0;
}

Result<std::vector<FilterInstruction>> compile_filter(Architecture architecture,
                                                      std::span<const CallRule> rules) {
    auto context = empty_filter(architecture);
    if (!context) return failure(std::move(context.error()));
    for (const auto& rule : rules) {
        if (auto status = add(*context, architecture, rule); !status) {
            return failure(std::move(status.error()));
        }
    }
    return exported(*context);
}

}  // namespace instdrv::sandbox
