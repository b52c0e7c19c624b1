#include "service/write_behind.hpp"

#include <condition_variable>
#include <mutex>
#include <span>
#include <utility>

#include "base/fd.hpp"

namespace instdrv::service {

struct WriteBehind::State {
    State(std::filesystem::path to, Complaint to_say)
        : file(std::move(to)), complain(std::move(to_say)) {}

    const std::filesystem::path file;
    const Complaint complain;
    std::mutex mutex;
    std::condition_variable changed;
    std::string text;
    Version wanted = 0;   // of `text`
    Version written = 0;  // on the disk
    bool queued = false;  // the writer will look for a newer text
    bool failed = false;

    void write_newest() {
        std::unique_lock lock(mutex);
        queued = false;
        if (failed) return;
        const auto version = wanted;
        const auto content = text;
        lock.unlock();
        const auto status = write_file_atomically(file, std::as_bytes(std::span(content)));
        lock.lock();
        written = version;
        failed = !status;
        changed.notify_all();
        lock.unlock();
        if (!status) complain(status.error());
    }
};

Result<std::unique_ptr<WriteBehind>> WriteBehind::start(std::filesystem::path file,
                                                        Complaint complain) {
    auto writer = WorkThread::start(file.filename().string(), 0);
    if (!writer) return failure(std::move(writer).error());
    return std::unique_ptr<WriteBehind>(new WriteBehind(
        std::make_shared<State>(std::move(file), std::move(complain)), *std::move(writer)));
}

WriteBehind::Version WriteBehind::set(std::string text) {
    const std::lock_guard lock(state_->mutex);
    state_->text = std::move(text);
    ++state_->wanted;
    if (!std::exchange(state_->queued, true)) {
        writer_->post([state = state_] { state->write_newest(); });
    }
    return state_->wanted;
}

void WriteBehind::wait_for(Version version) {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [&] { return state_->failed || state_->written >= version; });
}

}  // namespace instdrv::service
