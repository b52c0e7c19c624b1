// A client and a driver of any two pointer sizes, without processes: a region for the client's
// memory, one for the shared memory, and the driver's view of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "messages/layout.hpp"
#include "messages/marshal.hpp"
#include "messages/memory.hpp"

namespace instdrv::messages::test {

// Shared memory that knows what it has given out. Part of it may be the client's, too.
class FakeShared final : public SharedMemory {
public:
    FakeShared(std::size_t size, std::uint64_t there) : bytes_(size), there_(there) {}

    Result<Block> take(std::size_t size) override;
    void give_back(const Block& block) noexcept override;
    std::optional<std::uint64_t> there(std::uint64_t client_address,
                                       std::uint64_t size) const override;

    // The driver's view. Throws what no driver can touch.
    [[nodiscard]] std::span<std::byte> at(std::uint64_t address, std::size_t size);
    [[nodiscard]] bool is_taken(std::uint64_t address) const;
    [[nodiscard]] std::size_t taken() const { return taken_.size(); }
    [[nodiscard]] std::span<std::byte> all() { return bytes_; }

    // The next `after` blocks are given, no more.
    void run_out(std::size_t after) { left_ = after; }
    // Client addresses from here on lie in the shared memory, at `offset`.
    void lend(std::uint64_t client_address, std::size_t offset, std::size_t size) {
        lent_ = Lent{client_address, offset, size};
    }

private:
    struct Lent {
        std::uint64_t client = 0;
        std::size_t offset = 0;
        std::size_t size = 0;
    };

    std::vector<std::byte> bytes_;
    std::uint64_t there_;
    std::map<std::size_t, std::size_t> taken_;  // offset -> size
    std::size_t left_ = SIZE_MAX;
    Lent lent_;
    mutable std::mutex mutex_;
};

class FakeCallbacks final : public Callbacks {
public:
    Result<std::uint64_t> token_for(const CallbackTarget& target) override;
    Result<Thunk> thunk_for(const Function& function) override;
    void release(std::uint64_t token) noexcept override;

    std::map<std::uint64_t, CallbackTarget> targets;
    std::map<std::uint64_t, Function> functions;

private:
    std::uint64_t next_ = 0x51;
    std::mutex mutex_;
};

class World {
public:
    // `size`: bytes of the client's memory, and of the shared one.
    explicit World(const Sides& between, std::size_t size = std::size_t{96} << 10);

    // Client memory with some content, between guards.
    std::uint64_t allocate(std::size_t size);
    std::uint64_t allocate(std::span<const std::byte> content);
    std::uint64_t allocate_text(std::u16string_view text);
    void free_all() { used_ = 0; }
    [[nodiscard]] std::span<std::byte> client_at(std::uint64_t address, std::size_t size);
    [[nodiscard]] std::vector<std::byte> client_copy(std::uint64_t address, std::size_t size);

    // The numbers in a field of a structure on either side.
    std::uint64_t get(std::span<const std::byte> structure, const Structure& declaration,
                      const Layout& layout, std::string_view field) const;
    void set(std::span<std::byte> structure, const Structure& declaration, const Layout& layout,
             std::string_view field, std::uint64_t value) const;

    // Begins and fails the test if that fails.
    Call begin(Conversation& conversation, UINT message, std::uint64_t l1, std::uint64_t l2);
    Conversation conversation(Family family) { return {family, sides, shared, callbacks}; }

    Sides sides;
    std::vector<std::byte> region;
    std::uint64_t region_there;
    FakeShared shared;
    FakeCallbacks callbacks;
    RegionMemory client;

private:
    std::size_t used_ = 0;
    unsigned content_ = 0;
};

// Every pair of pointer sizes.
std::vector<Sides> all_sides();
std::string name_of(const Sides& sides);

const Structure& structure_named(Family family, std::string_view name);

std::vector<std::byte> bytes_of(std::u16string_view text);  // with its terminator

}  // namespace instdrv::messages::test
