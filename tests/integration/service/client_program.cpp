// A client of a session, told what to do on standard input, a line each, and answering with a line
// each: "ok VALUE" or "error CODE: TEXT".
//
//     open NAME                       VALUE: its index here
//     send INDEX MESSAGE L1 L2
//     send_within MS INDEX MESSAGE L1 L2
//     call_back INDEX MESSAGE         sends it a callback; VALUE: how often that was called, with
//                                     what it ought to be, within 10 s
//     expose INDEX                    VALUE: what stands for that callback with the driver
//     linger INDEX MESSAGE            the same, with a callback that does not return before it
//     finds
//                                     the driver out of reach
//     called                          VALUE: how often it was called since `call_back`
//     convert NAME                    converts a sound with an ACM driver; VALUE: a checksum
//     storm INDEX                     sends without pause for as long as the process lives
//     close INDEX
//     exit_session
//     leave                           ends the Host
//
// With the argument `local` the Host is of this process.
#include <instdrv/connect.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "codec/acm_driver.hpp"

namespace {

using namespace instdrv;
using Answer = Result<std::int64_t>;

std::atomic<int> called{0};

void CALLBACK on_callback(HDRVR, UINT, DWORD_PTR user, DWORD_PTR first, DWORD_PTR) {
    if (user == 0x1234 && (first == 11 || first == 21)) ++called;
}

const Driver* lingered_in = nullptr;

void CALLBACK linger_in_callback(HDRVR, UINT, DWORD_PTR, DWORD_PTR, DWORD_PTR) {
    while (lingered_in->send(DRV_USER + 1, 0, 0))
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

class Client {
public:
    explicit Client(std::unique_ptr<Host> host) : host_(std::move(host)) {}

    Answer obey(std::istream& words) {
        std::string what;
        words >> what;
        const auto found = commands_.find(what);
        if (found != commands_.end()) return found->second(words);
        return failure({.code = ErrorCode::invalid_argument, .cause = "unknown: " + what});
    }

private:
    Answer open(std::istream& words) {
        std::string name;
        words >> name;
        auto driver = host_->open(name);
        if (!driver) return failure(driver.error());
        drivers_.push_back(*std::move(driver));
        return static_cast<std::int64_t>(drivers_.size() - 1);
    }

    Answer load(std::istream& words) {
        std::string name;
        words >> name;
        const auto loaded = host_->load(name);
        if (!loaded) return failure(loaded.error());
        return 0;
    }

    Answer send(std::istream& words) {
        std::size_t index = 0;
        UINT message = 0;
        LPARAM first = 0;
        LPARAM second = 0;
        words >> index >> message >> first >> second;
        return drivers_.at(index).send(message, first, second);
    }

    Answer send_within(std::istream& words) {
        int deadline = 0;
        std::size_t index = 0;
        UINT message = 0;
        LPARAM first = 0;
        LPARAM second = 0;
        words >> deadline >> index >> message >> first >> second;
        return drivers_.at(index).send_within(std::chrono::milliseconds(deadline), message, first,
                                              second);
    }

    Answer call_back(std::istream& words) {
        std::size_t index = 0;
        UINT message = 0;
        words >> index >> message;
        const auto& driver = drivers_.at(index);
        called = 0;
        const auto callback = expose(driver);
        if (!callback) return failure(callback.error());
        const auto sent = driver.send(message, static_cast<LPARAM>(*callback), 0x1234);
        if (!sent) return failure(sent.error());
        for (int i = 0; i < 1000 && called == 0; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return called.load();
    }

    Answer linger(std::istream& words) {
        std::size_t index = 0;
        UINT message = 0;
        words >> index >> message;
        lingered_in = &drivers_.at(index);
        const auto callback = expose(*lingered_in, linger_in_callback);
        if (!callback) return failure(callback.error());
        return lingered_in->send(message, static_cast<LPARAM>(*callback), 0);
    }

    static Answer expose(const Driver& driver, DRVCALLBACK callback = on_callback) {
        return driver.expose(CALLBACK_FUNCTION, reinterpret_cast<DWORD_PTR>(callback))
            .map([](DWORD_PTR token) { return static_cast<std::int64_t>(token); });
    }
    Answer expose(std::istream& words) {
        std::size_t index = 0;
        words >> index;
        return expose(drivers_.at(index));
    }

    Answer convert(std::istream& words) {
        std::string name;
        words >> name;
        auto driver = codec::AcmDriver::open(*host_, name);
        if (!driver) return failure(driver.error());
        const auto details = driver->format_tags();
        if (!details) return failure(details.error());
        const auto coded = std::find_if(details->begin(), details->end(),
                                        [](const auto& tag) { return tag.tag != WAVE_FORMAT_PCM; });
        const auto plain = codec::WaveFormat::pcm(1, 8000, 16);
        const auto wanted = driver->choose(plain, {.tag = coded->tag});
        if (!wanted) return failure(wanted.error());
        auto stream = driver->open_stream(plain, *wanted);
        if (!stream) return failure(stream.error());
        const auto input = stream->input();
        for (std::size_t i = 0; i < input.size(); ++i)
            input[i] = static_cast<std::byte>(i * 31 >> 2);
        const auto converted = stream->convert(input.size(), ACM_STREAMCONVERTF_BLOCKALIGN);
        if (!converted) return failure(converted.error());
        std::uint32_t sum = 0;
        for (const std::byte byte : converted->output)
            sum = sum * 31 + static_cast<std::uint32_t>(byte);
        return sum;
    }

    Answer storm(std::istream& words) {
        std::size_t index = 0;
        words >> index;
        for (std::int64_t sent = 0;; ++sent) {
            const auto answer = drivers_.at(index).send(DRV_USER + 2, 0, 7);
            if (!answer) return failure(answer.error());
            if (*answer != 7) return *answer;
            if (sent == 0) std::cout << "ok storming" << std::endl;
        }
    }

    Answer close(std::istream& words) {
        std::size_t index = 0;
        words >> index;
        return drivers_.at(index).close();
    }

    Answer exit_session(std::istream&) {
        const auto report = host_->exit_session();
        if (!report) return failure(report.error());
        return 0;
    }

    Answer leave(std::istream&) {
        for (auto& driver : drivers_)
            driver.release();
        drivers_.clear();
        host_.reset();
        return 0;
    }

    std::unique_ptr<Host> host_;
    std::vector<Driver> drivers_;
    const std::map<std::string, std::function<Answer(std::istream&)>> commands_{
        {"open", [this](auto& words) { return open(words); }},
        {"load", [this](auto& words) { return load(words); }},
        {"send", [this](auto& words) { return send(words); }},
        {"send_within", [this](auto& words) { return send_within(words); }},
        {"call_back", [this](auto& words) { return call_back(words); }},
        {"linger", [this](auto& words) { return linger(words); }},
        {"expose", [this](auto& words) { return expose(words); }},
        {"called", [](auto&) { return Answer(called.load()); }},
        {"convert", [this](auto& words) { return convert(words); }},
        {"storm", [this](auto& words) { return storm(words); }},
        {"close", [this](auto& words) { return close(words); }},
        {"exit_session", [this](auto& words) { return exit_session(words); }},
        {"leave", [this](auto& words) { return leave(words); }}};
};

}  // namespace

int main(int argc, char** argv) {
    const bool local = argc > 1 && std::string_view(argv[1]) == "local";
    auto host = local ? Result<std::unique_ptr<Host>>(std::make_unique<Host>()) : connect();
    if (!host) {
        std::cout << "error " << name_of(host.error().code) << ": " << host.error().text()
                  << std::endl;
        return 1;
    }
    Client client(*std::move(host));
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        const auto answer = client.obey(words);
        if (answer) {
            std::cout << "ok " << *answer << std::endl;
        } else {
            std::cout << "error " << name_of(answer.error().code) << ": " << answer.error().text()
                      << std::endl;
        }
    }
    std::quick_exit(0);  // as a program that says nothing at its end
}
