// The environment that drivers see: a small fixed set, and none of the host's variables. Shared by
// GetEnvironmentVariable and the C runtimes' getenv. [any thread]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace instdrv::winapi {

struct EnvironmentVariable {
    std::u16string name;  // as it was first spelled; names compare without regard to case
    std::u16string value;
};

// Null: not set. Stays valid for good, for getenv's sake, but is not updated by later changes.
const EnvironmentVariable* find_environment_variable(std::u16string_view name);
// Its value in the ANSI code page of the driver that the calling thread acts for. Stays valid too.
const char* ansi_value_of(const EnvironmentVariable& variable);
void set_environment_variable(std::u16string_view name, std::u16string_view value);
void remove_environment_variable(std::u16string_view name);

// Sorted by name.
std::vector<const EnvironmentVariable*> environment_variables();

// Replaces "%NAME%" by the value where NAME is set.
std::u16string expand_environment(std::u16string_view text);

}  // namespace instdrv::winapi
