// Measuring by rounds: every variant runs once per round, so that a noisy moment of the machine
// meets all of them, and a variant's figure is the median of its rounds.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace instdrv::bench {

struct Variant {
    std::string name;
    // One round; returns nanoseconds per operation.
    std::function<double()> run;
};

struct Figure {
    std::string name;
    double value = 0;
    std::string unit;  // "ns", "ms", "ratio"
};

// Of at least one value.
double median(std::vector<double> values);

// The median of each variant, in their order.
std::vector<double> medians(const std::vector<Variant>& variants, int rounds);

// Nanoseconds per call of `operation`, over `count` calls.
template <class Operation>
double time_per_call(long count, Operation operation) {
    const auto start = std::chrono::steady_clock::now();
    for (long i = 0; i < count; ++i)
        operation();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    return took.count() / static_cast<double>(count);
}

// Prints `name: value` lines, or one JSON object with --json among the arguments. Names are lower
// case with underscores; goals are said in docs/performance.md.
void print(const std::vector<Figure>& figures, int argc, char** argv);

// The whole standard output of a command; empty when it fails.
std::string output_of(const std::string& command);

}  // namespace instdrv::bench
