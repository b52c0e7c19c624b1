// The numbers by which a worker knows instances. A driver gets such a number in place of an HDRVR:
// it fits the 32 bits of an i386 driver, and a driver that invents one reaches only instances that
// it was told of. [any thread]
#pragma once

#include <instdrv/driver.h>

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace instdrv::supervisor {

class HandleNames {
public:
    // The name of a handle, made on first use; 0 for a null handle.
    std::uint64_t name_of(HDRVR hdrvr);
    // Enters a name that another process has given to the handle.
    void know(HDRVR hdrvr, std::uint64_t name);
    // Null if the worker was never told of a handle by this name.
    [[nodiscard]] HDRVR handle_of(std::uint64_t name) const;
    void forget(HDRVR hdrvr) noexcept;
    // All handles that the worker was told of, in no order.
    [[nodiscard]] std::vector<HDRVR> handles() const;

private:
    mutable std::mutex mutex_;
    std::uint64_t next_ = 0x1000;
    std::unordered_map<HDRVR, std::uint64_t> names_;
    std::unordered_map<std::uint64_t, HDRVR> handles_;
};

}  // namespace instdrv::supervisor
