#include "sandbox/syscalls.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <linux/audit.h>
#include <seccomp.h>

#include "sandbox/call_table.hpp"
#include "sandbox/filter.hpp"

namespace instdrv::sandbox {
namespace {

constexpr std::uint32_t x32_bit = 0x40000000;

std::string resolve(std::uint32_t number, Architecture architecture) {
    struct Free {
        void operator()(char* text) const noexcept { std::free(text); }
    };
    const std::unique_ptr<char, Free> name(
        seccomp_syscall_resolve_num_arch(token_of(architecture), static_cast<int>(number)));
    return name ? std::string(name.get()) : std::string();
}

bool is_x32(std::uint32_t number, Architecture architecture) {
    return architecture == Architecture::amd64 && (number & x32_bit) != 0;
}

bool is_for_network(std::string_view name) {
    const auto calls = network_calls();
    return name == "socketcall" || std::find(calls.begin(), calls.end(), name) != calls.end();
}

}  // namespace

Architecture architecture_of(std::uint32_t audit_architecture, Architecture otherwise) noexcept {
    if (audit_architecture == AUDIT_ARCH_X86_64) return Architecture::amd64;
    if (audit_architecture == AUDIT_ARCH_I386) return Architecture::i386;
    return otherwise;
}

std::string name_of_syscall(std::int32_t number, Architecture architecture) {
    const auto bits = static_cast<std::uint32_t>(number);
    const bool x32 = is_x32(bits, architecture);
    const auto name = resolve(x32 ? bits & ~x32_bit : bits, architecture);
    if (name.empty()) return fmt::format("system call {}", number);
    return x32 ? "x32 " + name : name;
}

std::string what_would_allow(std::int32_t number, Architecture architecture, Architecture worker) {
    const auto bits = static_cast<std::uint32_t>(number);
    const auto name = resolve(bits, architecture);
    if (worker != architecture || is_x32(bits, architecture) || name.empty()) {
        return "Nothing allows a worker system calls of another machine or of no name";
    }
    if (name == "rt_sigaction") return "Nothing lets a worker change what SIGSYS or SIGSEGV does";
    if (is_never_allowed(name)) return fmt::format("Nothing allows a worker {}", name);
    if (is_for_network(name)) {
        return "No setting allows a worker the network. Only a build of instdrv with "
               "PolicyBuilder::allow_network(reason) would; a driver that you trust can run with "
               "placement=in-process";
    }
    return fmt::format(
        "No setting allows it. Only a build of instdrv with PolicyBuilder::allow_syscall(\"{}\", "
        "reason) would; a driver that you trust can run with placement=in-process",
        name);
}

}  // namespace instdrv::sandbox
