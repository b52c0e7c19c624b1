// The memories that a message travels between, as interfaces: the client's, and the one that is
// shared with the process of the driver.
//
// Addresses are 64-bit numbers whatever the sides are built for, so that a 32-bit worker and the
// 64-bit supervisor use the same code.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace instdrv::messages {

// Where a client's structures and buffers lie. Implementations are used by one call at a time, by
// several calls in turn; what is written is the caller's own memory, hence const throughout.
class ClientMemory {
public:
    ClientMemory() = default;
    ClientMemory(const ClientMemory&) = delete;
    ClientMemory& operator=(const ClientMemory&) = delete;
    virtual ~ClientMemory() = default;

    // All of it or an Error (invalid_argument). No byte is read twice.
    virtual Status read(std::uint64_t address, std::span<std::byte> out) const = 0;
    virtual Status write(std::uint64_t address, std::span<const std::byte> bytes) const = 0;

    // As read, for what may be a number and no address at all: never faults, whatever the address.
    virtual bool try_read(std::uint64_t address, std::span<std::byte> out) const = 0;
};

// The memory of this process.
class ProcessMemory final : public ClientMemory {
public:
    // direct: as fast as a copy; an address that is not mapped faults as it would in a plain call.
    //         Only what cannot be an address (the first 64 KiB, the upper half) is an Error.
    // checked: an address that is not mapped is an Error; a system call for every access.
    enum class Access { direct, checked };

    explicit ProcessMemory(Access access = Access::direct) noexcept : access_(access) {}

    Status read(std::uint64_t address, std::span<std::byte> out) const override;
    Status write(std::uint64_t address, std::span<const std::byte> bytes) const override;
    bool try_read(std::uint64_t address, std::span<std::byte> out) const override;

private:
    Access access_;
};

// A region shared with another worker whose driver is the client here: `here` is where this
// process has it, `there` the address it has in that worker. Nothing outside of it is touched.
class RegionMemory final : public ClientMemory {
public:
    RegionMemory(std::span<std::byte> here, std::uint64_t there) noexcept
        : here_(here), there_(there) {}

    Status read(std::uint64_t address, std::span<std::byte> out) const override;
    Status write(std::uint64_t address, std::span<const std::byte> bytes) const override;
    bool try_read(std::uint64_t address, std::span<std::byte> out) const override;

private:
    std::byte* find(std::uint64_t address, std::size_t size) const noexcept;

    std::span<std::byte> here_;
    std::uint64_t there_;
};

// A zero-terminated text in units of 1 (UTF-8) or 2 bytes (UTF-16), the terminator included. An
// Error if it has more than 32,767 units.
Result<std::vector<std::byte>> read_text(const ClientMemory& memory, std::uint64_t address,
                                         std::size_t unit);

// Part of the memory shared with the driver's process. The other side can write to it at any time.
struct Block {
    std::span<std::byte> here;
    std::uint64_t there = 0;  // the address of its first byte for the driver
};

// Memory from which blocks are taken. Implementations are called by several threads at once, and
// outlive every Conversation and Call that uses them.
class SharedMemory {
public:
    SharedMemory() = default;
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    virtual ~SharedMemory() = default;

    // At least `size` bytes (never 0) at a multiple of 16 on both sides, with any content; `here`
    // of the result is exactly `size` long. out_of_memory when there is no room.
    virtual Result<Block> take(std::size_t size) = 0;
    virtual void give_back(const Block& block) noexcept = 0;

    // Where the driver finds a buffer of the client, if all of it lies in the shared memory, in a
    // part that was given to clients.
    virtual std::optional<std::uint64_t> there(std::uint64_t client_address,
                                               std::uint64_t size) const = 0;
};

}  // namespace instdrv::messages
