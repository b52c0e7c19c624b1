// An object of the client that the driver has in the shared memory: bytes, or a structure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/first_failure.hpp"
#include "messages/client_structure.hpp"
#include "messages/declaration.hpp"
#include "messages/layout.hpp"
#include "messages/marshal.hpp"
#include "messages/memory.hpp"
#include "messages/rules.hpp"

namespace instdrv::messages {

// A block of the shared memory that is given back at the end.
class SharedBlock {
public:
    SharedBlock() = default;
    static Result<SharedBlock> take(SharedMemory& memory, std::uint64_t size);  // at least 1 byte
    SharedBlock(SharedBlock&& other) noexcept { *this = std::move(other); }
    SharedBlock& operator=(SharedBlock&& other) noexcept {
        std::swap(memory_, other.memory_);
        std::swap(block_, other.block_);
        return *this;
    }
    ~SharedBlock() {
        if (memory_ != nullptr) memory_->give_back(block_);
    }

    [[nodiscard]] std::span<std::byte> here() const noexcept { return block_.here; }
    [[nodiscard]] std::uint64_t there() const noexcept { return block_.there; }

private:
    SharedMemory* memory_ = nullptr;
    Block block_;
};

// The message under way, for what copies its parts.
struct Transit {
    UINT message;
    const Sides& sides;
    SharedMemory& shared;
    Callbacks& callbacks;
    const ClientMemory& client;
    const AnsweredSizes& answered;
};

// An object that the driver can use and hold. Its address for the driver never changes.
class Placed {
public:
    Placed() = default;
    Placed(const Placed&) = delete;
    Placed& operator=(const Placed&) = delete;
    virtual ~Placed() = default;

    [[nodiscard]] virtual std::uint64_t there() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t client_address() const noexcept = 0;
    // Copies back what the driver changed of what was sent last. As much as possible is copied; the
    // first Error is returned.
    virtual Status receive(const Sides& sides, const ClientMemory& client) = 0;
};

// Bytes at a pointer: a buffer, a format or a text.
class PlacedBytes final : public Placed {
public:
    // Puts there what the client has at `address`: into `slot`'s bytes if they are the same buffer
    // and have room, else into new ones. Errors: invalid_argument, out_of_memory, unsupported.
    static Status put(std::unique_ptr<PlacedBytes>& slot, const Field& field, std::uint64_t address,
                      const Siblings& siblings, const Transit& transit, Buffers buffers);

    [[nodiscard]] std::uint64_t there() const noexcept override { return there_; }
    [[nodiscard]] std::uint64_t client_address() const noexcept override { return address_; }
    Status receive(const Sides& sides, const ClientMemory& client) override;

    // How much the driver says it used of it, for the next receive.
    void limit(std::uint64_t used) noexcept { used_ = used; }
    // biSizeImage of a format as the driver left it when it was received.
    [[nodiscard]] std::uint32_t received_image_size() const noexcept { return image_size_; }

private:
    PlacedBytes(const Field& field, std::uint64_t address) noexcept
        : field_(field), address_(address) {}
    Status place(const Extent& extent, const Transit& transit);
    Status place_text(const Transit& transit);
    Status send(const Extent& extent, const ClientMemory& client);
    Status receive_format(const ClientMemory& client);
    [[nodiscard]] bool is_format() const noexcept;

    const Field& field_;
    std::uint64_t address_;
    SharedBlock block_;  // empty where the client's own buffer lies in the shared memory
    std::uint64_t there_ = 0;
    std::uint64_t length_ = 0;  // of the client's buffer
    std::uint64_t used_ = 0;
    Buffers buffers_ = Buffers::carried;
    std::uint32_t image_size_ = 0;
};

// A structure, with the bytes that its fields point at.
class PlacedStructure final : public Placed {
public:
    // flags: lParam1 of the message.
    PlacedStructure(const Structure& structure, std::uint64_t address, std::uint64_t flags,
                    Callbacks& callbacks);
    ~PlacedStructure() override;

    // Brings what the driver has up to date with what the client has, at the same address from the
    // first time on. `stated`: see ClientStructure. Errors: as PlacedBytes.
    Status send(const Transit& transit, std::optional<std::uint32_t> stated, Buffers buffers);

    [[nodiscard]] std::uint64_t there() const noexcept override { return block_.there(); }
    [[nodiscard]] std::uint64_t client_address() const noexcept override { return address_; }
    Status receive(const Sides& sides, const ClientMemory& client) override;

    // The size that is sent to the driver, and a number in the structure as the client sent it.
    [[nodiscard]] std::uint32_t size_for_driver() const noexcept;
    [[nodiscard]] std::uint64_t sent_value(std::string_view field) const noexcept;

private:
    Status put(std::size_t index, const Transit& transit, Buffers buffers);
    Status put_number(std::size_t index, std::uint64_t value);
    Status put_text(std::size_t index, const Transit& transit);
    Status put_pointee(std::size_t index, const Transit& transit, Buffers buffers);
    Status put_callback(std::size_t index);
    Status put_function(std::size_t index);
    void put_same(std::size_t index);
    Status take(std::size_t index, std::span<const std::byte> snapshot,
                const ClientMemory& client) const;
    Status take_bytes(std::size_t index, std::span<const std::byte> snapshot,
                      const ClientMemory& client) const;
    Status take_pointee(std::size_t index, std::span<const std::byte> snapshot, const Sides& sides,
                        const ClientMemory& client);

    [[nodiscard]] std::optional<std::size_t> find(std::string_view field) const noexcept;
    void store_there(std::size_t index, std::uint64_t value) const;

    const Structure& structure_;
    std::uint64_t address_;
    std::uint64_t flags_;
    Callbacks& callbacks_;

    std::mutex mutex_;  // two calls may name the same structure
    std::optional<ClientStructure> sent_;
    Layout layout_;  // the driver's
    SharedBlock block_;
    std::vector<std::unique_ptr<PlacedBytes>> pointees_;  // by field
    std::uint64_t target_token_ = 0;
    std::vector<Thunk> thunks_;  // by field
};

}  // namespace instdrv::messages
