#include "supervisor/worker.hpp"

#include <instdrv/crash.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/thread.hpp"
#include "base/thread_end.hpp"
#include "channel/control.hpp"
#include "core/no_memory.hpp"
#include "supervisor/client.hpp"
#include "supervisor/deadlines.hpp"
#include "supervisor/death.hpp"

namespace instdrv::supervisor {
namespace {

// How long a side spins before it sleeps: some tens of microseconds, which is what a short message
// takes. On one processor the other side cannot run meanwhile.
std::uint32_t spin_limit() {
    static const std::uint32_t limit = ::sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 4096 : 0;
    return limit;
}

// The lanes of this thread. Few threads talk to more than a few workers.
class ThreadLanes {
public:
    ~ThreadLanes() {
        for (const auto& bound : bound_) {
            if (const auto worker = bound.owner.lock()) worker->leave_lane(bound.claim);
        }
    }
    [[nodiscard]] const LaneClaims::Claim* find(std::uint64_t worker) const noexcept {
        for (const auto& bound : bound_) {
            if (bound.worker == worker) return &bound.claim;
        }
        return nullptr;
    }
    // In the place of the one that it had there.
    void add(std::uint64_t worker, const std::shared_ptr<Worker>& owner, LaneClaims::Claim claim) {
        std::erase_if(bound_, [&](const auto& bound) {
            return bound.worker == worker || bound.owner.expired();
        });
        bound_.push_back({worker, owner, claim});
    }

    void forget(std::uint64_t worker) noexcept {
        std::erase_if(bound_, [&](const auto& bound) { return bound.worker == worker; });
    }

private:
    struct Bound {
        std::uint64_t worker;  // Worker::number_: addresses are used again
        std::weak_ptr<Worker> owner;
        LaneClaims::Claim claim;
    };
    std::vector<Bound> bound_;
};

ThreadLanes& thread_lanes() { return of_this_thread<ThreadLanes>(); }

// A driver that never stops asking for something must not hold its caller for ever.
constexpr int most_extensions = 8;  // times the deadline

// An honest worker rings once for each message.
constexpr unsigned most_rings_for_nothing = 16;

std::uint64_t next_number() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

Error ended_elsewhere(const std::string& driver) {
    return {.code = ErrorCode::broken,
            .driver = driver,
            .cause = "its worker has ended, or the session has closed the channel to it",
            .advice =
                "`instdrv status` and the session's log say more; a program that does not "
                "come back from a callback loses its channel"};
}

Error too_many_clients() {
    return {.code = ErrorCode::busy,
            .cause = "as many programs share it as may",
            .advice = "most_clients= in its section of the session's configuration allows more"};
}

Error rule_breaker(const std::string& driver) {
    return {.code = ErrorCode::broken,
            .operation = "talk to",
            .driver = driver,
            .cause = "its worker broke the rules of the channel and was ended"};
}

Error deaf(const std::string& driver) {
    return {.code = ErrorCode::timed_out,
            .operation = "talk to",
            .driver = driver,
            .cause = "its worker did not read what it was told, and was ended"};
}

Error without_a_thread(const std::string& driver, const Error& reason) {
    return {.code = reason.code,
            .operation = "attend to a thread of",
            .driver = driver,
            .cause = reason.cause + ", so its worker was ended",
            .advice = reason.advice,
            .system_code = reason.system_code};
}

}  // namespace

// A client's among those of a worker.
class Worker::ClientPlace final : public core::ChannelPlace {
public:
    explicit ClientPlace(Worker& worker) : worker_(worker.weak_from_this()) {
        number_ = worker.clients_.take();
    }
    ~ClientPlace() override {
        const auto worker = worker_.lock();
        if (worker != nullptr && number_) worker->end_client(*number_);
    }
    void cut() noexcept override {
        if (const auto worker = worker_.lock()) worker->cut_client(*number_);
    }
    // Nothing: there was none left.
    [[nodiscard]] const std::optional<std::uint32_t>& number() const noexcept { return number_; }

private:
    std::weak_ptr<Worker> worker_;
    std::optional<std::uint32_t> number_;
};

// ---- start and end ------------------------------------------------------------------------------

Result<std::shared_ptr<Worker>> Worker::start(WorkerOptions options,
                                              std::shared_ptr<RequestHandler> requests) {
    auto region = channel::Region::create(options.region_size);
    if (!region) return failure(std::move(region.error()));
    const auto& plan = options.confinement;
    const auto room = region->supervisor_arena();
    if (plan.size() > room.size()) {
        return failure(Error{.code = ErrorCode::invalid_argument,
                             .operation = "start a worker",
                             .driver = options.name,
                             .cause = "the memory to share with it is too small"});
    }
    std::ranges::copy(plan, room.begin());
    region->header().start_size = static_cast<std::uint32_t>(plan.size());
    region->header().spin_limit = spin_limit();

    auto child = Monitor::instance().start(options.program);
    if (!child) return failure(std::move(child.error()));
    auto handed_over = channel::send_descriptor((*child)->control(), region->fd());
    const auto worker =
        over(std::move(options), std::move(requests), std::move(*region), std::move(*child));
    if (Status watched = Monitor::instance().watch(worker->child_, worker); !watched) {
        return failure(watched.error());
    }
    // How a worker ended that was gone already says more than that nobody took it.
    const bool gone = !handed_over && handed_over.error().system_code == EPIPE;
    if (handed_over || gone) handed_over = worker->confine();
    if (!handed_over) {
        worker->kill(handed_over.error());
        return failure(std::move(handed_over.error()));
    }
    return worker;
}

std::shared_ptr<Worker> Worker::over(WorkerOptions options,
                                     std::shared_ptr<RequestHandler> requests,
                                     channel::Region region,
                                     std::shared_ptr<const ChildProcess> child) {
    return std::shared_ptr<Worker>(
        new Worker(std::move(options), std::move(requests), std::move(region), std::move(child)));
}

Worker::Worker(WorkerOptions options, std::shared_ptr<RequestHandler> requests,
               channel::Region region, std::shared_ptr<const ChildProcess> child)
    : number_(next_number()),
      options_(std::move(options)),
      requests_(std::move(requests)),
      region_(std::move(region)),
      child_(std::move(child)),
      output_(std::filesystem::path(options_.name).filename().string(), options_.output_limit),
      memory_(region_, facts_, map_more_of(options_.shared)),
      rate_(options_.asker.rights.most_requests),
      clients_(options_.most_clients) {
    for (std::size_t i = 0; i < channel::lane_count; ++i)
        lanes_.emplace_back(spin_limit());
    lanes_[0].opened = true;
}

Worker::~Worker() {
    if (options_.shared) {
        Monitor::instance().forget(child_);
    } else {
        Monitor::instance().kill(child_);
    }
}

Result<std::shared_ptr<Worker>> Worker::join(WorkerOptions options,
                                             std::shared_ptr<RequestHandler> requests,
                                             core::SharedChannel shared) {
    auto region = channel::Region::attach(shared.region);
    if (!region) return failure(std::move(region.error()));
    options.shared = true;
    const auto worker = over(std::move(options), std::move(requests), std::move(*region),
                             std::make_shared<const ChildProcess>(ChildProcess::shared(
                                 std::move(shared.process), std::move(shared.control))));
    worker->lanes_[0].opened = false;
    if (Status watched = Monitor::instance().watch(worker->child_, worker); !watched) {
        return failure(watched.error());
    }
    const auto reply = worker->call(channel::What::start, {}, {}, worker->options_.start_timeout);
    if (!reply) return failure(reply.error());
    if (Status known = worker->note_facts(*reply); !known) return failure(known.error());
    return worker;
}

Result<core::SharedChannel> Worker::share() {
    if (is_dead()) return failure(death());
    auto place = std::make_shared<ClientPlace>(*this);
    const auto& number = place->number();
    if (!number) return failure(too_many_clients());
    // Of its own: this process does not read what a client writes.
    auto region = channel::Region::create(channel::client_region_size);
    if (!region) return failure(std::move(region.error()));
    region->header().spin_limit = spin_limit();
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failure(io_error("share a worker", options_.name, errno));
    }
    core::SharedChannel shared{.region = Fd(::fcntl(region->fd().get(), F_DUPFD_CLOEXEC, 0)),
                               .control = Fd(ends[0]),
                               .process = Fd(::fcntl(child_->handle().get(), F_DUPFD_CLOEXEC, 0)),
                               .name = {.worker = number_, .number = *number},
                               .place = place};
    if (!shared.region || !shared.process) {
        return failure(io_error("share a worker", options_.name, errno));
    }
    std::vector<Fd> theirs;
    theirs.emplace_back(::fcntl(region->fd().get(), F_DUPFD_CLOEXEC, 0));
    theirs.emplace_back(ends[1]);
    if (!theirs.front() ||
        !tell({channel::Notice::Kind::channel_added, *number}, std::move(theirs))) {
        return failure(io_error("share a worker", options_.name, errno));
    }
    return shared;
}

void Worker::cut_client(std::uint32_t number) noexcept {
    tell({channel::Notice::Kind::channel_removed, number});
}

// Its number is another's after the worker has heard that it is nobody's.
void Worker::end_client(std::uint32_t number) noexcept {
    cut_client(number);
    clients_.give_back(number);
}

Status Worker::note_facts(const Reply& started) {
    facts_ = channel::value_of<channel::Start::Answer>(started.words);
    const bool knows_its_size = facts_.pointer_size == 4 || facts_.pointer_size == 8;
    if (!knows_its_size || facts_.channel >= channel::CallbackToken::most_channels) {
        return failure(rule_breaker(options_.name));
    }
    callbacks_.use_channel(static_cast<std::uint32_t>(facts_.channel),
                           static_cast<unsigned>(facts_.pointer_size));
    return {};
}

Status Worker::confine() {
    const auto reply = call(channel::What::start, {}, {}, options_.start_timeout);
    if (!reply) return failure(reply.error());
    if (Status known = note_facts(*reply); !known) return known;
    const auto report = sandbox::read_report(std::as_bytes(std::span(reply->text)));
    if (!report) return failure(report.error());
    report_ = *report;
    return sandbox::status_of(report_);
}

void Worker::leave() noexcept {
    if (--users_ > 0 || options_.shared) return;
    end_for([&] {
        return Error{.code = ErrorCode::broken,
                     .driver = options_.name,
                     .cause = "its worker was ended with its last driver"};
    });
}

void Worker::tell_closed(std::uint64_t name) noexcept {
    tell({channel::Notice::Kind::instance_closed, static_cast<std::uint32_t>(name)});
}

bool Worker::tell(const channel::Notice& notice, std::vector<Fd> descriptors) noexcept {
    switch (notices_.send(child_->control(), notice, std::move(descriptors))) {
        case NoticeQueue::Outcome::sent: return true;
        case NoticeQueue::Outcome::kept: Monitor::instance().await_room(child_); return true;
        case NoticeQueue::Outcome::full: end_for([&] { return deaf(options_.name); }); return true;
        case NoticeQueue::Outcome::gone: break;
    }
    return false;
}

template <class Why>
void Worker::end_for(const Why& why) noexcept {
    kill(core::or_no_memory([&]() -> Error { return why(); }));
}

void Worker::kill(Error reason) noexcept {
    finish_output();
    become_dead(std::move(reason));
    Monitor::instance().kill(child_);
}

// What it printed last is lost where there is no memory.
void Worker::finish_output() noexcept {
    try {
        output_.finish(child_->output());
    } catch (const std::bad_alloc&) {
    }
}

Error Worker::late() {
    output_.pass_on(child_->output());
    return {.code = ErrorCode::timed_out,
            .driver = options_.name,
            .cause = "it did not answer in time, so its worker was ended",
            .crash = std::make_shared<const CrashReport>(
                CrashReport{.messages = history_.lines(), .output = output_.last_lines()})};
}

// The first reason counts. Threads that wait are woken once the process is dead.
void Worker::become_dead(Error reason) noexcept {
    const std::lock_guard lock(death_mutex_);
    if (death_) return;
    death_ = std::move(reason);
    dead_.store(true, std::memory_order_seq_cst);
}

Error Worker::death() const {
    const std::lock_guard lock(death_mutex_);
    return death_.value_or(Error{});
}

bool Worker::has_room() noexcept {
    return notices_.flush(child_->control()) == NoticeQueue::Outcome::kept;
}

void Worker::does_not_read() noexcept {
    end_for([&] { return deaf(options_.name); });
}

OutputState Worker::printed() noexcept {
    try {
        return output_.pass_on(child_->output());
    } catch (const std::bad_alloc&) {
        return OutputState::open;  // what was read is lost
    }
}

void Worker::unwatched(int error) noexcept {
    become_dead(core::or_no_memory([&]() -> Error { return not_watched(options_.name, error); }));
}

void Worker::died(const siginfo_t& how) noexcept {
    finish_output();
    for (std::size_t i = 0; i < channel::lane_count; ++i)
        lanes_[i].listener.note_last_ring(region_.lane(i).to_supervisor.bell);
    become_dead(core::or_no_memory([&]() -> Error {
        return options_.shared ? ended_elsewhere(options_.name) : explain(death_of(how));
    }));
    if (users_ > 0) requests_->died(*this);
    for (std::size_t i = 0; i < channel::lane_count; ++i) {
        channel::ring_for_dead(region_.lane(i).to_supervisor.bell, lanes_[i].listener);
    }
}

Death Worker::death_of(const siginfo_t& how) {
    Death death{.driver = options_.name,
                .how = how,
                .record = std::nullopt,
                .architecture = options_.architecture,
                .messages = history_.lines(),
                .output = output_.last_lines()};
    if (region_.header().crashed.load() == 2) {
        std::memcpy(&death.record.emplace(), region_.crash().bytes.data(),
                    sizeof(channel::CrashRecord));
    }
    return death;
}

// ---- lanes --------------------------------------------------------------------------------------

// Whom the calling thread calls for.
LaneUser Worker::user_of_lane() noexcept {
    if (EndingScope::is_on()) return LaneUser::end;
    return current_client().is_driver() ? LaneUser::driver : LaneUser::program;
}

Result<LaneClaims::Claim> Worker::take_lane() {
    const auto claim = claims_.take(user_of_lane());
    if (!claim) {
        return failure(Error{.code = ErrorCode::busy,
                             .driver = options_.name,
                             .cause = "too many threads are inside of this driver at a time"});
    }
    const std::lock_guard lock(lanes_mutex_);
    if (!std::exchange(lanes_[claim->lane].opened, true)) {
        tell({channel::Notice::Kind::lane_opened, static_cast<std::uint32_t>(claim->lane)});
    }
    return *claim;
}

Result<Worker::Passage> Worker::enter_lane() {
    auto& mine = thread_lanes();
    if (const auto* const claim = mine.find(number_)) {
        const auto begun = claims_.begin(*claim);
        if (begun != LaneClaims::Begun::lost) {
            return Passage(claims_, *claim, begun == LaneClaims::Begun::yes);
        }
    }
    const auto claim = take_lane();
    if (!claim) return failure(claim.error());
    Passage passage(claims_, *claim, true);
    mine.add(number_, shared_from_this(), *claim);
    return passage;
}

// The lane is as before it was opened, and this thread takes another, or this one anew.
void Worker::leave_unserved(std::size_t lane) {
    thread_lanes().forget(number_);
    const std::lock_guard lock(lanes_mutex_);
    region_.lane(lane).to_worker.bell.rung.store(0);
    lanes_[lane].opened = false;
}

void Worker::leave_lane(const LaneClaims::Claim& claim) noexcept { claims_.give_back(claim); }

// ---- calls --------------------------------------------------------------------------------------

Result<Worker::Reply> Worker::call(channel::What what, const channel::Words& words,
                                   std::string_view text, std::chrono::milliseconds timeout) {
    if (is_dead()) return failure(death());
    const auto passage = enter_lane();
    if (!passage) return failure(passage.error());
    const auto lane = passage->lane();
    auto& shared = region_.lane(lane);
    channel::send(shared.to_worker, channel::Turn::call, what, words, text);
    channel::ring(shared.to_worker.bell);
    return converse(lane, what, timeout);
}

Result<Worker::Reply> Worker::converse(std::size_t lane, channel::What what,
                                       std::chrono::milliseconds timeout) {
    auto& bell = region_.lane(lane).to_supervisor.bell;
    auto& listener = lanes_[lane].listener;
    channel::Deadline deadline(timeout, most_extensions * timeout,
                               OnBehalfScope::latest_of_this_thread());
    for (bool first = true;; first = false) {
        // What was answered is answered, though the worker has died before anybody looked.
        const auto heard = listener.heard();
        const auto is_lost = [&] { return is_dead() && !listener.rang_before_its_end(heard); };
        if (is_lost()) return failure(death());
        const bool late_already = !first && deadline.has_passed();
        if (late_already || !listener.wait(bell, deadline)) {
            kill(late());
            return failure(death());
        }
        if (is_lost()) return failure(death());
        auto received = take_message(lane);
        if (!received) continue;
        if (is_dead() && received->turn != channel::Turn::answer) return failure(death());
        if (received->turn == channel::Turn::request) {
            // The time that the client's side of the matter takes is not the driver's.
            const auto asked = Clock::now();
            const OnBehalfScope scope(deadline.latest());
            reply_to(*received, lane);
            deadline.extend(Clock::now() - asked);
        } else if (received->turn == channel::Turn::answer && received->what == channel::failed) {
            return failure(channel::error_of(*received));
        } else if (received->turn == channel::Turn::answer && received->what == what) {
            return Reply{received->words, std::move(received->text)};
        } else if (received->turn == channel::Turn::answer && received->what == channel::unserved &&
                   options_.shared) {
            leave_unserved(lane);
            return failure(channel::error_of(*received));
        } else {
            kill(rule_breaker(options_.name));
        }
    }
}

ChannelMemory::MapMore Worker::map_more_of(bool shared) {
    if (!shared) return nullptr;
    return [this](std::uint64_t offset, std::uint64_t size) {
        return call(channel::MapMemory{.offset = offset, .size = size}, options_.start_timeout)
            .map([](const channel::MapMemory::Answer& answer) { return answer.base; });
    };
}

messages::RegionMemory Worker::drivers_memory() const noexcept {
    const auto here = region_.worker_arena();
    const auto offset = static_cast<std::uint64_t>(here.data() - region_.base());
    return {here, options_.shared ? channel::client_worker_arena : facts_.base + offset};
}

std::optional<channel::Received> Worker::take_message(std::size_t lane) {
    auto received = channel::receive(region_.lane(lane).to_supervisor);
    auto& state = lanes_[lane];
    if (std::exchange(state.sequence, received.sequence) != received.sequence) return received;
    if (++state.rings_for_nothing > most_rings_for_nothing) kill(rule_breaker(options_.name));
    return std::nullopt;
}

void Worker::reply_to(const channel::Received& request, std::size_t lane) {
    auto& out = region_.lane(lane).to_worker;
    try {
        requests_->handle(*this, request, out);
    } catch (const std::bad_alloc&) {
        const auto code = static_cast<std::uint64_t>(ErrorCode::out_of_memory);
        channel::send(out, channel::Turn::reply, channel::failed, {code});
    }
    channel::ring(out.bell);
}

// ---- drivers' own threads -----------------------------------------------------------------------

// True: the notice of one of the worker's lanes, which has been announced now, for the first time.
bool Worker::announces_lane(const channel::Notice& notice) {
    const bool is_a_workers = notice.kind == channel::Notice::Kind::lane_used &&
                              notice.subject >= channel::first_worker_lane &&
                              notice.subject < channel::lane_count;
    const std::lock_guard lock(lanes_mutex_);
    return is_a_workers && !std::exchange(lanes_[notice.subject].opened, true);
}

void Worker::noticed(const channel::Notice& notice) noexcept {
    if (!announces_lane(notice)) return end_for([&] { return rule_breaker(options_.name); });
    const auto attending = core::or_no_memory([&]() -> Status {
        return start_detached(
            "instdrv-attend", 0,
            [self = shared_from_this(), lane = notice.subject] { self->attend(lane); });
    });
    if (!attending) end_for([&] { return without_a_thread(options_.name, attending.error()); });
}

void Worker::attend(std::size_t lane) {
    claims_.keep(lane);
    const auto served = core::or_no_memory([&]() -> Status {
        thread_lanes().add(number_, shared_from_this(), {.lane = lane, .generation = 0});
        serve_requests(lane);
        return {};
    });
    if (!served) kill(core::no_memory());
}

void Worker::serve_requests(std::size_t lane) {
    auto& bell = region_.lane(lane).to_supervisor.bell;
    while (!is_dead()) {
        lanes_[lane].listener.wait(bell);
        if (is_dead()) return;
        const auto received = take_message(lane);
        if (!received) continue;
        if (received->turn == channel::Turn::request) {
            pace(1);
            reply_to(*received, lane);
        } else {
            kill(rule_breaker(options_.name));
        }
    }
}

void Worker::pace(std::uint32_t cost) noexcept {
    // There are only so many lanes that somebody waits on.
    constexpr auto longest = std::chrono::milliseconds(100);
    rate_.wait(cost, longest);
}

}  // namespace instdrv::supervisor
