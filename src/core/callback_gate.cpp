#include "core/callback_gate.hpp"

#include <utility>

namespace instdrv::core {
namespace {

constinit thread_local CallbackGate::Passage* innermost = nullptr;

}  // namespace

CallbackGate::Passage::Passage(CallbackGate& gate)
    : gate_(gate), outer_(std::exchange(innermost, this)) {
    const std::lock_guard lock(gate_.mutex_);
    open_ = !gate_.closed_;
    if (open_) ++gate_.inside_;
}

CallbackGate::Passage::~Passage() {
    innermost = outer_;
    if (!open_) return;
    const std::lock_guard lock(gate_.mutex_);
    --gate_.inside_;
    gate_.left_.notify_all();
}

int CallbackGate::of_this_thread() const noexcept {
    int count = 0;
    for (const auto* passage = innermost; passage != nullptr; passage = passage->outer_) {
        if (&passage->gate_ == this && passage->open_) ++count;
    }
    return count;
}

void CallbackGate::close() noexcept {
    std::unique_lock lock(mutex_);
    closed_ = true;
    left_.wait(lock, [&] { return inside_ == of_this_thread(); });
}

}  // namespace instdrv::core
