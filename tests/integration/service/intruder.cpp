// A client of a session that keeps to no rule: it shares DRIVER, opens an instance of its own, and
// calls the worker past the library: every instance that there may be, with messages of programs,
// and its own with those that only the system sends. Prints how many of those calls the driver got,
// and how many of its honest ones.
//
//     intruder DRIVER
//     reached 0 honest 1
#include <chrono>
#include <cstdio>
#include <memory>

#include "channel/protocol.hpp"
#include "client/remote_session.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker.hpp"

namespace {

using namespace instdrv;

int fail(const Error& error) {
    std::printf("%s\n", error.text().c_str());
    return 1;
}

class Intruder {
public:
    explicit Intruder(supervisor::Worker& worker) noexcept : worker_(worker) {}

    // Whether the driver got it.
    bool call(std::uint64_t name, std::uint64_t message) {
        const channel::CallDriver call{.module = 0,
                                       .driver_id = 0,
                                       .hdrvr = name,
                                       .message = message,
                                       .lparam1 = 0,
                                       .lparam2 = 7};
        return worker_.call(call, std::chrono::seconds(10)).has_value();
    }

private:
    supervisor::Worker& worker_;
};

int intrude(const char* driver) {
    auto session = client::RemoteSession::connect();
    if (!session) return fail(session.error());
    auto share = (*session)->share(driver, {});
    if (!share) return fail(share.error());
    auto requests = std::make_shared<supervisor::Requests>(
        [](const core::Asker&) -> std::shared_ptr<core::DriverSystem> { return nullptr; });
    auto worker = supervisor::Worker::join({.name = driver, .program = {}, .confinement = {}},
                                           std::move(requests), std::move(share->channel));
    if (!worker) return fail(worker.error());
    const auto own = (*session)->open(share->number, 0, 0);
    if (!own) return fail(own.error());
    Intruder intruder(**worker);
    int reached = 0;
    for (std::uint64_t name = 0; name < 0x2000; name += 4) {
        if (name != own->name && intruder.call(name, DRV_USER + 2)) ++reached;
    }
    for (const std::uint64_t message : {DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_CLOSE, DRV_DISABLE,
                                        DRV_FREE, DRV_EXITSESSION, DRV_EXITAPPLICATION}) {
        for (const std::uint64_t upper : {std::uint64_t{0}, std::uint64_t{1} << 32}) {
            if (intruder.call(own->name, upper | message)) ++reached;
        }
    }
    const int honest = intruder.call(own->name, DRV_USER + 2) ? 1 : 0;
    std::printf("reached %d honest %d\n", reached, honest);
    return 0;
}

}  // namespace

int main(int argc, char** argv) { return argc == 2 ? intrude(argv[1]) : 2; }
