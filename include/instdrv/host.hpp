// A host of installable drivers, in C++20.
//
//     instdrv::Host host;
//     auto driver = host.open("msadp32.acm");            // Result<Driver>
//     if (!driver) return fail(driver.error().text());
//     auto configurable = driver->send(instdrv::QueryConfigure{});   // Result<bool>
//     auto report = host.exit_session({});               // DRV_EXITSESSION to all, then the end
//
// A Host owns modules (loaded driver files) and instances (successful DRV_OPENs). A Driver is a
// move-only handle of one instance and closes it when destroyed. Hosts are independent of each
// other; the C functions of driver.h work on Host::default_host().
//
// A driver runs in a worker: a process of its own for each driver file, confined so that the driver
// reaches its own folder and state and nothing else. If it hangs, crashes, exits or does what its
// sandbox denies, the call fails with an Error that says so; other drivers and the host go on.
// Structures and buffers of the messages that <instdrv/driver.h>, acm.h, vfw.h and mci.h describe
// are copied to the worker and back; parameters of other messages are passed as numbers. In the
// host's own process (Placement::in_process) a call is faster, and the driver is trusted.
//
// Threads: every member of Host and Driver may be called from any thread and from inside a driver's
// handler, except that one Driver object is moved, closed or destroyed by one thread at a time.
// Destroying a Host closes by force whatever is still open, without DRV_EXITSESSION.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>
#include <instdrv/exit.hpp>
#include <instdrv/placement.hpp>
#include <instdrv/round.hpp>
#include <instdrv/trace.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace instdrv {

// ---- typed messages -----------------------------------------------------------------------------
// A message is a struct that names its number, its Response, and how the answer reads. Own messages
// are made the same way.

// Does the driver have a configuration dialog?
struct QueryConfigure {
    static constexpr UINT number = DRV_QUERYCONFIGURE;
    using Response = bool;
    [[nodiscard]] LPARAM lparam1() const noexcept { return 0; }
    [[nodiscard]] LPARAM lparam2() const noexcept { return 0; }
    static Response decode(LRESULT answer) noexcept { return answer != 0; }
};

enum class ConfigureResult { cancel = DRVCNF_CANCEL, ok = DRVCNF_OK, restart = DRVCNF_RESTART };

// Shows the driver's configuration dialog. `info` may be null and is read during the call only.
struct Configure {
    static constexpr UINT number = DRV_CONFIGURE;
    using Response = ConfigureResult;
    const DRVCONFIGINFO* info = nullptr;
    [[nodiscard]] LPARAM lparam1() const noexcept { return 0; }
    [[nodiscard]] LPARAM lparam2() const noexcept { return reinterpret_cast<LPARAM>(info); }
    static Response decode(LRESULT answer) noexcept { return static_cast<ConfigureResult>(answer); }
};

// Tells the driver it has just been installed, or is about to be removed.
struct Install {
    static constexpr UINT number = DRV_INSTALL;
    using Response = ConfigureResult;
    const DRVCONFIGINFO* info = nullptr;
    [[nodiscard]] LPARAM lparam1() const noexcept { return 0; }
    [[nodiscard]] LPARAM lparam2() const noexcept { return reinterpret_cast<LPARAM>(info); }
    static Response decode(LRESULT answer) noexcept { return static_cast<ConfigureResult>(answer); }
};

struct Remove {
    static constexpr UINT number = DRV_REMOVE;
    using Response = ConfigureResult;
    [[nodiscard]] LPARAM lparam1() const noexcept { return 0; }
    [[nodiscard]] LPARAM lparam2() const noexcept { return 0; }
    static Response decode(LRESULT answer) noexcept { return static_cast<ConfigureResult>(answer); }
};

enum class PowerEvent {
    suspend_request = PWR_SUSPENDREQUEST,
    suspend_resume = PWR_SUSPENDRESUME,
    critical_resume = PWR_CRITICALRESUME,
};

// Tells the driver that power goes or comes. True unless it answered PWR_FAIL.
struct Power {
    static constexpr UINT number = DRV_POWER;
    using Response = bool;
    PowerEvent event = PowerEvent::suspend_request;
    [[nodiscard]] LPARAM lparam1() const noexcept { return static_cast<LPARAM>(event); }
    [[nodiscard]] LPARAM lparam2() const noexcept { return 0; }
    static Response decode(LRESULT answer) noexcept { return answer != PWR_FAIL; }
};

// ---- instances ----------------------------------------------------------------------------------

class Host;

class INSTDRV_API Driver {
public:
    Driver() noexcept = default;
    Driver(Driver&& other) noexcept;
    Driver& operator=(Driver&& other) noexcept;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    ~Driver();  // closes by force

    [[nodiscard]] HDRVR handle() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    // Sends a message on the calling thread. The answer's meaning is the message's own; an Error
    // means that it never reached the driver or that the call broke off.
    Result<LRESULT> send(UINT message, LPARAM lparam1 = 0, LPARAM lparam2 = 0) const;

    // The same with a deadline of its own, where the driver runs in a worker.
    Result<LRESULT> send_within(std::chrono::milliseconds deadline, UINT message,
                                LPARAM lparam1 = 0, LPARAM lparam2 = 0) const;

    template <class Message>
    Result<typename Message::Response> send(const Message& message) const {
        return send(Message::number, message.lparam1(), message.lparam2()).map(&Message::decode);
    }

    // Makes a value that stands for a function (a DRVCALLBACK), event or thread of this process.
    // Send it in a message that none of instdrv's headers describes, so that the driver's
    // DriverCallback reaches the function. type: CALLBACK_FUNCTION, CALLBACK_EVENT or
    // CALLBACK_THREAD. Valid until the instance is closed. The driver hands on dwUser and
    // parameters as plain numbers.
    Result<DWORD_PTR> expose(DWORD type, DWORD_PTR callback) const;

    // Memory for buffers of messages that reaches a driver in a worker without being copied. It can
    // be used with every instance of the same driver file, and outlives them.
    Result<std::shared_ptr<std::byte>> take_buffer(std::size_t size) const;

    // Closes the instance and returns the driver's answer. After a refusal it is still open and
    // this object still owns it.
    Result<LRESULT> close(LPARAM lparam1 = 0, LPARAM lparam2 = 0);
    // Closes it whatever the driver answers.
    Result<LRESULT> close_forced(LPARAM lparam1 = 0, LPARAM lparam2 = 0);
    // Gives the instance up: it stays open until somebody closes the handle or the session ends.
    HDRVR release() noexcept { return std::exchange(handle_, nullptr); }

private:
    friend class Host;
    Driver(Host& host, HDRVR handle) noexcept : host_(&host), handle_(handle) {}

    Host* host_ = nullptr;
    HDRVR handle_ = nullptr;
};

// The description of an open instance.
struct InstanceInfo {
    HDRVR handle = nullptr;
    HMODULE module = nullptr;
    DWORD_PTR driver_id = 0;  // what the driver answered to DRV_OPEN
    std::string name;         // as it was opened
    std::string file;         // the module's file, an absolute path
    std::string kind;         // "PE32+ x86-64", "ELF x86-64"
    Placement placement = Placement::in_process;
    bool dead = false;  // its worker died: all that is left is to close it
};

// ---- hosts --------------------------------------------------------------------------------------

// A driver file whose worker died while it was loaded.
struct DriverDeath {
    std::string file;              // an absolute path
    int process = 0;               // the worker's number
    std::vector<HDRVR> instances;  // open or being opened; all that is left is to close them
    Error error;                   // why
};

struct HostOptions {
    // A system.ini to look aliases up in; empty: the file INSTDRV_CONFIG names, if it is set.
    std::filesystem::path configuration;
    // Where drivers' own files, profile strings and registry keys are kept, a folder for each
    // driver, which is known by the path of its file. It must be this user's, and no link; what is
    // missing is made for this user alone. Empty: instdrv/ in $XDG_STATE_HOME, else in
    // ~/.local/state, else in $XDG_RUNTIME_DIR.
    std::filesystem::path state_folder;
    // The members below apply to every driver for which the configuration does not say otherwise.

    // Open each Windows DLL once with lParam2 = 0 before its first real open, as Windows 95 does.
    bool session_instance = true;
    Placement placement = Placement::worker;  // of the host of the C functions: in_process
    Recovery recovery = Recovery::fail;
    // For each message of a driver in a worker. Empty: 20 s to load and open, 60 s to be configured
    // and installed, 10 s for the rest.
    std::optional<std::chrono::milliseconds> deadline;
    // Told of every death at once, not when the driver is next called. Called on a thread of the
    // library's that must not be held up: it may not call the host. May be called until the last
    // worker has gone, which a call that was given up may hold beyond the host.
    std::function<void(const DriverDeath&)> on_death;
    // Told, in one line, of what its user may want to know: that a driver was given what an older
    // version had kept for it; what a driver in a worker asked for and did not get. [any thread]
    std::function<void(const std::string& line)> on_notice;
    // Windows' functions whose calls by drivers are written to standard error, one a line, with
    // arguments and answers: names of DLLs and functions as the option --trace-calls takes them
    // ("kernel32,-HeapAlloc", "all"). Empty: none; a name that is none of theirs chooses nothing.
    // In the host's process it holds for all hosts.
    std::string traced_calls;
    // Is shown every message to every driver; null: nobody watches, which costs nothing.
    std::shared_ptr<CallObserver> observer;
};

struct OpenOptions {
    std::string section;  // of the configuration; empty: the default section
    LPARAM lparam2 = 0;   // reaches DRV_OPEN unchanged
};

class INSTDRV_API Host {
public:
    explicit Host(HostOptions options = {});
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host();

    // The host of the C functions, made on first use, ended with the process without a word to its
    // drivers (as Windows does it).
    static Host& default_host();

    // Opens by alias, else as a file; text after the name goes to the driver (see OpenDriver).
    Result<Driver> open(std::string_view name, const OpenOptions& options = {});
    // Loads and enables without opening, as Windows 3.1 did with [boot] drivers=. The module stays
    // until the session ends.
    Status load(std::string_view name, const OpenOptions& options = {});

    // By handle, for who keeps handles rather than Driver objects. These are what the C functions
    // and Driver call; send is the fast path.
    Result<LRESULT> send(HDRVR hdrvr, UINT message, LPARAM lparam1 = 0, LPARAM lparam2 = 0);
    Result<LRESULT> close(HDRVR hdrvr, LPARAM lparam1 = 0, LPARAM lparam2 = 0);
    Result<LRESULT> close_forced(HDRVR hdrvr, LPARAM lparam1 = 0, LPARAM lparam2 = 0);

    [[nodiscard]] Result<InstanceInfo> info(HDRVR hdrvr) const;
    // Open instances, oldest first.
    [[nodiscard]] std::vector<InstanceInfo> instances() const;
    [[nodiscard]] HDRVR next(HDRVR hdrvr, DWORD flags) const;

    // Reads another configuration for opens from now on.
    Status set_configuration(const std::filesystem::path& file);

    // The plan of what exit_session would do now.
    [[nodiscard]] ExitPlan plan_exit(const ExitOptions& options = {}) const;
    // Ends the session; see exit.hpp. Blocks for at most the two timeouts. Modules that did not
    // return are left mapped, their threads running: end the process soon. A second call fails.
    Result<ExitReport> exit_session(const ExitOptions& options = {},
                                    const ExitObserver& observer = {});

    // Rounds; see round.hpp. Each blocks for at most its budget.
    // Tells every open instance that power goes or comes (DRV_POWER).
    Result<RoundReport> broadcast_power(PowerEvent event, std::chrono::milliseconds budget);
    // Asks every open instance something harmless (DRV_QUERYCONFIGURE), to learn who would be late
    // if the session ended now.
    Result<RoundReport> rehearse_exit(std::chrono::milliseconds budget);
    // Tells an instance that the application which opened it has ended (DRV_EXITAPPLICATION,
    // DRVEA_NORMALEXIT or DRVEA_ABNORMALEXIT) and closes it by force. Waits for the driver.
    Result<LRESULT> end_application(HDRVR hdrvr, bool normally);

    class Impl;
    explicit Host(std::shared_ptr<Impl> impl) noexcept;
    [[nodiscard]] Impl& impl() noexcept { return *impl_; }

private:
    std::shared_ptr<Impl> impl_;  // shared with calls of an exit that were given up
};

}  // namespace instdrv
