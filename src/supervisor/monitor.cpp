#include "supervisor/monitor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/thread.hpp"
#include "supervisor/doomed.hpp"

namespace instdrv::supervisor {
namespace {

using channel::Clock;

// What a killed process may take to be gone, before this one ends without it.
constexpr std::chrono::seconds longest_dying{2};

constinit thread_local bool is_monitors_thread = false;

int milliseconds_until(Clock::time_point time) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

class Monitor::Impl : public std::enable_shared_from_this<Monitor::Impl> {
public:
    using Task = std::function<void()>;

    // Where its thread does not run yet, it is started.
    Status begin() {
        const std::lock_guard lock(mutex_);
        if (running_) return {};
        if (!poll_) poll_ = Fd(::epoll_create1(EPOLL_CLOEXEC));
        if (!wake_) wake_ = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (!poll_ || !wake_) return failure(io_error("watch workers", {}, errno));
        auto started = start_detached("instdrv-monitor", 0, [self = shared_from_this()] {
            // The program's signals are not for this thread.
            sigset_t all;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
            is_monitors_thread = true;
            self->run();
        });
        running_ = started.has_value();
        return started;
    }

    void post(Task task) {
        const std::uint64_t one = 1;
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        static_cast<void>(::write(wake_.get(), &one, sizeof one));
    }

    // [the monitor's thread]
    void watch(const Child& child, std::weak_ptr<WorkerEvents> events) {
        const auto watched = std::make_shared<Watched>(Watched{child, std::move(events)});
        watched_[child.get()] = watched;
        watched->control = add(child->control(), Source::Kind::control, watched);
        watched->process = add(child->handle(), Source::Kind::process, watched);
        if (child->output()) watched->output = add(child->output(), Source::Kind::output, watched);
    }

    // [the monitor's thread]
    void await_room(const ChildProcess& child) {
        const auto found = watched_.find(&child);
        if (found == watched_.end() || found->second->control == 0) return;
        auto& watched = *found->second;
        if (!watched.silent_until) watched.silent_until = Clock::now() + longest_silence;
        listen_for(watched, EPOLLIN | EPOLLOUT);
    }

    // [the monitor's thread]
    void forget(const ChildProcess& child) {
        if (const auto found = watched_.find(&child); found != watched_.end()) {
            let_go(*std::shared_ptr(found->second));
        }
    }

    // [the monitor's thread]
    void kill_all() {
        for (const auto& [child, watched] : watched_) {
            if (!child->is_shared()) doomed_.kill(*child);
        }
    }

    [[nodiscard]] bool is_running() {
        const std::lock_guard lock(mutex_);
        return running_;
    }
    Doomed& doomed() noexcept { return doomed_; }

private:
    struct Watched {
        Child child;
        std::weak_ptr<WorkerEvents> events;
        // Sources; 0: none, or not listened to any more.
        std::uint64_t control = 0;
        std::uint64_t process = 0;
        std::uint64_t output = 0;
        std::optional<Clock::time_point> silent_until;  // while notices wait for room
    };
    // Numbers are never used again, unlike descriptors: an event that was on its way when its
    // source was closed means nobody.
    struct Source {
        enum class Kind { control, process, output };
        Kind kind;
        int fd;
        std::shared_ptr<Watched> watched;
    };
    static constexpr std::uint64_t wake_number = 0;

    [[noreturn]] void run() {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = wake_number;
        ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
        for (;;) {
            std::array<epoll_event, 64> events{};
            const int count = ::epoll_wait(poll_.get(), events.data(),
                                           static_cast<int>(events.size()), time_to_sleep());
            for (int i = 0; i < count; ++i)
                happened(events.at(static_cast<std::size_t>(i)));
            end_silences();
        }
    }

    std::uint64_t add(const Fd& fd, Source::Kind kind, const std::shared_ptr<Watched>& watched) {
        const std::uint64_t number = ++last_number_;
        sources_[number] = {kind, fd.get(), watched};
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = number;
        ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd.get(), &event);
        return number;
    }

    void remove(std::uint64_t& number) {
        if (const auto source = sources_.find(number); source != sources_.end()) {
            ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, source->second.fd, nullptr);
            sources_.erase(source);
        }
        number = 0;
    }

    void listen_for(const Watched& watched, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = watched.control;
        ::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, watched.child->control().get(), &event);
    }

    void happened(const epoll_event& event) {
        if (event.data.u64 == wake_number) return run_tasks();
        const auto found = sources_.find(event.data.u64);
        if (found == sources_.end()) return;
        const Source source = found->second;
        switch (source.kind) {
            case Source::Kind::process: return bury(*source.watched);
            case Source::Kind::output: return read_output(*source.watched);
            case Source::Kind::control: break;
        }
        if ((event.events & EPOLLOUT) != 0) send_more(*source.watched);
        if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) read_notice(*source.watched);
    }

    void run_tasks() {
        std::uint64_t count = 0;
        static_cast<void>(::read(wake_.get(), &count, sizeof count));
        std::deque<Task> tasks;
        {
            const std::lock_guard lock(mutex_);
            tasks = std::exchange(tasks_, {});
        }
        for (auto& task : tasks)
            task();
    }

    void read_notice(Watched& watched) {
        const auto notice = channel::receive_notice(watched.child->control());
        if (!notice && watched.child->is_shared()) {
            bury(watched);
        } else if (!notice) {
            // It closed its end or speaks nonsense. Either way it is of no more use.
            doomed_.kill(*watched.child);
            stop_control(watched);
        } else if (const auto events = watched.events.lock()) {
            events->noticed(*notice);
        }
    }

    void read_output(Watched& watched) {
        const auto events = watched.events.lock();
        if (events == nullptr || !events->printed()) remove(watched.output);
    }

    // ---- notices that wait for room
    // --------------------------------------------------------------

    void send_more(Watched& watched) {
        const auto events = watched.events.lock();
        const bool more = events != nullptr && events->has_room();
        watched.silent_until.reset();
        if (more) watched.silent_until = Clock::now() + longest_silence;
        if (!more) listen_for(watched, EPOLLIN);
    }

    [[nodiscard]] int time_to_sleep() const {
        std::optional<Clock::time_point> first;
        for (const auto& [child, watched] : watched_) {
            const auto& end = watched->silent_until;
            if (end && (!first || *end < *first)) first = end;
        }
        return first ? milliseconds_until(*first) : -1;
    }

    void end_silences() {
        const auto over = [](const Watched& watched) {
            return watched.silent_until && *watched.silent_until <= Clock::now();
        };
        for (const auto& [child, watched] : watched_) {
            if (!over(*watched)) continue;
            watched->silent_until.reset();
            listen_for(*watched, EPOLLIN);
            if (const auto events = watched->events.lock()) events->does_not_read();
        }
    }

    // ---- ends
    // -------------------------------------------------------------------------------------

    void stop_control(Watched& watched) {
        remove(watched.control);
        watched.silent_until.reset();
    }

    void let_go(Watched& watched) {
        stop_control(watched);
        remove(watched.process);
        remove(watched.output);
        watched_.erase(watched.child.get());
    }

    void bury(Watched& watched) {
        const auto child = watched.child;
        const auto events = watched.events.lock();
        let_go(watched);
        siginfo_t how{};
        if (!child->is_shared()) how = doomed_.reap(*child);
        if (events != nullptr) events->died(how);
    }

    std::mutex mutex_;
    bool running_ = false;    // mutex_
    std::deque<Task> tasks_;  // mutex_
    Fd poll_;
    Fd wake_;
    Doomed doomed_;
    // The monitor's thread alone.
    std::uint64_t last_number_ = wake_number;
    std::unordered_map<std::uint64_t, Source> sources_;
    std::unordered_map<const ChildProcess*, std::shared_ptr<Watched>> watched_;
};

Monitor& Monitor::instance() {
    static auto* const monitor = new Monitor;
    return *monitor;
}

Monitor::Monitor() : impl_(std::make_shared<Impl>()) {
    static_cast<void>(std::atexit([] { instance().impl_->doomed().process_ends(longest_dying); }));
}

Result<Monitor::Child> Monitor::start(const std::filesystem::path& program) {
    if (Status running = impl_->begin(); !running) return failure(std::move(running.error()));
    const auto promise = std::make_shared<std::promise<Result<Child>>>();
    auto started = promise->get_future();
    impl_->post([promise, program] {
        promise->set_value(ChildProcess::start(program).map([](ChildProcess&& child) {
            return std::make_shared<const ChildProcess>(std::move(child));
        }));
    });
    return started.get();
}

Status Monitor::watch(Child child, std::weak_ptr<WorkerEvents> events) {
    if (Status running = impl_->begin(); !running) return running;
    impl_->post([impl = impl_.get(), child = std::move(child), events = std::move(events)] {
        impl->watch(child, events);
    });
    return {};
}

void Monitor::await_room(Child child) {
    impl_->post([impl = impl_.get(), child = std::move(child)] { impl->await_room(*child); });
}

void Monitor::kill(const Child& child) {
    impl_->doomed().kill(*child);
    if (!is_monitors_thread) impl_->doomed().wait_if_process_ends();
}

void Monitor::end_workers() {
    if (!impl_->is_running()) return;
    std::promise<void> killed;
    impl_->post([&] {
        impl_->kill_all();
        killed.set_value();
    });
    killed.get_future().wait();
    impl_->doomed().process_ends(longest_dying);
}

void Monitor::forget(Child child) {
    impl_->post([impl = impl_.get(), child = std::move(child)] { impl->forget(*child); });
}

}  // namespace instdrv::supervisor
