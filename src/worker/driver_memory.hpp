// The memory of the drivers in this worker, for messages that they send to other drivers.
#pragma once

#include "messages/memory.hpp"

namespace instdrv::worker {

class DriverMemory final : public messages::ClientMemory {
public:
    // As a plain access: a bad address is the driver's own fault, and crashes it.
    Status read(std::uint64_t address, std::span<std::byte> out) const override {
        return memory_.read(address, out);
    }
    Status write(std::uint64_t address, std::span<const std::byte> bytes) const override {
        return memory_.write(address, bytes);
    }
    // Without process_vm_readv(2), which a worker may not call.
    bool try_read(std::uint64_t address, std::span<std::byte> out) const override;

private:
    messages::ProcessMemory memory_;
};

}  // namespace instdrv::worker
