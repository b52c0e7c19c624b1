// Collects the first error of work that goes on after errors.
#pragma once

#include <instdrv/error.hpp>

#include <utility>

namespace instdrv {

inline void keep_first_failure(Status& first, Status&& next) {
    if (first && !next) first = std::move(next);
}

}  // namespace instdrv
