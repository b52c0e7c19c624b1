// A thread that carries out one piece of work after another, for as long as somebody holds it.
//
// Each module has one from its loading on, so that nothing on the way of an exit has to make a
// thread, and so that a driver which does not return holds up nobody but its own lane. [any thread]
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace instdrv::core {

class Lane {
public:
    using Work = std::function<void()>;

    // stack_bytes: what the work may use. Fails where the system has no thread to give.
    static Result<std::shared_ptr<Lane>> start(std::string_view name, std::size_t stack_bytes);
    // The thread ends once it has returned from what it is doing; nothing more is begun. Nobody
    // waits for that, as it may never be: what the work uses is owned by it.
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // Done after what was posted before. It must not throw.
    void post(Work work);

private:
    struct Shared;
    explicit Lane(std::shared_ptr<Shared> shared) noexcept;
    static void run(Shared& shared);

    std::shared_ptr<Shared> shared_;
};

}  // namespace instdrv::core
