// The instances of other drivers that the drivers of a worker have open, and the limit of their
// number. [any thread]
#pragma once

#include <instdrv/driver.h>

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace instdrv::core {

class OpenedInstances {
public:
    // One may be opened, which must be followed by settle. False: there are as many as there may
    // be. is_open: looks an instance up, as others may have closed what is counted here.
    bool reserve(std::size_t most, const std::function<bool(HDRVR)>& is_open);
    // What was opened in the reserved place; null: nothing was. Takes no memory.
    void settle(HDRVR hdrvr) noexcept;
    void closed(HDRVR hdrvr) noexcept;

private:
    std::mutex mutex_;
    std::size_t reserved_ = 0;
    std::vector<HDRVR> open_;  // with room for what is reserved
};

}  // namespace instdrv::core
