// For work that goes on after an error and reports the first.
#pragma once

#include <instdrv/error.hpp>

#include <utility>

namespace instdrv {

inline void keep_first_failure(Status& first, Status&& next) {
    if (first && !next) first = std::move(next);
}

}  // namespace instdrv
