#include "supervisor/monitor.hpp"

#include <array>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <cerrno>

namespace instdrv::supervisor {

class Monitor::Impl {
public:
    using Task = std::function<void()>;

    void post(Task task) {
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
        }
        const std::uint64_t one = 1;
        static_cast<void>(::write(wake_.get(), &one, sizeof one));
    }

    [[noreturn]] void run() {
        add(wake_);
        for (;;) {
            std::array<epoll_event, 64> events{};
            const int count =
                ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i)
                happened(events.at(static_cast<std::size_t>(i)).data.fd);
        }
    }

    // [the monitor's thread]
    void watch(std::shared_ptr<const ChildProcess> child, std::weak_ptr<WorkerEvents> events) {
        const int control = child->control().get();
        add(child->control());
        add(child->handle());
        by_handle_[child->handle().get()] = control;
        if (child->output()) {
            add(child->output());
            by_output_[child->output().get()] = control;
        }
        watched_[control] = {std::move(child), std::move(events)};
    }

    // [the monitor's thread]
    void forget(const ChildProcess& child) {
        if (watched_.contains(child.control().get()))
            static_cast<void>(take(child.control().get()));
    }

private:
    struct Watched {
        std::shared_ptr<const ChildProcess> child;
        std::weak_ptr<WorkerEvents> events;
    };

    void add(const Fd& fd) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd.get();
        ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd.get(), &event);
    }

    void remove(int fd) { ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

    void happened(int fd) {
        if (fd == wake_.get()) {
            run_tasks();
        } else if (const auto handle = by_handle_.find(fd); handle != by_handle_.end()) {
            bury(handle->second);
        } else if (const auto watched = watched_.find(fd); watched != watched_.end()) {
            read_notice(watched->second);
        } else if (const auto output = by_output_.find(fd); output != by_output_.end()) {
            read_output(fd, watched_.at(output->second));
        }
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
            bury(watched.child->control().get());
        } else if (!notice) {
            // It closed its end or speaks nonsense. Either way it is of no more use.
            watched.child->kill();
            remove(watched.child->control().get());
        } else if (const auto events = watched.events.lock()) {
            events->noticed(*notice);
        }
    }

    void read_output(int fd, const Watched& watched) {
        const auto events = watched.events.lock();
        if (events == nullptr || !events->printed()) remove(fd);
    }

    Watched take(int control) {
        Watched taken = std::move(watched_.extract(control).mapped());
        by_handle_.erase(taken.child->handle().get());
        by_output_.erase(taken.child->output().get());
        remove(taken.child->handle().get());
        remove(taken.child->output().get());
        remove(control);
        return taken;
    }

    void bury(int control) {
        const Watched dead = take(control);
        const siginfo_t how = dead.child->is_shared() ? siginfo_t{} : dead.child->reap();
        if (const auto events = dead.events.lock()) events->died(how);
    }

    Fd poll_{::epoll_create1(EPOLL_CLOEXEC)};
    Fd wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex_;
    std::deque<Task> tasks_;
    // The monitor's thread alone.
    std::unordered_map<int, Watched> watched_;  // by control socket
    std::unordered_map<int, int> by_handle_;    // process handle to control socket
    std::unordered_map<int, int> by_output_;    // output to control socket
};

Monitor& Monitor::instance() {
    static auto* const monitor = new Monitor;
    return *monitor;
}

Monitor::Monitor() : impl_(std::make_shared<Impl>()) {
    std::thread([impl = impl_] {
        // The program's signals are not for this thread.
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
        impl->run();
    }).detach();
}

Result<std::shared_ptr<const ChildProcess>> Monitor::start(const std::filesystem::path& program) {
    using Started = Result<std::shared_ptr<const ChildProcess>>;
    const auto promise = std::make_shared<std::promise<Started>>();
    auto started = promise->get_future();
    impl_->post([promise, program] {
        promise->set_value(ChildProcess::start(program).map([](ChildProcess&& child) {
            return std::make_shared<const ChildProcess>(std::move(child));
        }));
    });
    return started.get();
}

void Monitor::watch(std::shared_ptr<const ChildProcess> child, std::weak_ptr<WorkerEvents> events) {
    impl_->post([this, child = std::move(child), events = std::move(events)] {
        impl_->watch(child, events);
    });
}

void Monitor::forget(std::shared_ptr<const ChildProcess> child) {
    impl_->post([this, child = std::move(child)] { impl_->forget(*child); });
}

}  // namespace instdrv::supervisor
