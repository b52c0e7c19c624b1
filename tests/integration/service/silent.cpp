// A client of a session that keeps its driver waiting: it shares DRIVER (calls_back), sends it a
// message that the driver answers by calling back, and never returns from there by itself. Then it
// does as WAY says, and waits for the end of its standard input; only then the callback returns.
//
//     silent DRIVER stay      nothing
//     silent DRIVER close     asks the session to close the instance
//     silent DRIVER leave     tells the session that it ends
//     silent DRIVER vanish    leaves the bus without a word
//
//     called                  the driver waits
//     done VALUE              WAY is done; VALUE: what DRV_CLOSE was answered, or the error's code
//     returned CODE           what became of its call, once the callback has returned
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "channel/protocol.hpp"
#include "client/remote_session.hpp"
#include "supervisor/worker.hpp"

namespace {

using namespace instdrv;

void say(const char* what, const std::string& value) {
    std::printf("%s %s\n", what, value.c_str());
    std::fflush(stdout);
}

template <class Value>
std::string outcome(const Result<Value>& result) {
    return result ? "ok" : std::string(name_of(result.error().code));
}

// What the driver's callback meets.
class Silence final : public supervisor::RequestHandler {
public:
    void handle(supervisor::Worker&, const channel::Received& request,
                channel::Message& lane) override {
        called_.set_value();
        over_.get_future().wait();
        channel::send(lane, channel::Turn::reply, request.what,
                      channel::words_of(channel::DriverCallback::Answer{.delivered = 1}));
    }
    void wait_until_called() { called_.get_future().wait(); }
    void end() { over_.set_value(); }

private:
    std::promise<void> called_;
    std::promise<void> over_;
};

// Any secret will do: this side is asked whether it is right.
channel::CallDriver callback_message(const supervisor::Worker& worker, std::uint64_t instance) {
    const auto& facts = worker.facts();
    const auto token = channel::CallbackToken::make(static_cast<std::uint32_t>(facts.channel), 1,
                                                    static_cast<unsigned>(facts.pointer_size));
    return {.module = 0,
            .driver_id = 0,
            .hdrvr = instance,
            .message = DRV_USER,
            .lparam1 = token,
            .lparam2 = 0};
}

std::string carry_out(std::string_view way, std::shared_ptr<client::RemoteSession>& session,
                      std::uint64_t instance) {
    if (way == "close") return outcome(session->close(instance, 0, 0));
    if (way == "leave") session->leave();
    if (way == "vanish") session.reset();
    return "ok";
}

int fail(const Error& error) {
    say("failed", error.text());
    return 1;
}

int be_silent(const char* driver, std::string_view way) {
    auto session = client::RemoteSession::connect();
    if (!session) return fail(session.error());
    auto share = (*session)->share(driver, {});
    if (!share) return fail(share.error());
    const auto silence = std::make_shared<Silence>();
    auto worker = supervisor::Worker::join({.name = driver, .program = {}, .confinement = {}},
                                           silence, std::move(share->channel));
    if (!worker) return fail(worker.error());
    const auto own = (*session)->open(share->number, 0, 0);
    if (!own) return fail(own.error());
    std::thread caller([&] {
        const auto answer =
            (*worker)->call(callback_message(**worker, own->name), std::chrono::minutes(10));
        say("returned", outcome(answer));
    });
    silence->wait_until_called();
    say("called", "ok");
    say("done", carry_out(way, *session, own->id));
    while (std::getchar() != EOF) {
    }
    silence->end();
    caller.join();
    std::quick_exit(0);
}

}  // namespace

int main(int argc, char** argv) { return argc == 3 ? be_silent(argv[1], argv[2]) : 2; }
