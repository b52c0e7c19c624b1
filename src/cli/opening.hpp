// Opening the drivers of a session, on a thread of its own: a driver that hangs while it is opened
// must not keep the session from ending.
#pragma once

#include <instdrv/host.hpp>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace instdrv::cli {

struct DriverRequest {
    std::string name;        // alias or file, with text
    std::string section;     // of the configuration; empty: the default one
    bool load_only = false;  // loaded and enabled, not opened ([boot] drivers=)
};

struct DriverOpening {
    DriverRequest request;
    bool finished = false;             // false: not attempted yet, or the driver has not returned
    std::optional<InstanceInfo> info;  // set when it is open
    std::optional<Error> error;        // set when it failed
    [[nodiscard]] bool succeeded() const noexcept { return finished && !error; }
};

class Opening {
public:
    // Starts at once. The host must live until every opening has finished.
    static Result<std::unique_ptr<Opening>> start(Host& host, std::vector<DriverRequest> requests);
    // Waits for the thread, unless abandon() was called.
    ~Opening();
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;

    // Readable when all requests have finished.
    [[nodiscard]] int finished_fd() const noexcept;
    // Opens no more. A driver that is being opened goes on.
    void stop() noexcept;
    // Lets the thread run on without this object: the process must end soon.
    void abandon() noexcept { thread_.detach(); }
    // What has happened so far, in the order of the requests.
    [[nodiscard]] std::vector<DriverOpening> results() const;

private:
    struct State;
    explicit Opening(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

    std::shared_ptr<State> state_;  // shared with the thread, which may outlive this object
    std::thread thread_;
};

}  // namespace instdrv::cli
