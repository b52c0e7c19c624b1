#include "worker/client_links.hpp"

#include <cerrno>
#include <cstdio>
#include <new>
#include <utility>

#include "base/thread.hpp"
#include "channel/protocol.hpp"
#include "worker/crash.hpp"

namespace instdrv::worker {
namespace {

Error no_thread(const Error& reason) {
    return {
        .code = ErrorCode::busy,
        .cause = "its worker has no thread for one more of the programs' threads: " + reason.cause,
        .advice = "Let programs end that share it, or call it from fewer threads",
        .system_code = reason.system_code};
}

Error too_many_threads() {
    return {.code = ErrorCode::busy,
            .cause = "as many threads of programs are in it as there may be"};
}

}  // namespace

Status ClientLinks::prepare() {
    given_up_ = EventFd::make();
    if (!given_up_) return failure(io_error("hear clients", {}, errno));
    return {};
}

void ClientLinks::add(std::uint32_t number, Fd region, Fd control) try {
    auto attached = channel::Region::attach_client(std::move(region));
    if (!attached) return;
    auto link =
        std::make_shared<Link>(*std::move(attached), std::move(control), number, handler_, quota_);
    const std::lock_guard lock(mutex_);
    links_.emplace(number, std::move(link));
} catch (const std::bad_alloc&) {
    // The drivers have taken all there is.
}

void ClientLinks::remove(std::uint32_t number) {
    const auto link = find(number);
    if (link == nullptr) return;
    link->end();
    const std::lock_guard lock(mutex_);
    links_.erase(number);
}

void ClientLinks::give_up(Link& link) {
    if (!link.end()) return;
    std::fputs(
        "instdrv-worker: a program did not come back from a callback, and cannot use the driver "
        "any "
        "more\n",
        stderr);
    given_up_.set();
}

void ClientLinks::remove_given_up() {
    given_up_.clear();
    const std::lock_guard lock(mutex_);
    std::erase_if(links_, [](const auto& one) { return one.second->has_ended(); });
}

void ClientLinks::list(std::vector<std::shared_ptr<Link>>& into) const {
    into.clear();
    const std::lock_guard lock(mutex_);
    for (const auto& [number, link] : links_)
        into.push_back(link);
}

std::shared_ptr<Link> ClientLinks::find(std::uint32_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = links_.find(number);
    return found == links_.end() ? nullptr : found->second;
}

void ClientLinks::hear(const std::shared_ptr<Link>& link) {
    const auto notice = channel::receive_notice(link->control());
    if (!notice) return remove(link->number());
    if (notice->kind != channel::Notice::Kind::lane_opened) return;
    if (notice->subject < channel::first_worker_lane) open_lane(link, notice->subject);
}

void ClientLinks::open_lane(const std::shared_ptr<Link>& link, std::uint32_t lane) {
    if (!link->open_lane(lane)) return;
    const Status served = serve(link, lane);
    if (served) return;
    link->close_lane(lane);
    // Who opened the lane waits there already, or is about to.
    auto& out = link->region().lane(lane).to_supervisor;
    channel::send_error(out, channel::Turn::answer, no_thread(served.error()), channel::unserved);
    channel::ring(out.bell);
}

Status ClientLinks::serve(const std::shared_ptr<Link>& link, std::uint32_t lane) try {
    if (*threads_ >= most_threads) return failure(too_many_threads());
    const std::shared_ptr<void> place(nullptr, [count = threads_](void*) { --*count; });
    ++*threads_;
    return start_detached("serves", stack_size, [link, lane, place] {
        prepare_thread_for_crashes();
        LaneServer(*link, lane).serve();
    });
} catch (const std::bad_alloc&) {
    return failure(Error{.code = ErrorCode::out_of_memory, .cause = "there is no memory left"});
}

}  // namespace instdrv::worker
