// The compiled filters of the default rules. They are made when instdrv is built, because compiling
// one with libseccomp takes a large part of the time that a worker needs to start.
#pragma once

#include <span>

#include "sandbox/architecture.hpp"
#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

// The filter that compile_filter makes of default_rules(may_open_files).
std::span<const FilterInstruction> default_filter(Architecture architecture,
                                                  bool may_open_files) noexcept;

// The filter of parser_rules(), for this program's architecture.
std::span<const FilterInstruction> parser_filter() noexcept;

}  // namespace instdrv::sandbox
