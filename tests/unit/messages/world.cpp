#include "world.hpp"

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "messages/declarations.hpp"

namespace instdrv::messages::test {
namespace {

constexpr std::size_t guard = 64;

// Addresses no process here has, and such as fit the side's pointers.
std::uint64_t client_base(const Sides& sides) {
    return sides.client_pointer == 8 ? 0x5566'0000'0000 : 0xE000'0000;
}
std::uint64_t driver_base(const Sides& sides) {
    return sides.driver_pointer == 8 ? 0x7700'0000'0000 : 0xB000'0000;
}

}  // namespace

Result<Block> FakeShared::take(std::size_t size) {
    const std::lock_guard lock(mutex_);
    if (size == 0) throw std::logic_error("a block of no bytes");
    std::size_t offset = 0;
    for (const auto& [begin, length] : taken_) {
        if (offset + size <= begin) break;
        offset = (begin + length + 15) / 16 * 16;
    }
    if (left_ == 0 || offset > bytes_.size() || size > bytes_.size() - offset) {
        return failure({.code = ErrorCode::out_of_memory, .cause = "the shared memory is full"});
    }
    --left_;
    taken_[offset] = size;
    const auto here = std::span(bytes_).subspan(offset, size);
    std::ranges::fill(here, std::byte{0xAA});
    return Block{here, there_ + offset};
}

void FakeShared::give_back(const Block& block) noexcept {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(taken_.erase(block.there - there_), 1u) << "given back, but not taken";
}

std::optional<std::uint64_t> FakeShared::there(std::uint64_t client_address,
                                               std::uint64_t size) const {
    if (client_address < lent_.client) return std::nullopt;
    const std::uint64_t offset = client_address - lent_.client;
    if (offset > lent_.size || size > lent_.size - offset) return std::nullopt;
    return there_ + lent_.offset + offset;
}

std::span<std::byte> FakeShared::at(std::uint64_t address, std::size_t size) {
    const std::uint64_t offset = address - there_;
    if (address < there_ || offset > bytes_.size() || size > bytes_.size() - offset) {
        throw std::out_of_range("the driver cannot reach " + std::to_string(address));
    }
    return std::span(bytes_).subspan(offset, size);
}

bool FakeShared::is_taken(std::uint64_t address) const { return taken_.contains(address - there_); }

Result<std::uint64_t> FakeCallbacks::token_for(const CallbackTarget& target) {
    const std::lock_guard lock(mutex_);
    targets[next_] = target;
    return next_++;
}

Result<Thunk> FakeCallbacks::thunk_for(const Function& function) {
    const std::lock_guard lock(mutex_);
    functions[next_] = function;
    const Thunk thunk{0xB7000000u + static_cast<std::uint64_t>(function.kind), next_++};
    return thunk;
}

void FakeCallbacks::release(std::uint64_t token) noexcept {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(targets.erase(token) + functions.erase(token), 1u);
}

World::World(const Sides& between, std::size_t size)
    : sides(between),
      region(size, std::byte{0xCC}),
      region_there(client_base(between)),
      shared(size, driver_base(between)),
      client(region, region_there) {}

std::uint64_t World::allocate(std::size_t size) {
    used_ += guard;
    const std::size_t begin = used_;
    used_ = (used_ + size + 15) / 16 * 16 + guard;
    std::fill(region.begin() + static_cast<std::ptrdiff_t>(begin - guard),
              region.begin() + static_cast<std::ptrdiff_t>(used_),
              static_cast<std::byte>(++content_));
    return region_there + begin;
}

std::uint64_t World::allocate(std::span<const std::byte> content) {
    const std::uint64_t address = allocate(content.size());
    std::ranges::copy(content, client_at(address, content.size()).begin());
    return address;
}

std::uint64_t World::allocate_text(std::u16string_view text) { return allocate(bytes_of(text)); }

std::span<std::byte> World::client_at(std::uint64_t address, std::size_t size) {
    if (address < region_there || address - region_there + size > region.size()) {
        throw std::out_of_range("not in the client's region");
    }
    return std::span(region).subspan(address - region_there, size);
}

std::vector<std::byte> World::client_copy(std::uint64_t address, std::size_t size) {
    const auto bytes = client_at(address, size);
    return {bytes.begin(), bytes.end()};
}

namespace {

std::size_t index_of(const Structure& declaration, std::string_view name) {
    const auto found = std::ranges::find(declaration.fields, name, &Field::name);
    if (found == declaration.fields.end()) throw std::logic_error(std::string(name));
    return static_cast<std::size_t>(found - declaration.fields.begin());
}

}  // namespace

std::uint64_t World::get(std::span<const std::byte> structure, const Structure& declaration,
                         const Layout& layout, std::string_view field) const {
    const std::size_t index = index_of(declaration, field);
    return load(structure, layout.offsets[index], layout.size_of(declaration.fields[index]));
}

void World::set(std::span<std::byte> structure, const Structure& declaration, const Layout& layout,
                std::string_view field, std::uint64_t value) const {
    const std::size_t index = index_of(declaration, field);
    store(structure, layout.offsets[index], layout.size_of(declaration.fields[index]), value);
}

Call World::begin(Conversation& conversation, UINT message, std::uint64_t l1, std::uint64_t l2) {
    auto call = conversation.begin(message, {l1, l2}, client);
    if (!call) throw std::runtime_error(call.error().text());
    return std::move(*call);
}

std::vector<Sides> all_sides() {
    return {{.client_pointer = 8, .driver_pointer = 8},
            {.client_pointer = 8, .driver_pointer = 4},
            {.client_pointer = 4, .driver_pointer = 8},
            {.client_pointer = 4, .driver_pointer = 4}};
}

std::string name_of(const Sides& sides) {
    return "from_" + std::to_string(8 * sides.client_pointer) + "_to_" +
           std::to_string(8 * sides.driver_pointer);
}

const Structure& structure_named(Family family, std::string_view name) {
    for (const Structure* const structure : table_of(family).structures) {
        if (structure->name == name) return *structure;
    }
    throw std::logic_error(std::string(name));
}

std::vector<std::byte> bytes_of(std::u16string_view text) {
    std::vector<std::byte> bytes((text.size() + 1) * sizeof(char16_t));
    std::memcpy(bytes.data(), text.data(), text.size() * sizeof(char16_t));
    return bytes;
}

}  // namespace instdrv::messages::test
