// The confinement plan: everything that confine() applies, as plain data.
//
// The supervisor makes the plan (policy.hpp) and hands it to the worker, which applies it before it
// opens a driver. The plan crosses from a 64-bit process to a 32-bit one, so every field has a
// fixed width, little-endian as both machines are.
//
//   header | filter | path rules | limits | names of variables | text
//
// Paths and names are stretches of the text at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <instdrv/error.hpp>

#include "sandbox/architecture.hpp"

namespace instdrv::sandbox {

// One instruction of classic BPF: struct sock_filter of <linux/filter.h>.
struct FilterInstruction {
    std::uint16_t code = 0;
    std::uint8_t jump_true = 0;
    std::uint8_t jump_false = 0;
    std::uint32_t operand = 0;

    bool operator==(const FilterInstruction&) const = default;
};

// Stands in the filter for the worker's process id, which is known only when it runs: confine()
// replaces the operand of every comparison with it. Larger than any process id can be.
constexpr std::uint32_t own_process_id = 0x7f444950;

// How a rule is applied whose path does not exist.
enum class Missing : std::uint32_t {
    skip,    // nothing there, nothing to allow
    create,  // the folder is made, with those it lies in
    fail,    // the confinement fails
};

struct PathRule {
    std::string path;          // absolute
    std::uint64_t access = 0;  // LANDLOCK_ACCESS_FS_* of landlock(7)
    Missing missing = Missing::fail;
    // The file is kept open (O_PATH). A file of /proc is another one, to Landlock, once the kernel
    // has forgotten it; an open one is not forgotten.
    bool keep_open = false;

    bool operator==(const PathRule&) const = default;
};

struct Limit {
    std::uint32_t resource = 0;  // RLIMIT_* of getrlimit(2)
    std::uint64_t value = 0;     // soft and hard; bytes, files or seconds

    bool operator==(const Limit&) const = default;
};

struct Plan {
    Architecture architecture = own_architecture;
    // The lowest version of Landlock that knows all of the masks below; 0: Landlock is not used.
    std::uint32_t landlock_abi = 0;
    std::uint64_t handled_files = 0;    // LANDLOCK_ACCESS_FS_*
    std::uint64_t handled_network = 0;  // LANDLOCK_ACCESS_NET_*
    std::uint64_t scoped = 0;           // LANDLOCK_SCOPE_*
    std::vector<FilterInstruction> filter;
    std::vector<PathRule> paths;
    std::vector<Limit> limits;
    std::vector<std::string> variables;  // names that stay in the environment

    bool operator==(const Plan&) const = default;
};

std::vector<std::byte> serialise(const Plan& plan);

// Fails where a field is out of range, a table or a text leaves the blob, something is left over,
// or the filter is empty or longer than the kernel takes.
Result<Plan> parse_plan(std::span<const std::byte> bytes);

}  // namespace instdrv::sandbox
