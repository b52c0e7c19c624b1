// Suggests the known name that a mistyped one may have meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace instdrv {

// How many characters have to be put in, left out, replaced or swapped with their neighbour to make
// one text of the other; letters count the same in both cases.
std::size_t edit_distance(std::string_view one, std::string_view other);

// "; did you mean list?", of the nearest name, or nothing where none is near: where more than a
// third of it would have to change. `--notify` is near to `--notify-timeout`, which begins with it.
std::string did_you_mean(std::string_view word, std::span<const std::string> names);

}  // namespace instdrv
