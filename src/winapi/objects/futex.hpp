// Puts threads to sleep on a 32-bit number until another thread says that it changed.
#pragma once

#include <cstdint>
#include <optional>

namespace instdrv::winapi {

// Sleeps while *word == expected, until woken or for `timeout_ms` (nothing: no limit). May also
// return for no reason. False: the time is over.
bool futex_wait(const std::uint32_t* word, std::uint32_t expected,
                std::optional<std::uint32_t> timeout_ms = std::nullopt) noexcept;
void futex_wake_one(const std::uint32_t* word) noexcept;
void futex_wake_all(const std::uint32_t* word) noexcept;

}  // namespace instdrv::winapi
