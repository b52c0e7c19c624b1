#include "messages/conversation.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace instdrv::messages {

std::shared_ptr<Placed> ConversationState::find(Group group, std::uint64_t key) const {
    if (group == Group::none) return nullptr;
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(
        held_, [&](const Held& held) { return held.group == group && held.key == key; });
    return found == held_.end() ? nullptr : found->thing;
}

std::shared_ptr<Placed> ConversationState::find_there(Group group, std::uint64_t address) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(held_, [&](const Held& held) {
        return held.group == group && held.thing->there() == address;
    });
    return found == held_.end() ? nullptr : found->thing;
}

template <class Matches>
void ConversationState::drop(const Matches& matches) {
    std::vector<Held> dropped;
    const std::lock_guard lock(mutex_);
    const auto first = std::stable_partition(held_.begin(), held_.end(),
                                             [&](const Held& held) { return !matches(held); });
    std::move(first, held_.end(), std::back_inserter(dropped));
    held_.erase(first, held_.end());
}

bool ConversationState::has_room() const {
    const std::lock_guard lock(mutex_);
    return held_.size() < most_held;
}

void ConversationState::hold(std::vector<Held> things) {
    if (things.empty()) return;
    drop([&](const Held& old) {
        return std::ranges::any_of(things, [&](const Held& held) {
            return held.group == old.group && (!is_keyed(held.group) || held.key == old.key);
        });
    });
    const std::lock_guard lock(mutex_);
    std::move(things.begin(), things.end(), std::back_inserter(held_));
}

void ConversationState::end(Group group) {
    drop([&](const Held& held) { return held.group == group; });
}

void ConversationState::end(Group group, std::uint64_t key) {
    drop([&](const Held& held) {
        return (held.group == group && held.key == key) ||
               (group == Group::acm_stream && held.group == Group::acm_header && held.owner == key);
    });
}

void ConversationState::end_all() {
    drop([](const Held&) { return true; });
}

AnsweredSizes ConversationState::answered() const {
    const std::lock_guard lock(mutex_);
    return answered_;
}

void ConversationState::remember(UINT message, std::int64_t answer) {
    const bool is_size = answer > 0 && answer <= std::numeric_limits<std::int32_t>::max();
    const std::lock_guard lock(mutex_);
    if (is_size) {
        answered_[message] = static_cast<std::uint32_t>(answer);
    } else {
        answered_.erase(message);
    }
}

}  // namespace instdrv::messages
