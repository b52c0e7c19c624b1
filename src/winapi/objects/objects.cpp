#include "winapi/objects/objects.hpp"

#include <map>

#include <sys/eventfd.h>
#include <unistd.h>

namespace instdrv::winapi {

std::shared_ptr<Mutex> Mutex::create(bool initially_owned) {
    auto free = Event::create(false, !initially_owned);
    if (!free) return nullptr;
    std::shared_ptr<Mutex> mutex(new Mutex(std::move(free)));
    if (initially_owned) {
        mutex->owner_ = ::gettid();
        mutex->depth_ = 1;
    }
    return mutex;
}

bool Mutex::is_mine() const noexcept { return owner_ == ::gettid(); }

bool Mutex::acquire() noexcept {
    if (!is_mine() && !free_->acquire()) return false;
    owner_ = ::gettid();
    ++depth_;
    return true;
}

bool Mutex::release() noexcept {
    if (!is_mine()) return false;
    if (--depth_ == 0) {
        owner_ = 0;
        free_->set();
    }
    return true;
}

std::shared_ptr<Semaphore> Semaphore::create(LONG count, LONG limit) {
    if (count < 0 || limit <= 0 || count > limit) return nullptr;
    Fd fd(::eventfd(static_cast<unsigned>(count), EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE));
    if (!fd) return nullptr;
    return std::shared_ptr<Semaphore>(new Semaphore(std::move(fd), count, limit));
}

bool Semaphore::acquire() noexcept {
    const std::lock_guard lock(mutex_);
    std::uint64_t one = 0;
    if (::read(fd_.get(), &one, sizeof one) != sizeof one) return false;
    --count_;
    return true;
}

bool Semaphore::release(LONG count, LONG* previous) noexcept {
    const std::lock_guard lock(mutex_);
    if (count <= 0 || count > limit_ - count_) return false;
    const auto more = static_cast<std::uint64_t>(count);
    if (::write(fd_.get(), &more, sizeof more) != sizeof more) return false;
    if (previous != nullptr) *previous = count_;
    count_ += count;
    return true;
}

std::shared_ptr<ThreadObject> ThreadObject::create() {
    auto thread = std::make_shared<ThreadObject>();
    thread->started = Event::create(true, false);
    thread->resumed = Event::create(true, false);
    thread->ended_ = Event::create(true, false);
    return thread->started && thread->resumed && thread->ended_ ? thread : nullptr;
}

namespace {

struct Names {
    std::mutex mutex;
    std::map<std::u16string, std::weak_ptr<KernelObject>, std::less<>> objects;
};

Names& names() {
    static auto* const table = new Names;  // threads of drivers may outlive everything else
    return *table;
}

}  // namespace

NamedObject find_or_make(std::u16string_view name,
                         const std::function<std::shared_ptr<KernelObject>()>& make) {
    Names& table = names();
    const std::lock_guard lock(table.mutex);
    std::erase_if(table.objects, [](const auto& entry) { return entry.second.expired(); });
    if (const auto found = table.objects.find(name); found != table.objects.end()) {
        if (auto object = found->second.lock()) return {std::move(object), true};
    }
    auto object = make();
    if (object) table.objects.insert_or_assign(std::u16string(name), object);
    return {std::move(object), false};
}

std::shared_ptr<KernelObject> find_named(std::u16string_view name) {
    Names& table = names();
    const std::lock_guard lock(table.mutex);
    const auto found = table.objects.find(name);
    return found == table.objects.end() ? nullptr : found->second.lock();
}

}  // namespace instdrv::winapi
