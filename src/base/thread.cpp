#include "base/thread.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace instdrv {
namespace {

struct Launch {
    std::array<char, 16> name{};  // as long as the kernel keeps it, with the 0
    std::function<void()> body;
};

void* run(void* argument) {
    const std::unique_ptr<Launch> launch(static_cast<Launch*>(argument));
    if (launch->name[0] != '\0') ::pthread_setname_np(::pthread_self(), launch->name.data());
    launch->body();
    return nullptr;
}

std::size_t possible_stack(std::size_t wanted) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto least = static_cast<std::size_t>(PTHREAD_STACK_MIN);
    return (std::max(wanted, least) + page - 1) / page * page;
}

class Attributes {
public:
    explicit Attributes(std::size_t stack_bytes) {
        ::pthread_attr_init(&attributes_);
        if (stack_bytes == 0) return;
        ::pthread_attr_setstacksize(&attributes_, possible_stack(stack_bytes));
    }
    ~Attributes() { ::pthread_attr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    [[nodiscard]] const pthread_attr_t* get() const noexcept { return &attributes_; }

private:
    pthread_attr_t attributes_{};
};

Error cannot_start(int error_number) {
    Error error{.code = ErrorCode::io,
                .operation = "start a thread",
                .cause = std::generic_category().message(error_number),
                .system_code = error_number};
    if (error_number == EAGAIN) {
        error.cause = "the system has no thread or no memory left for it";
        error.advice =
            "Look at the user's limit of processes (ulimit -u) and the unit's (TasksMax)";
    }
    return error;
}

constinit thread_local ThreadEnd* newest = nullptr;

void run_ends(void*) noexcept {
    while (newest != nullptr) {
        ThreadEnd& end = *newest;
        newest = end.before;
        end.run(end);
    }
}

pthread_key_t end_key() noexcept {
    static const pthread_key_t made = [] {
        pthread_key_t key{};
        if (::pthread_key_create(&key, run_ends) != 0) std::abort();
        return key;
    }();
    return made;
}

}  // namespace

Thread::Thread(Thread&& other) noexcept
    : id_(other.id_), joinable_(std::exchange(other.joinable_, false)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
    join();
    id_ = other.id_;
    joinable_ = std::exchange(other.joinable_, false);
    return *this;
}

Thread::~Thread() { join(); }

void Thread::join() noexcept {
    if (std::exchange(joinable_, false)) ::pthread_join(id_, nullptr);
}

void Thread::detach() noexcept {
    if (std::exchange(joinable_, false)) ::pthread_detach(id_);
}

Result<Thread> Thread::start(std::string_view name, std::size_t stack_bytes,
                             std::function<void()> body) {
    auto launch = std::make_unique<Launch>();
    name.copy(launch->name.data(), launch->name.size() - 1);
    launch->body = std::move(body);
    pthread_t id{};
    const int error = ::pthread_create(&id, Attributes(stack_bytes).get(), run, launch.get());
    if (error != 0) return failure(cannot_start(error));
    static_cast<void>(launch.release());  // the thread has it now
    return Thread(id);
}

Status start_detached(std::string_view name, std::size_t stack_bytes, std::function<void()> body) {
    return Thread::start(name, stack_bytes, std::move(body)).map([](Thread&& thread) {
        thread.detach();
    });
}

StackBounds find_stack_bounds() noexcept {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return {};
    void* lowest = nullptr;
    std::size_t size = 0;
    ::pthread_attr_getstack(&attributes, &lowest, &size);
    ::pthread_attr_destroy(&attributes);
    const auto begin = reinterpret_cast<std::uintptr_t>(lowest);
    return {.lowest = begin, .highest = begin + size};
}

void at_thread_end(ThreadEnd& end) noexcept {
    // Of the first keys of a process, each thread has the places from its beginning.
    if (newest == nullptr && ::pthread_setspecific(end_key(), &newest) != 0) std::abort();
    end.before = newest;
    newest = &end;
}

}  // namespace instdrv
