// The structures that the driver of one instance holds between messages, and its answers that later
// messages depend on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "messages/declaration.hpp"
#include "messages/marshal.hpp"
#include "messages/placed.hpp"
#include "messages/rules.hpp"

namespace instdrv::messages {

struct Held {
    Group group = Group::none;
    std::uint64_t key = 0;    // see Group: the client's address, or which parameter it came in
    std::uint64_t owner = 0;  // lParam1 of the message it began with
    std::shared_ptr<Placed> thing;
};

// True for groups of which several can be held, told apart by the client's address.
constexpr bool is_keyed(Group group) noexcept {
    return group == Group::acm_stream || group == Group::acm_header;
}

// Structures; far more than the streams and headers of any client that ends what it begins. Their
// bytes are bounded by the memory shared with the driver.
inline constexpr std::size_t most_held = 1024;

// Shared by a Conversation and its calls. The mutex is not held while memory is given back or
// copied, so that implementations of the interfaces may do as they like.
class ConversationState {
public:
    ConversationState(Family of, const Sides& between, SharedMemory& memory,
                      Callbacks& functions) noexcept
        : family(of), sides(between), shared(memory), callbacks(functions) {}

    const Family family;
    const Sides sides;
    SharedMemory& shared;
    Callbacks& callbacks;

    std::shared_ptr<Placed> find(Group group, std::uint64_t key) const;
    // By the driver's address.
    std::shared_ptr<Placed> find_there(Group group, std::uint64_t address) const;
    // Whether it may hold more. A client that is a driver itself could otherwise begin without end
    // and end nothing, in this process's memory. Calls under way may go over by two each.
    [[nodiscard]] bool has_room() const;
    // Each replaces what had its place before.
    void hold(std::vector<Held> things);
    void end(Group group);
    void end(Group group, std::uint64_t key);
    void end_all();

    AnsweredSizes answered() const;
    void remember(UINT message, std::int64_t answer);

private:
    template <class Matches>
    void drop(const Matches& matches);

    mutable std::mutex mutex_;
    std::vector<Held> held_;
    AnsweredSizes answered_;
};

}  // namespace instdrv::messages
