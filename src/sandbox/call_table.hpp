// The system calls that a worker may make, each with the reason, as one table.
//
// docs/sandbox.md shows the table, and the part of it that parser processes have; a test compares
// the page with it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sandbox/architecture.hpp"

namespace instdrv::sandbox {

// An argument's bits under `mask` have to equal `value`; where `refused` is not empty, they may be
// anything but one of these instead.
struct ArgumentTest {
    unsigned index = 0;
    std::uint64_t mask = 0;  // 0: no test
    std::uint64_t value = 0;
    std::span<const std::uint64_t> refused;
};

struct CallRule {
    const char* name = nullptr;
    // The error that the caller gets instead of the call; 0: the call is made.
    int error = 0;
    std::string_view reason;  // why it is there, one clause; with `when`, of the case it is about
    // The rule is for calls with such arguments. Others of the same name need a rule of their own.
    ArgumentTest first;
    ArgumentTest second;    // refuses no values
    std::string_view when;  // the tests in words; empty: any arguments
    // Names a file by its path. Without Landlock nothing else bounds it.
    bool opens_files = false;
    std::optional<Architecture> only;  // nothing: both machines, as far as they have the call
};

// The rules of both architectures. A rule for a call that an architecture does not have is ignored
// there.
std::span<const CallRule> default_rules();
// The same, without the rules that open files by their path unless `may_open_files`.
std::vector<CallRule> default_rules(bool may_open_files);

// The rules of a process that only reads what it was handed, and answers: it makes no code, starts
// no thread, and opens and looks up nothing.
std::vector<CallRule> parser_rules();

// Calls of the network, which allow_network() allows together.
std::span<const char* const> network_calls();
// Calls of the run-time library of AddressSanitizer.
std::span<const CallRule> sanitizer_rules();
// Calls that no policy allows, because the cage would be open with them.
bool is_never_allowed(std::string_view name) noexcept;

}  // namespace instdrv::sandbox
