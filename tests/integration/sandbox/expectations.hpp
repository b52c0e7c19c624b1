// What has to come of each attempt of the caged program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/architecture.hpp"

namespace instdrv::test {

struct Expectation {
    std::string attempt;
    std::string outcome;  // "done", "EACCES", "denied socket"
};

std::vector<Expectation> expectations(sandbox::Architecture architecture);

}  // namespace instdrv::test
