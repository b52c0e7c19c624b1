// A session in conversation with a program that shares a driver of its and means harm: any bytes
// on any lane, in any order, any notice with any descriptors, and an end anywhere. What stands
// between is the worker, which runs in this process, as does another program that keeps the rules.
//
// The worker lives, the other program is answered and alone reaches its instance, the driver gets
// no message that only the system sends but the session's, and every descriptor and thread that the
// hostile program caused is gone with it.
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "held_session.hpp"
#include "hostile_program.hpp"
#include "require.hpp"
#include "supervisor/instance_state.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker.hpp"

namespace {

using namespace instdrv;
using namespace instdrv::fuzz;

constexpr UINT count_it = DRV_USER;
constexpr UINT counted = DRV_USER + 2;
constexpr UINT counted_of_the_system = DRV_USER + 3;

void never_called(HDRVR, UINT, DWORD_PTR, DWORD_PTR, DWORD_PTR) { require(false); }

class HonestProgram {
public:
    explicit HonestProgram(HeldSession& session) : HonestProgram(session, session.share()) {}

    void is_served() {
        constexpr auto patience = std::chrono::seconds(30);
        const auto number = static_cast<std::uint64_t>(++sent_);
        const auto answer = worker_->call(
            channel::CallDriver{.hdrvr = instance_.name(), .message = count_it, .lparam2 = number},
            patience);
        require(answer && answer->value == number);
        require(instance_.send(counted) == sent_);
    }
    LRESULT counted_of_system() { return instance_.send(counted_of_the_system); }
    [[nodiscard]] std::uint64_t name() const { return instance_.name(); }

private:
    HonestProgram(HeldSession& session, core::SharedChannel channel)
        : place_(channel.place), instance_(session, channel.name) {
        auto joined = supervisor::Worker::join(
            {.name = "shared_driver.so"},
            std::make_shared<supervisor::Requests>([](const core::Asker&) { return nullptr; }),
            std::move(channel));
        require(joined.has_value());
        worker_ = *std::move(joined);
        state_ = std::make_shared<supervisor::InstanceState>(instance_.name(), worker_->callbacks(),
                                                             channel::LoadModule::Answer{});
        worker_->callbacks().add(supervisor::CallbackTable::Target{
            {.type = CALLBACK_FUNCTION,
             .callback = reinterpret_cast<std::uintptr_t>(&never_called)},
            state_,
            true});
    }

    std::shared_ptr<void> place_;
    HeldSession::Instance instance_;
    std::shared_ptr<supervisor::Worker> worker_;
    std::shared_ptr<supervisor::InstanceState> state_;
    LRESULT sent_ = 0;
};

HonestProgram& the_honest() {
    static auto& the_one = *std::make_unique<HonestProgram>(HeldSession::instance()).release();
    return the_one;
}

void meet(std::span<const std::uint8_t> input) {
    auto& session = HeldSession::instance();
    auto channel = session.share();
    const HeldSession::Instance own(session, channel.name);
    HostileProgram hostile(std::move(channel), own.name(), the_honest().name(), Script(input));
    hostile.play();
    the_honest().is_served();
    hostile.leave();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    the_honest().is_served();
    meet({});  // what the process keeps is there from now on
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto before = open_descriptors();
    meet({data, size});
    require_soon([&] { return open_descriptors() <= before; });
    require(the_honest().counted_of_system() == HeldSession::instance().systems());
    return 0;
}
