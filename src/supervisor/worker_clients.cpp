// Channels of other processes to a worker.
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>

#include "supervisor/worker.hpp"

namespace instdrv::supervisor {
namespace {

Error too_many_clients() {
    return {.code = ErrorCode::busy,
            .cause = "as many programs share it as may",
            .advice = "most_clients= in its section of the session's configuration allows more"};
}

}  // namespace

// A client's among those of a worker.
class Worker::ClientPlace final : public core::ChannelPlace {
public:
    explicit ClientPlace(Worker& worker) : worker_(worker.weak_from_this()) {
        number_ = worker.clients_.take();
    }
    ~ClientPlace() override {
        const auto worker = worker_.lock();
        if (worker != nullptr && number_) worker->end_client(*number_);
    }
    void cut() noexcept override {
        if (const auto worker = worker_.lock()) worker->cut_client(*number_);
    }
    // Nothing: there was none left.
    [[nodiscard]] const std::optional<std::uint32_t>& number() const noexcept { return number_; }

private:
    std::weak_ptr<Worker> worker_;
    std::optional<std::uint32_t> number_;
};

Result<core::SharedChannel> Worker::share() {
    if (is_dead()) return failure(death());
    auto place = std::make_shared<ClientPlace>(*this);
    const auto& number = place->number();
    if (!number) return failure(too_many_clients());
    // Of its own: this process does not read what a client writes.
    auto region = channel::Region::create(channel::client_region_size);
    if (!region) return failure(std::move(region.error()));
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failure(io_error("share a worker", options_.name, errno));
    }
    core::SharedChannel shared{.region = Fd(::fcntl(region->fd().get(), F_DUPFD_CLOEXEC, 0)),
                               .control = Fd(ends[0]),
                               .process = Fd(::fcntl(child_->handle().get(), F_DUPFD_CLOEXEC, 0)),
                               .name = {.worker = number_, .number = *number},
                               .place = place};
    if (!shared.region || !shared.process) {
        return failure(io_error("share a worker", options_.name, errno));
    }
    std::vector<Fd> theirs;
    theirs.emplace_back(::fcntl(region->fd().get(), F_DUPFD_CLOEXEC, 0));
    theirs.emplace_back(ends[1]);
    if (!theirs.front() ||
        !tell({channel::Notice::Kind::channel_added, *number}, std::move(theirs))) {
        return failure(io_error("share a worker", options_.name, errno));
    }
    return shared;
}

void Worker::cut_client(std::uint32_t number) noexcept {
    tell({channel::Notice::Kind::channel_removed, number});
}

// Its number is another's after the worker has heard that it is nobody's.
void Worker::end_client(std::uint32_t number) noexcept {
    cut_client(number);
    clients_.give_back(number);
}

}  // namespace instdrv::supervisor
