#include "winapi/process/driver_thread.hpp"

#include <algorithm>
#include <optional>

#include <pthread.h>
#include <unistd.h>

#include "base/standard_error.hpp"
#include "image/pe/control_words.hpp"
#include "image/pe/guarded_call.hpp"
#include "winapi/process/process.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::size_t default_stack = std::size_t{1} << 20;
constexpr std::size_t smallest_stack = std::size_t{256} << 10;

struct Running {
    std::shared_ptr<ThreadObject> object;
    std::optional<DWORD> exit_code;  // set by exit_driver_thread
};
constinit thread_local Running* running = nullptr;

struct Launch {
    ThreadStart start;
    const DriverContext* context;
    std::shared_ptr<ThreadObject> object;
};

DWORD run_driver_code(const ThreadStart& start, Running& self) {
    const auto result =
        pe::guarded_call(start.function, reinterpret_cast<pe::Word>(start.argument));
    if (self.exit_code) return *self.exit_code;
    if (result.broken == nullptr) return static_cast<DWORD>(result.value);
    print_message("a driver's thread ended: {}", result.broken->text());
    const auto code = static_cast<DWORD>(result.broken->system_code);
    return code == 0 ? 1 : code;
}

void* run_thread(void* argument) {
    const std::unique_ptr<Launch> launch(static_cast<Launch*>(argument));
    Running self{launch->object, std::nullopt};
    running = &self;
    self.object->id = static_cast<DWORD>(::gettid());
    self.object->started->set();
    wait_for({{self.object->resumed}}, true, -1);

    const ContextScope scope(launch->context);
    pe::become_drivers_thread();
    Process::instance().prepare_thread();
    self.object->exit_code = run_driver_code(launch->start, self);
    running = nullptr;
    leave_current_thread();
    self.object->set_ended();
    return nullptr;
}

bool spawn(std::unique_ptr<Launch> launch) {
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0) return false;
    const std::size_t asked = launch->start.stack_size;
    ::pthread_attr_setstacksize(&attributes,
                                asked == 0 ? default_stack : std::max(asked, smallest_stack));
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread{};
    const int error = ::pthread_create(&thread, &attributes, run_thread, launch.get());
    ::pthread_attr_destroy(&attributes);
    if (error == 0) static_cast<void>(launch.release());  // the thread owns it now
    return error == 0;
}

}  // namespace

std::shared_ptr<ThreadObject> start_driver_thread(const ThreadStart& start) {
    auto object = ThreadObject::create();
    if (!object) return nullptr;
    if (!start.suspended) object->resumed->set();
    auto launch = std::make_unique<Launch>(Launch{start, current_context(), object});
    if (!spawn(std::move(launch))) return nullptr;
    wait_for({{object->started}}, true, -1);
    return object;
}

void exit_driver_thread(DWORD code) {
    if (running != nullptr) running->exit_code = code;
    pe::break_off(Error{.code = ErrorCode::broken,
                        .operation = "run driver code",
                        .cause = "the driver ended a thread of the host (ExitThread)",
                        .system_code = code});
}

std::shared_ptr<ThreadObject> this_driver_thread() {
    return running == nullptr ? nullptr : running->object;
}

}  // namespace instdrv::winapi
