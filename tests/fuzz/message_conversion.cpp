// Messages between a client and a driver that both mean harm. The input says what is sent, what the
// client's memory holds, and what the driver makes of the shared memory before each answer.
//
// Nothing may be read or written outside of the two memories; what is given out comes back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "messages/marshal.hpp"

namespace {

using namespace instdrv;
using namespace instdrv::messages;

constexpr std::size_t memory_size = 16 * 1024;
constexpr std::uint64_t client_base = 0x10000;
constexpr std::uint64_t driver_base = 0xB0000000;

// What is left of the input; zeros behind its end.
class Input {
public:
    explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        copy_to(std::as_writable_bytes(std::span(&value, 1)).first(size));
        return value;
    }
    void copy_to(std::span<std::byte> out) {
        const std::size_t size = std::min(out.size(), bytes_.size());
        if (size != 0) std::memcpy(out.data(), bytes_.data(), size);
        bytes_ = bytes_.subspan(size);
    }

private:
    std::span<const std::uint8_t> bytes_;
};

// Each block lies on the heap by itself, so that the sanitizer sees what goes past it.
class Shared final : public SharedMemory {
public:
    Shared() = default;
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    ~Shared() override {
        if (!blocks_.empty()) std::abort();  // something was not given back
    }

    Result<Block> take(std::size_t size) override {
        if (size > memory_size || blocks_.size() >= 64) {
            return failure({.code = ErrorCode::out_of_memory, .cause = "full"});
        }
        const std::uint64_t there = driver_base + ++taken_ * memory_size;
        auto& bytes = blocks_[there];
        bytes.resize(size);
        return Block{bytes, there};
    }
    void give_back(const Block& block) noexcept override {
        if (blocks_.erase(block.there) != 1) std::abort();
    }
    std::optional<std::uint64_t> there(std::uint64_t address, std::uint64_t size) const override {
        const bool lent = address % 256 == 64 && size <= 64;
        return lent ? std::optional(driver_base - address) : std::nullopt;
    }

    void scribble(Input& input) {
        for (auto& [there, bytes] : blocks_)
            input.copy_to(std::span(bytes).first(std::min<std::size_t>(bytes.size(), 128)));
    }
    [[nodiscard]] std::uint64_t last() const { return driver_base + taken_ * memory_size; }

private:
    std::map<std::uint64_t, std::vector<std::byte>> blocks_;
    std::uint64_t taken_ = 0;
};

class Tokens final : public Callbacks {
public:
    Tokens() = default;
    Tokens(const Tokens&) = delete;
    Tokens& operator=(const Tokens&) = delete;
    ~Tokens() override {
        if (held_ != 0) std::abort();
    }

    Result<std::uint64_t> token_for(const CallbackTarget&) override { return take(); }
    Result<Thunk> thunk_for(const Function&) override { return Thunk{0xB7000000, take()}; }
    void release(std::uint64_t) noexcept override { --held_; }

private:
    std::uint64_t take() {
        ++held_;
        return ++next_;
    }

    std::uint64_t next_ = 0;
    std::uint64_t held_ = 0;
};

UINT message_from(Input& input, Family family) {
    const auto messages = all();
    const auto first = std::find_if(messages.begin(), messages.end(),
                                    [&](const Message& one) { return one.family == family; });
    const auto last = std::find_if(first, messages.end(),
                                   [&](const Message& one) { return one.family != family; });
    const auto count = static_cast<std::uint64_t>(last - first);
    const std::uint64_t which = input.number(1) % (count + 2);
    if (which == count) return DRV_OPEN;
    if (which > count) return DRV_CLOSE;
    return first[static_cast<std::ptrdiff_t>(which)].number;
}

// Mostly an address in the client's memory.
std::uint64_t parameter_from(Input& input) {
    const std::uint64_t value = input.number(2);
    return value % 8 == 7 ? input.number(8) : client_base + value % memory_size;
}

void send_one(Input& input, Conversation& conversation, Shared& shared, const Sides& sides,
              std::span<std::byte> memory) {
    const RegionMemory client(memory, client_base);
    const UINT message = message_from(input, conversation.family());
    const Parameters parameters{parameter_from(input), parameter_from(input)};
    const std::uint64_t at = input.number(2) % memory_size;
    input.copy_to(memory.subspan(at).first(std::min<std::size_t>(memory.size() - at, 192)));
    (void)describe_call(conversation.family(), message, parameters, sides, client);
    auto call = conversation.begin(message, parameters, client);
    shared.scribble(input);
    const auto answer = static_cast<std::int8_t>(input.number(1));
    if (call && answer != 99) (void)call->finish(answer);
    (void)conversation.collect(shared.last(), client);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(std::span(data, size));
    const std::uint64_t kind = input.number(1);
    const Sides sides{.client_pointer = (kind & 1) != 0 ? 8u : 4u,
                      .driver_pointer = (kind & 2) != 0 ? 8u : 4u,
                      .open_text_unit = (kind & 4) != 0 ? 2u : 1u,
                      .natural_acm = (kind & 8) != 0};
    Shared shared;
    Tokens tokens;
    std::vector<std::byte> memory(memory_size);
    Conversation conversation(static_cast<Family>(kind >> 4 & 3), sides, shared, tokens);
    while (!input.empty())
        send_one(input, conversation, shared, sides, memory);
    return 0;
}
