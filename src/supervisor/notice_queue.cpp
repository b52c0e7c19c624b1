#include "supervisor/notice_queue.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace instdrv::supervisor {

channel::Sent NoticeQueue::try_to_send(const Fd& socket, const Waiting& waiting) {
    std::array<int, channel::most_descriptors> numbers{};
    const std::size_t count = std::min(waiting.descriptors.size(), numbers.size());
    for (std::size_t i = 0; i < count; ++i)
        numbers.at(i) = waiting.descriptors[i].get();
    return channel::try_to_send_notice(socket, waiting.notice, std::span(numbers).first(count));
}

NoticeQueue::Outcome NoticeQueue::send(const Fd& socket, const channel::Notice& notice,
                                       std::vector<Fd> descriptors) noexcept {
    Waiting one{notice, std::move(descriptors)};
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
        const auto sent = try_to_send(socket, one);
        if (sent == channel::Sent::yes) return Outcome::sent;
        if (sent == channel::Sent::gone) return Outcome::gone;
    }
    if (waiting_.size() == capacity) return Outcome::full;
    try {
        waiting_.push_back(std::move(one));
    } catch (const std::bad_alloc&) {
        return Outcome::full;
    }
    return Outcome::kept;
}

NoticeQueue::Outcome NoticeQueue::flush(const Fd& socket) noexcept {
    const std::lock_guard lock(mutex_);
    while (!waiting_.empty()) {
        const auto sent = try_to_send(socket, waiting_.front());
        if (sent == channel::Sent::no_room) return Outcome::kept;
        if (sent == channel::Sent::gone) return Outcome::gone;
        waiting_.pop_front();
    }
    return Outcome::sent;
}

}  // namespace instdrv::supervisor
