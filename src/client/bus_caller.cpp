#include "client/bus_caller.hpp"

#include <array>
#include <cerrno>
#include <deque>
#include <future>
#include <mutex>
#include <string_view>
#include <utility>

#include <poll.h>

#include "base/event_fd.hpp"
#include "base/thread.hpp"
#include "service/host_protocol.hpp"
#include "service/remote_host.hpp"

namespace instdrv::client {
namespace {

Error session_gone() {
    return {.code = ErrorCode::exiting,
            .operation = "ask the session",
            .cause = "it has ended, or its bus has"};
}

Error error_in(sd_bus_message* reply) {
    Error error = session::bus_error("ask the session", reply);
    const std::string_view name = sd_bus_message_get_error(reply)->name;
    constexpr std::string_view prefix = "org.instdrv.Error.";
    if (name.starts_with(prefix)) {
        error = service::error_of(name.substr(prefix.size()), error.cause);
    } else if (name == SD_BUS_ERROR_NO_REPLY || name == SD_BUS_ERROR_SERVICE_UNKNOWN ||
               name == SD_BUS_ERROR_NAME_HAS_NO_OWNER) {
        error = session_gone();
    }
    return error;
}

}  // namespace

class BusCaller::Impl {
public:
    using Done = std::function<void(sd_bus_message* reply, Status status)>;
    struct Call {
        Call(const char* name, Fill arguments, Done then)
            : method(name), fill(std::move(arguments)), done(std::move(then)) {}
        const char* method;
        Fill fill;
        Done done;
        Impl* owner = nullptr;
        session::BusSlot slot{};
    };

    explicit Impl(session::Bus bus) noexcept : bus_(std::move(bus)) {}

    void post(std::unique_ptr<Call> call) {
        {
            const std::lock_guard lock(mutex_);
            if (!over_) {
                waiting_.push_back(std::move(call));
                wake_.set();
                return;
            }
        }
        call->done(nullptr, failure(session_gone()));
    }

    void run() {
        for (;;) {
            while (sd_bus_process(bus_.get(), nullptr) > 0) {
            }
            if (!make_calls()) break;
            std::array<pollfd, 2> events{
                pollfd{.fd = wake_.get(), .events = POLLIN},
                pollfd{.fd = sd_bus_get_fd(bus_.get()),
                       .events = static_cast<short>(sd_bus_get_events(bus_.get()))}};
            ::poll(events.data(), events.size(), -1);
        }
        for (auto& call : std::exchange(under_way_, {}))
            call->done(nullptr, failure(session_gone()));
        sd_bus_flush(bus_.get());
        bus_.reset();
    }

    void end() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        wake_.set();
    }

private:
    // False: nobody calls any more.
    bool make_calls() {
        wake_.clear();
        std::deque<std::unique_ptr<Call>> calls;
        bool over = false;
        {
            const std::lock_guard lock(mutex_);
            calls = std::exchange(waiting_, {});
            over = over_ || sd_bus_is_open(bus_.get()) <= 0;
            over_ = over;
        }
        for (auto& call : calls)
            make(std::move(call));
        return !over;
    }

    void make(std::unique_ptr<Call> call) {
        sd_bus_message* made = nullptr;
        int result = sd_bus_message_new_method_call(bus_.get(), &made, service::host_name,
                                                    service::host_path, service::host_interface,
                                                    call->method);
        const session::BusMessage message(made);
        if (result >= 0) result = call->fill(made);
        if (result >= 0) {
            sd_bus_slot* slot = nullptr;
            result = sd_bus_call_async(bus_.get(), &slot, made, &Impl::replied, call.get(),
                                       service::no_timeout);
            call->slot.reset(slot);
        }
        if (result < 0) {
            return call->done(nullptr, failure(session::bus_error("ask the session", result)));
        }
        call->owner = this;
        under_way_.push_back(std::move(call));
    }

    // [the connection's thread]
    static int replied(sd_bus_message* reply, void* data, sd_bus_error*) noexcept {
        auto& call = *static_cast<Call*>(data);
        auto& self = *call.owner;
        const bool refused = sd_bus_message_is_method_error(reply, nullptr) > 0;
        call.done(reply, refused ? failure(error_in(reply)) : Status());
        std::erase_if(self.under_way_, [&](const auto& one) { return one.get() == &call; });
        return 0;
    }

    session::Bus bus_;
    EventFd wake_ = EventFd::make();
    std::mutex mutex_;
    std::deque<std::unique_ptr<Call>> waiting_;
    bool over_ = false;
    std::deque<std::unique_ptr<Call>> under_way_;  // the connection's thread alone
};

Result<std::unique_ptr<BusCaller>> BusCaller::connect() {
    auto bus = service::open_session_bus();
    if (!bus) return failure(std::move(bus.error()));
    auto impl = std::make_shared<Impl>(*std::move(bus));
    if (auto started = start_detached("bus", 0, [impl] { impl->run(); }); !started) {
        return failure(std::move(started).error());
    }
    return std::unique_ptr<BusCaller>(new BusCaller(std::move(impl)));
}

BusCaller::~BusCaller() { impl_->end(); }

Status BusCaller::call(const char* method, const Fill& fill, const Read& read) {
    std::promise<Status> promise;
    auto done = promise.get_future();
    impl_->post(
        std::make_unique<Impl::Call>(method, fill, [&](sd_bus_message* reply, Status status) {
            if (status && read(reply) < 0) status = failure(service::unreadable_answer());
            promise.set_value(std::move(status));
        }));
    return done.get();
}

void BusCaller::post(const char* method, Fill fill, std::function<void()> done) {
    impl_->post(std::make_unique<Impl::Call>(
        method, std::move(fill),
        [done = std::move(done)](sd_bus_message*, const Status&) { done(); }));
}

}  // namespace instdrv::client
