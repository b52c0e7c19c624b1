#include "supervisor/monitor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/event_fd.hpp"
#include "base/thread.hpp"
#include "core/no_memory.hpp"
#include "supervisor/killed_processes.hpp"

namespace instdrv::supervisor {
namespace {

using channel::Clock;

// What a killed process may take to be gone, before this one ends without it.
constexpr std::chrono::seconds longest_wait_for_killed{2};

constinit thread_local bool is_monitors_thread = false;

int milliseconds_until(Clock::time_point time) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

// Nothing that its thread does for a worker takes memory of its own: where there is none, whoever
// asks for something is told so on his own thread, and the thread goes on.
class Monitor::Impl : public std::enable_shared_from_this<Monitor::Impl> {
public:
    // Where its thread does not run yet, it is started.
    Status begin() {
        const std::lock_guard lock(mutex_);
        if (running_) return {};
        if (!poll_ && !make_poll()) return failure(io_error("watch workers", {}, errno));
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

    // Waits for the monitor's thread to start it.
    Result<Child> start(const std::filesystem::path& program) {
        Start start{.program = program};
        std::unique_lock lock(mutex_);
        starts_.push_back(&start);
        wake_.set();
        done_.wait(lock, [&] { return start.child.has_value(); });
        return std::move(*start.child);
    }

    void watch(Child child, std::weak_ptr<WorkerEvents> events) {
        List one;
        one.emplace_back(std::move(child), std::move(events));
        const std::lock_guard lock(mutex_);
        arriving_.splice(arriving_.end(), one);
        wake_.set();
    }

    void await_room(const ChildProcess& child) noexcept { ask(child, &Watched::wants_room); }
    void forget(const ChildProcess& child) noexcept { ask(child, &Watched::is_forgotten); }

    // Waits for the monitor's thread to kill them.
    void kill_all() {
        std::unique_lock lock(mutex_);
        if (!running_) return;
        all_killed_ = false;
        wake_.set();
        done_.wait(lock, [&] { return all_killed_; });
    }

    KilledProcesses& killed_processes() noexcept { return killed_processes_; }

private:
    enum class Kind { control, process, output };
    struct Watched;
    // What epoll tells of.
    struct Source {
        Kind kind;
        Watched* watched;
        bool is_open = false;
    };
    struct Watched {
        Watched(Child started, std::weak_ptr<WorkerEvents> who)
            : child(std::move(started)), events(std::move(who)) {}
        Child child;
        std::weak_ptr<WorkerEvents> events;
        Source control{Kind::control, this};
        Source process{Kind::process, this};
        Source output{Kind::output, this};
        std::optional<Clock::time_point> silent_until;  // while notices wait for room
        std::optional<Clock::time_point> rests_until;   // while its output waits to be read
        bool wants_room = false;                        // mutex_
        bool is_forgotten = false;                      // mutex_
    };
    using List = std::list<Watched>;
    // Of a thread that waits for it.
    struct Start {
        std::filesystem::path program;
        std::optional<Result<Child>> child{};  // mutex_
    };

    // False: errno says why.
    [[nodiscard]] bool make_poll() {
        Fd poll(::epoll_create1(EPOLL_CLOEXEC));
        wake_ = EventFd::make();
        epoll_event event{};
        event.events = EPOLLIN;
        if (!poll || !wake_) return false;
        if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) return false;
        poll_ = std::move(poll);
        return true;
    }

    [[noreturn]] void run() {
        for (;;) {
            std::array<epoll_event, 64> events{};
            const int count = ::epoll_wait(poll_.get(), events.data(),
                                           static_cast<int>(events.size()), time_to_sleep());
            for (int i = 0; i < count; ++i)
                happened(events.at(static_cast<std::size_t>(i)));
            end_silences();
            end_rests();
            gone_.clear();
        }
    }

    void happened(const epoll_event& event) {
        if (event.data.ptr == nullptr) return do_what_is_asked();
        const auto& source = *static_cast<const Source*>(event.data.ptr);
        if (!source.is_open) return;  // since this event was on its way
        auto& watched = *source.watched;
        switch (source.kind) {
            case Kind::process: return reap(watched);
            case Kind::output: return read_output(watched);
            case Kind::control: break;
        }
        if ((event.events & EPOLLOUT) != 0) send_more(watched);
        if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) read_notice(watched);
    }

    // ---- what other threads ask for
    // ---------------------------------------------------------------

    void ask(const ChildProcess& child, bool Watched::*wish) noexcept {
        const std::lock_guard lock(mutex_);
        for (List* const list : {&watched_, &arriving_}) {
            const auto found = std::ranges::find(
                *list, &child, [](const Watched& watched) { return watched.child.get(); });
            if (found == list->end()) continue;
            (*found).*wish = true;
            wake_.set();
        }
    }

    void do_what_is_asked() {
        wake_.clear();
        start_processes();
        take_arrivals();
        std::unique_lock lock(mutex_);
        for (auto at = watched_.begin(); at != watched_.end();) {
            auto& watched = *at++;
            if (std::exchange(watched.wants_room, false)) await_room(watched);
            if (watched.is_forgotten) let_go(watched);
        }
        if (std::exchange(all_killed_, true)) return;
        for (const auto& watched : watched_) {
            if (!watched.child->is_shared()) killed_processes_.kill(*watched.child);
        }
        done_.notify_all();
    }

    void start_processes() {
        std::unique_lock lock(mutex_);
        while (!starts_.empty()) {
            Start& start = *starts_.front();
            starts_.pop_front();
            lock.unlock();
            auto child = core::or_no_memory([&] {
                return ChildProcess::start(start.program).map([](ChildProcess&& process) {
                    return std::make_shared<const ChildProcess>(std::move(process));
                });
            });
            lock.lock();
            start.child.emplace(std::move(child));
            done_.notify_all();
        }
    }

    void take_arrivals() {
        List arrived;
        {
            const std::lock_guard lock(mutex_);
            arrived.splice(arrived.end(), arriving_);
        }
        while (!arrived.empty()) {
            auto& watched = arrived.front();
            {
                const std::lock_guard lock(mutex_);
                watched_.splice(watched_.end(), arrived, arrived.begin());
            }
            const auto& child = *watched.child;
            const bool listens = add(child.control(), watched.control) &&
                                 add(child.handle(), watched.process) &&
                                 (!child.output() || add(child.output(), watched.output));
            if (!listens) give_up(watched, errno);
        }
    }

    void await_room(Watched& watched) {
        if (!watched.control.is_open) return;
        if (!watched.silent_until) watched.silent_until = Clock::now() + longest_silence;
        listen_for(watched, EPOLLIN | EPOLLOUT);
    }

    // ---- sources
    // ----------------------------------------------------------------------------------

    [[nodiscard]] bool add(const Fd& fd, Source& source) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &source;
        source.is_open = ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd.get(), &event) == 0;
        return source.is_open;
    }

    void remove(const Fd& fd, Source& source) const {
        if (!std::exchange(source.is_open, false)) return;
        ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, fd.get(), nullptr);
    }

    void listen_for(const Fd& fd, Source& source, std::uint32_t events) const {
        epoll_event event{};
        event.events = events;
        event.data.ptr = &source;
        ::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, fd.get(), &event);
    }

    void listen_for(Watched& watched, std::uint32_t events) const {
        listen_for(watched.child->control(), watched.control, events);
    }

    void read_notice(Watched& watched) {
        const auto notice = channel::receive_notice(watched.child->control());
        if (!notice && watched.child->is_shared()) {
            reap(watched);
        } else if (!notice) {
            // It closed its end or speaks nonsense. Either way it is of no more use.
            killed_processes_.kill(*watched.child);
            stop_control(watched);
        } else if (const auto events = watched.events.lock()) {
            events->noticed(*notice);
        }
    }

    void read_output(Watched& watched) {
        const auto events = watched.events.lock();
        const auto state = events == nullptr ? OutputState::over : events->printed();
        if (state == OutputState::over) {
            remove(watched.child->output(), watched.output);
        } else if (state == OutputState::crowded) {
            listen_for(watched.child->output(), watched.output, 0);
            watched.rests_until = Clock::now() + rest;
        }
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
        for (const auto& watched : watched_) {
            for (const auto& end : {watched.silent_until, watched.rests_until}) {
                if (end && (!first || *end < *first)) first = end;
            }
        }
        return first ? milliseconds_until(*first) : -1;
    }

    void end_silences() {
        const auto over = [](const Watched& watched) {
            return watched.silent_until && *watched.silent_until <= Clock::now();
        };
        for (auto& watched : watched_) {
            if (!over(watched)) continue;
            watched.silent_until.reset();
            listen_for(watched, EPOLLIN);
            if (const auto events = watched.events.lock()) events->does_not_read();
        }
    }

    void end_rests() {
        for (auto& watched : watched_) {
            if (!watched.rests_until || *watched.rests_until > Clock::now()) continue;
            watched.rests_until.reset();
            if (watched.output.is_open)
                listen_for(watched.child->output(), watched.output, EPOLLIN);
        }
    }

    // ---- ends
    // -------------------------------------------------------------------------------------

    void stop_control(Watched& watched) const {
        remove(watched.child->control(), watched.control);
        watched.silent_until.reset();
    }

    void give_up(Watched& watched, int error) {
        if (const auto events = watched.events.lock()) events->unwatched(error);
        if (!watched.child->is_shared()) killed_processes_.kill(*watched.child);
        reap(watched);
    }

    // It stays until no event can be on its way. [with mutex_]
    void let_go(Watched& watched) {
        stop_control(watched);
        remove(watched.child->handle(), watched.process);
        remove(watched.child->output(), watched.output);
        const auto at = std::ranges::find(watched_, &watched, [](Watched& one) { return &one; });
        gone_.splice(gone_.end(), watched_, at);
    }

    void reap(Watched& watched) {
        const auto events = watched.events.lock();
        {
            const std::lock_guard lock(mutex_);
            let_go(watched);
        }
        siginfo_t how{};
        if (!watched.child->is_shared()) how = killed_processes_.reap(*watched.child);
        if (events != nullptr) events->died(how);
    }

    std::mutex mutex_;
    std::condition_variable done_;
    bool running_ = false;      // mutex_
    std::list<Start*> starts_;  // mutex_
    List arriving_;             // mutex_
    bool all_killed_ = true;    // mutex_; false: somebody waits for it
    Fd poll_;
    EventFd wake_;
    KilledProcesses killed_processes_;
    List watched_;  // changed by the monitor's thread alone, with mutex_
    List gone_;     // the monitor's thread alone
};

Monitor& Monitor::instance() {
    static auto* const monitor = new Monitor;
    return *monitor;
}

Monitor::Monitor() : impl_(std::make_shared<Impl>()) {
    static_cast<void>(std::atexit(
        [] { instance().impl_->killed_processes().process_ends(longest_wait_for_killed); }));
}

Result<Monitor::Child> Monitor::start(const std::filesystem::path& program) {
    if (Status running = impl_->begin(); !running) return failure(std::move(running.error()));
    return impl_->start(program);
}

Status Monitor::watch(Child child, std::weak_ptr<WorkerEvents> events) {
    if (Status running = impl_->begin(); !running) return running;
    impl_->watch(std::move(child), std::move(events));
    return {};
}

void Monitor::await_room(const Child& child) noexcept { impl_->await_room(*child); }

void Monitor::kill(const Child& child) noexcept {
    impl_->killed_processes().kill(*child);
    if (!is_monitors_thread) impl_->killed_processes().wait_if_process_ends();
}

void Monitor::end_workers() {
    impl_->kill_all();
    impl_->killed_processes().process_ends(longest_wait_for_killed);
}

void Monitor::forget(const Child& child) noexcept { impl_->forget(*child); }

}  // namespace instdrv::supervisor
