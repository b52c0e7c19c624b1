// Every stage of reading a PE file, of either machine, over a file of any bytes: each gives a
// value, or an Error that says what is wrong with the file, in memory that its size bounds.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "memory_peak.hpp"
#include "stage_exerciser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const instdrv::fuzz::MemoryPeak peak;
    const auto complaint = instdrv::pe::test::exercise_stages(std::as_bytes(std::span(data, size)));
    if (!complaint.empty()) {
        std::fprintf(stderr, "%s\n", complaint.c_str());
        std::abort();
    }
    instdrv::fuzz::require_in_proportion(peak, size);
    return 0;
}
