// An output of a session, a descriptor or the journal, to which a thread of its own writes. Callers
// never wait for a full pipe, a slow disk or a journal that does not answer, and get no error.
// Lines that cannot be written, or come too fast, are left out and counted.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/work_thread.hpp"

namespace instdrv::service {

class Outlet {
public:
    using Clock = WorkThread::Clock;

    // notes: once there is room again, a line says how many were left out. product: what is left
    // out makes the rest worthless, which outcome() says.
    enum class Carries { notes, product };

    // `fd` is duplicated. [any thread] for all members.
    static Result<std::unique_ptr<Outlet>> open(int fd, Carries carries);
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;
    ~Outlet();

    // Whole lines.
    void put(std::string text);
    // An entry of the journal, of fields such as "PRIORITY=4", whatever the descriptor is.
    void put_entry(std::vector<std::string> fields);
    // The same as put, for what writes to streams. Writing to it cannot fail.
    [[nodiscard]] std::FILE* stream() const noexcept { return stream_.get(); }
    // The descriptor is the stream that systemd made for this process's log.
    [[nodiscard]] bool is_journal() const;

    // Waits until everything is written or left out. False: it was not by then, and the thread is
    // still at it.
    bool finish(Clock::time_point until);
    // Fails if something was left out so far.
    [[nodiscard]] Status outcome() const;

private:
    struct Item;
    struct State;
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };

    Outlet(std::shared_ptr<State> state, std::shared_ptr<WorkThread> writer);
    void enqueue(Item item);

    std::shared_ptr<State> state_;
    std::shared_ptr<WorkThread> writer_;
    std::unique_ptr<std::FILE, Close> stream_;
};

}  // namespace instdrv::service
