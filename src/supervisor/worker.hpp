// The supervisor's side of a worker: a process, a channel, and the conversations on its lanes.
//
// A thread that calls gets a lane of its own (lane_claims.hpp), so the driver sees each of the
// client's threads as one thread of its own. While the thread waits for an answer, it serves the
// driver's requests. Every call has a deadline; when that passes, or the worker breaks the rules of
// the channel, the worker is killed, and every call that is under way or comes later fails with the
// reason.
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "channel/protocol.hpp"
#include "channel/region.hpp"
#include "core/asker.hpp"
#include "core/module_loader.hpp"
#include "core/module_process.hpp"
#include "core/no_memory.hpp"
#include "core/request_rate.hpp"
#include "sandbox/policy.hpp"
#include "sandbox/report.hpp"
#include "supervisor/callback_table.hpp"
#include "supervisor/channel_memory.hpp"
#include "supervisor/client_channels.hpp"
#include "supervisor/death.hpp"
#include "supervisor/driver_output.hpp"
#include "supervisor/handle_names.hpp"
#include "supervisor/history.hpp"
#include "supervisor/lane_claims.hpp"
#include "supervisor/monitor.hpp"
#include "supervisor/notice_queue.hpp"

namespace instdrv::supervisor {

class Worker;

// Does what drivers ask of the system, and writes the reply (a reply, or an error) into `lane`.
class RequestHandler {
public:
    virtual ~RequestHandler() = default;
    // [the thread that waits for the driver, or one that attends to the driver's own threads]
    virtual void handle(Worker& worker, const channel::Received& request,
                        channel::Message& lane) = 0;
    // The worker died while a module was in it. Called before waiting calls return. [the monitor's
    // thread]
    virtual void died(const Worker&) noexcept {}
};

struct WorkerOptions {
    std::string name;  // of the driver or group, for errors
    std::filesystem::path program;
    sandbox::Architecture architecture = sandbox::own_architecture;
    std::vector<std::byte> confinement;                // sandbox::Policy::serialise
    std::size_t region_size = std::size_t{128} << 20;  // bytes of memory shared with it, at most
    bool shared = false;                // it is somebody else's, and lives on without this
    core::Asker asker;                  // its drivers, as they ask for others
    std::shared_ptr<void> quota_place;  // of the WorkerQuota that it is started from; may be null
    std::uint32_t most_clients = 512;   // other programs that share it at a time
    std::size_t output_limit = OutputLines::most_per_second;  // bytes it may print in a second
    std::chrono::milliseconds start_timeout{10'000};
};

class Worker final : public WorkerEvents, public std::enable_shared_from_this<Worker> {
public:
    using Clock = channel::Clock;

    // A confined worker that waits for its first driver.
    static Result<std::shared_ptr<Worker>> start(WorkerOptions options,
                                                 std::shared_ptr<RequestHandler> requests);
    // One behind which there is whatever has `region` and answers there, not confined yet: what
    // start makes of a process, and tests of something else.
    static std::shared_ptr<Worker> over(WorkerOptions options,
                                        std::shared_ptr<RequestHandler> requests,
                                        channel::Region region,
                                        std::shared_ptr<const ChildProcess> child);
    // One that another process has started, confined and shared (share). It is not ended with this.
    static Result<std::shared_ptr<Worker>> join(WorkerOptions options,
                                                std::shared_ptr<RequestHandler> requests,
                                                core::SharedChannel shared);
    // Makes a channel to the worker for another process, which lasts as long as its place is held.
    // `busy` if there are as many channels as allowed.
    Result<core::SharedChannel> share();
    // The first call: the worker confines itself and says how that went.
    Status confine();
    ~Worker() override;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    struct Reply {
        channel::Words words{};
        std::string text;
    };
    // Makes a call on the calling thread and waits for its answer. Errors: what the worker answered
    // with; why it died; timed_out; busy, when more threads are in calls than there are lanes.
    Result<Reply> call(channel::What what, const channel::Words& words, std::string_view text,
                       std::chrono::milliseconds timeout);
    template <class Call>
    Result<typename Call::Answer> call(const Call& call_, std::chrono::milliseconds timeout) {
        return call(Call::what, channel::words_of(call_), {}, timeout).map([](const Reply& reply) {
            return channel::value_of<typename Call::Answer>(reply.words);
        });
    }

    // Counts the modules in the worker. When the last one leaves, the worker is ended, unless
    // another process started it.
    void enter() noexcept { ++users_; }
    void leave() noexcept;
    // Counts something that a driver asks for, which costs as much as `cost` requests, and waits
    // where its drivers ask too often. [the thread that serves the request]
    void pace(std::uint32_t cost) noexcept;
    // The supervisor's instance of that name is gone.
    void tell_closed(std::uint64_t name) noexcept;

    // Ends it. Every call fails with `reason` from now on, unless it died of something else before.
    void kill(Error reason) noexcept;
    [[nodiscard]] bool is_dead() const noexcept { return dead_.load(std::memory_order_seq_cst); }
    // Why, once it is dead.
    [[nodiscard]] Error death() const;

    [[nodiscard]] const channel::Start::Answer& facts() const noexcept { return facts_; }
    [[nodiscard]] const sandbox::ConfinementReport& confinement() const noexcept { return report_; }
    [[nodiscard]] const channel::Region& region() const noexcept { return region_; }
    // Among all workers of this process, from 1 on, never used again.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] const std::string& name() const noexcept { return options_.name; }
    [[nodiscard]] pid_t process_id() const noexcept { return child_->id(); }
    [[nodiscard]] const core::Asker& asker() const noexcept { return options_.asker; }
    [[nodiscard]] History& history() noexcept { return history_; }
    [[nodiscard]] HandleNames& handles() noexcept { return handles_; }
    [[nodiscard]] const HandleNames& handles() const noexcept { return handles_; }
    [[nodiscard]] CallbackTable& callbacks() noexcept { return callbacks_; }
    [[nodiscard]] ChannelMemory& memory() noexcept { return memory_; }
    // A driver's own memory cannot be reached; what it sends lies in its part of the channel.
    [[nodiscard]] messages::RegionMemory drivers_memory() const noexcept;

    // The monitor's.
    void noticed(const channel::Notice& notice) noexcept override;
    OutputState printed() noexcept override;
    bool has_room() noexcept override;
    void does_not_read() noexcept override;
    void unwatched(int error) noexcept override;
    void died(const siginfo_t& how) noexcept override;

    // A thread that ends gives its lane back.
    void leave_lane(const LaneClaims::Claim& claim) noexcept;

private:
    struct LaneState {
        explicit LaneState(std::uint32_t spin_limit) : listener(spin_limit) {}

        // The innermost of those that are under way, inside of each other.
        class Conversation {
        public:
            Conversation(LaneState& lane, channel::Deadline& deadline) noexcept
                : lane_(lane), outer_(std::exchange(lane.conversation, &deadline)) {}
            ~Conversation() { lane_.conversation = outer_; }
            Conversation(const Conversation&) = delete;
            Conversation& operator=(const Conversation&) = delete;

        private:
            LaneState& lane_;
            channel::Deadline* outer_;
        };

        channel::Listener listener;
        channel::Deadline* conversation = nullptr;  // of whoever has the lane
        bool opened = false;                        // the worker has a thread for it; lanes_mutex_
        std::uint8_t sequence = 0;                  // of the last message that came
        unsigned rings_for_nothing = 0;
    };

    Worker(WorkerOptions options, std::shared_ptr<RequestHandler> requests, channel::Region region,
           std::shared_ptr<const ChildProcess> child);
    Status note_facts(const Reply& started);
    Death death_of(const siginfo_t& how);
    // A call on a lane of this thread's.
    class Passage {
    public:
        Passage(LaneClaims& claims, const LaneClaims::Claim& claim, bool outermost) noexcept
            : claims_(outermost ? &claims : nullptr), claim_(claim) {}
        Passage(Passage&& other) noexcept
            : claims_(std::exchange(other.claims_, nullptr)), claim_(other.claim_) {}
        Passage& operator=(Passage&&) = delete;
        ~Passage() {
            if (claims_ != nullptr) claims_->end(claim_);
        }
        [[nodiscard]] std::size_t lane() const noexcept { return claim_.lane; }

    private:
        LaneClaims* claims_;  // null: the call around this one ends it
        LaneClaims::Claim claim_;
    };
    Result<Passage> enter_lane();
    void leave_unserved(std::size_t lane);
    ChannelMemory::MapMore map_more_of(bool shared);
    class ClientPlace;
    void cut_client(std::uint32_t number) noexcept;
    void end_client(std::uint32_t number) noexcept;
    static LaneUser user_of_lane() noexcept;
    Result<LaneClaims::Claim> take_lane();
    Result<Reply> converse(std::size_t lane, channel::What what, std::chrono::milliseconds timeout);
    // Takes the message that the lane's bell announces; std::nullopt if there is no new one. A
    // worker that rings without a message again and again is ended.
    std::optional<channel::Received> take_message(std::size_t lane);
    void reply_to(const channel::Received& request, std::size_t lane);
    // Tells the worker without waiting for it. False: the socket takes nothing; errno says why.
    bool tell(const channel::Notice& notice, std::vector<Fd> descriptors = {}) noexcept;
    bool announces_lane(const channel::Notice& notice);
    void attend(std::size_t lane);
    void serve_requests(std::size_t lane);
    void finish_output() noexcept;
    void become_dead(Error reason) noexcept;
    // The same, with the reason that `why` makes.
    template <class Why>
    void end_for(const Why& why) noexcept {
        kill(core::or_no_memory([&]() -> Error { return why(); }));
    }
    // It broke the rules of the channel, which it was ended for.
    [[nodiscard]] Error rule_breaker() const;
    Error late();

    const std::uint64_t number_;
    WorkerOptions options_;
    std::shared_ptr<RequestHandler> requests_;
    channel::Region region_;
    std::shared_ptr<const ChildProcess> child_;
    channel::Start::Answer facts_{};
    sandbox::ConfinementReport report_;
    History history_;
    DriverOutput output_;
    NoticeQueue notices_;
    HandleNames handles_;
    CallbackTable callbacks_;
    ChannelMemory memory_;
    core::RequestRate rate_;
    ClientChannels clients_;

    LaneClaims claims_;
    std::mutex lanes_mutex_;
    std::deque<LaneState> lanes_;

    std::atomic<int> users_{0};
    std::atomic<bool> dead_{false};
    mutable std::mutex death_mutex_;
    std::optional<Error> death_;  // death_mutex_; set before dead_
};

}  // namespace instdrv::supervisor
