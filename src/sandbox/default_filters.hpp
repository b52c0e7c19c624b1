// The filters of the default rules. They are compiled when instdrv is built, because libseccomp
// takes longer over one than much of what starting a worker takes.
#pragma once

#include <span>

#include "sandbox/architecture.hpp"
#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

// What compile_filter makes of default_rules(may_open_files).
std::span<const FilterInstruction> default_filter(Architecture architecture,
                                                  bool may_open_files) noexcept;

// What it makes of parser_rules(), for this program's architecture.
std::span<const FilterInstruction> parser_filter() noexcept;

}  // namespace instdrv::sandbox
