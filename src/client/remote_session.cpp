#include "client/remote_session.hpp"

#include <utility>

#include <fcntl.h>

namespace instdrv::client {
namespace {

int nothing(sd_bus_message*) noexcept { return 0; }

// The message's descriptors are closed with it.
Fd kept(int descriptor) { return Fd(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

}  // namespace

void InstanceIds::opened(HDRVR hdrvr, std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    ids_[hdrvr] = id;
}

std::optional<std::uint64_t> InstanceIds::find(HDRVR hdrvr) const {
    const std::lock_guard lock(mutex_);
    const auto found = ids_.find(hdrvr);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> InstanceIds::closed(HDRVR hdrvr) {
    const std::lock_guard lock(mutex_);
    const auto left = ids_.extract(hdrvr);
    return left.empty() ? std::nullopt : std::optional(left.mapped());
}

Result<std::shared_ptr<RemoteSession>> RemoteSession::connect() {
    auto bus = BusCaller::connect();
    if (!bus) return failure(std::move(bus.error()));
    return std::shared_ptr<RemoteSession>(new RemoteSession(*std::move(bus)));
}

Result<RemoteSession::Share> RemoteSession::share(std::string_view name, std::string_view section) {
    const std::string name_text(name);
    const std::string section_text(section);
    Share share;
    Status done = bus_->call(
        "Share",
        [&](sd_bus_message* call) {
            return sd_bus_message_append(call, "ss", name_text.c_str(), section_text.c_str());
        },
        [&](sd_bus_message* reply) {
            const char* file = nullptr;
            const char* text = nullptr;
            int region = -1;
            int control = -1;
            int process = -1;
            int traced = 0;
            const int result = sd_bus_message_read(reply, "tsshhhb", &share.number, &file, &text,
                                                   &region, &control, &process, &traced);
            if (result < 0) return result;
            share.file = file;
            share.text = text;
            share.traced = traced != 0;
            share.channel = {kept(region), kept(control), kept(process)};
            return 0;
        });
    if (!done) return failure(std::move(done.error()));
    return share;
}

void RemoteSession::end_share(std::uint64_t share) {
    // Where it fails the session has ended, and the share with it.
    static_cast<void>(bus_->call(
        "EndShare", [&](sd_bus_message* call) { return sd_bus_message_append(call, "t", share); },
        nothing));
}

Result<RemoteSession::Instance> RemoteSession::open(std::uint64_t share, LPARAM lparam1,
                                                    LPARAM lparam2) {
    Instance instance;
    Status done = bus_->call(
        "OpenShared",
        [&](sd_bus_message* call) {
            return sd_bus_message_append(call, "txx", share, static_cast<std::int64_t>(lparam1),
                                         static_cast<std::int64_t>(lparam2));
        },
        [&](sd_bus_message* reply) {
            return sd_bus_message_read(reply, "ttt", &instance.id, &instance.name,
                                       &instance.driver_id);
        });
    if (!done) return failure(std::move(done.error()));
    return instance;
}

Result<LRESULT> RemoteSession::close(std::uint64_t id, LPARAM lparam1, LPARAM lparam2) {
    std::int64_t answer = 0;
    Status done = bus_->call(
        "CloseShared",
        [&](sd_bus_message* call) {
            return sd_bus_message_append(call, "txxb", id, static_cast<std::int64_t>(lparam1),
                                         static_cast<std::int64_t>(lparam2), 0);
        },
        [&](sd_bus_message* reply) { return sd_bus_message_read(reply, "x", &answer); });
    if (!done) return failure(std::move(done.error()));
    return static_cast<LRESULT>(answer);
}

void RemoteSession::drop(std::uint64_t id) {
    bus_->post("CloseShared", [id](sd_bus_message* call) {
        return sd_bus_message_append(call, "txxb", id, std::int64_t{0}, std::int64_t{0}, 1);
    });
}

void RemoteSession::trace(service::TracedCalls calls, std::function<void()> taken) {
    bus_->post(
        "TraceCalls",
        [calls = std::move(calls)](sd_bus_message* call) { return service::append(call, calls); },
        std::move(taken));
}

void RemoteSession::leave() { static_cast<void>(bus_->call("Leave", nothing, nothing)); }

}  // namespace instdrv::client
