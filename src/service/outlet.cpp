#include "service/outlet.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fmt/format.h>
#include <systemd/sd-journal.h>

#include "base/fd.hpp"

namespace instdrv::service {
namespace {

// Bytes that may wait to be written.
constexpr std::size_t most_notes = std::size_t{256} << 10;
constexpr std::size_t most_product = std::size_t{64} << 20;

std::size_t lines_of(std::string_view text) {
    const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return std::max<std::size_t>(ends, 1);
}

// Somebody may have made the descriptor a non-blocking one.
int write_text(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto put = ::write(fd, text.data(), text.size());
        if (put >= 0) {
            text.remove_prefix(static_cast<std::size_t>(put));
        } else if (errno == EAGAIN) {
            pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
            static_cast<void>(poll(&room, 1, -1));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

int send_to_journal(const std::vector<std::string>& fields) {
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (const auto& field : fields)
        parts.push_back({const_cast<char*>(field.data()), field.size()});
    const int result = sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
    return std::max(-result, 0);
}

}  // namespace

struct Outlet::Item {
    std::string text;
    std::vector<std::string> fields;  // not empty: for the journal
    std::size_t left_out_before = 0;  // lines, since the last item that was taken

    [[nodiscard]] std::size_t size() const {
        auto bytes = text.size();
        for (const auto& field : fields)
            bytes += field.size();
        return bytes;
    }
    [[nodiscard]] std::size_t lines() const {
        return text.empty() && fields.empty() ? 0 : lines_of(text);
    }
};

struct Outlet::State {
    State(Fd to, Carries what) : fd(std::move(to)), carries(what) {}

    const Fd fd;
    const Carries carries;
    std::size_t unsaid = 0;  // lines that could not be written and of which no line says so yet:
                             // the writer's alone
    std::mutex mutex;
    std::size_t waiting = 0;   // bytes
    std::size_t left_out = 0;  // lines there was no room for since the last item that was taken
    int error = 0;             // of the first that was left out; ENOBUFS: there was no room

    [[nodiscard]] int write(const Item& item) const {
        return item.fields.empty() ? write_text(fd.get(), item.text) : send_to_journal(item.fields);
    }

    void write_or_count(const Item& item) {
        unsaid += item.left_out_before;
        int failed = 0;
        if (carries == Carries::notes && unsaid > 0) {
            failed = write_text(fd.get(), fmt::format("instdrv: {} lines left out\n", unsaid));
            if (failed == 0) unsaid = 0;
        }
        if (failed == 0) failed = write(item);
        if (failed != 0) unsaid += item.lines();
        const std::lock_guard lock(mutex);
        waiting -= item.size();
        if (error == 0) error = failed;
    }
};

namespace {

ssize_t write_to_outlet(void* outlet, const char* text, std::size_t size) noexcept try {
    static_cast<Outlet*>(outlet)->put({text, size});
    return static_cast<ssize_t>(size);
} catch (const std::bad_alloc&) {
    return static_cast<ssize_t>(size);
}

}  // namespace

Outlet::Outlet(std::shared_ptr<State> state, std::shared_ptr<WorkThread> writer)
    : state_(std::move(state)), writer_(std::move(writer)) {}

Outlet::~Outlet() = default;

Result<std::unique_ptr<Outlet>> Outlet::open(int fd, Carries carries) {
    Fd own(fcntl(fd, F_DUPFD_CLOEXEC, 3));  // none: every write fails, as it should
    auto writer = WorkThread::start(carries == Carries::notes ? "notes" : "output", 0);
    if (!writer) return failure(std::move(writer).error());
    std::unique_ptr<Outlet> outlet(
        new Outlet(std::make_shared<State>(std::move(own), carries), *std::move(writer)));
    outlet->stream_.reset(fopencookie(
        outlet.get(), "w",
        {.read = nullptr, .write = write_to_outlet, .seek = nullptr, .close = nullptr}));
    if (!outlet->stream_) return failure(io_error("make a stream", {}, errno));
    std::setvbuf(outlet->stream(), nullptr, _IONBF, 0);
    return outlet;
}

bool Outlet::is_journal() const {
    const char* const stream = std::getenv("JOURNAL_STREAM");  // systemd.exec(5)
    struct stat seen {};
    if (stream == nullptr || fstat(state_->fd.get(), &seen) != 0) return false;
    return std::string_view(stream) == fmt::format("{}:{}", seen.st_dev, seen.st_ino);
}

void Outlet::put(std::string text) { enqueue({.text = std::move(text), .fields = {}}); }

void Outlet::put_entry(std::vector<std::string> fields) {
    enqueue({.text = {}, .fields = std::move(fields)});
}

void Outlet::enqueue(Item item) {
    const auto size = item.size();
    const auto most = state_->carries == Carries::notes ? most_notes : most_product;
    const std::lock_guard lock(state_->mutex);
    if (size > most - state_->waiting) {
        state_->left_out += item.lines();
        if (state_->error == 0) state_->error = ENOBUFS;
        return;
    }
    state_->waiting += size;
    item.left_out_before = std::exchange(state_->left_out, 0);
    writer_->post([state = state_, item = std::move(item)] { state->write_or_count(item); });
}

bool Outlet::finish(Clock::time_point until) {
    put({});  // says what was left out last
    return writer_->wait(until);
}

Status Outlet::outcome() const {
    const std::lock_guard lock(state_->mutex);
    if (state_->error == 0 && state_->waiting == 0) return {};
    auto error = io_error("write the output", {}, state_->error);
    if (state_->error == 0) error.cause = "it was not taken in time";
    if (state_->error == ENOBUFS) error.cause = "it was taken too slowly";
    return failure(std::move(error));
}

}  // namespace instdrv::service
