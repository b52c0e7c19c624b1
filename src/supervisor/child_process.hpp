// A worker's process. It is watched and killed through a descriptor, which, unlike a process ID,
// cannot come to mean another process. It is a child of this process, or of one that shares it with
// this one.
#pragma once

#include <instdrv/error.hpp>

#include <csignal>
#include <filesystem>

#include <sys/types.h>

#include "base/fd.hpp"

namespace instdrv::supervisor {

class ChildProcess {
public:
    // Starts the worker program with nothing of this process's but the far ends of `control` and
    // `output`: no other descriptor, no variable of the environment, no folder. It dies with the
    // calling thread, which therefore has to last (see Monitor).
    static Result<ChildProcess> start(const std::filesystem::path& program);

    // The child of another process, which handed over these descriptors.
    static ChildProcess shared(Fd handle, Fd control);

    // Readable once the process is dead.
    [[nodiscard]] const Fd& handle() const noexcept { return handle_; }
    [[nodiscard]] const Fd& control() const noexcept { return control_; }
    // The pipe of its standard output and standard error. Reading does not wait. An invalid Fd if
    // the process is another one's child.
    [[nodiscard]] const Fd& output() const noexcept { return output_; }
    [[nodiscard]] pid_t id() const noexcept { return id_; }  // 0: not known, somebody else's

    [[nodiscard]] bool is_shared() const noexcept { return shared_; }
    // True: it is there, running or dead and not reaped yet.
    bool kill() const noexcept;  // NOLINT(*-use-nodiscard)
    // How it ended (waitid(2)), once it is dead. What is not known is 0, as when the program that
    // this library is part of reaps every child.
    [[nodiscard]] siginfo_t reap() const noexcept;

private:
    Fd handle_;
    Fd control_;
    Fd output_;
    pid_t id_ = 0;
    bool shared_ = false;
};

}  // namespace instdrv::supervisor
