#include "supervisor/worker.hpp"

#include <instdrv/crash.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "channel/control.hpp"
#include "core/no_memory.hpp"
#include "supervisor/death.hpp"

namespace instdrv::supervisor {
namespace {

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

Error deaf(const std::string& driver) {
    return {.code = ErrorCode::timed_out,
            .operation = "talk to",
            .driver = driver,
            .cause = "its worker did not read what it was told, and was ended"};
}

}  // namespace

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
        lanes_.emplace_back(channel::spin_limit_of_machine());
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

Status Worker::note_facts(const Reply& started) {
    facts_ = channel::value_of<channel::Start::Answer>(started.words);
    const bool knows_its_size = facts_.pointer_size == 4 || facts_.pointer_size == 8;
    if (!knows_its_size || facts_.channel >= channel::CallbackToken::most_channels) {
        return failure(rule_breaker());
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

Error Worker::rule_breaker() const {
    return {.code = ErrorCode::broken,
            .operation = "talk to",
            .driver = options_.name,
            .cause = "its worker broke the rules of the channel and was ended"};
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

}  // namespace instdrv::supervisor
