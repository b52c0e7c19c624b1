// What has to hold for every input of a fuzz target.
#pragma once

#include <cstdlib>

namespace instdrv::fuzz {

inline void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace instdrv::fuzz
