#include "winapi/threads/thread.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>

#include <unistd.h>

#include "base/thread.hpp"
#include "winapi/threads/driver_context.hpp"

namespace instdrv::winapi {

namespace {

using FirstEntry = Thread& (*)();
constinit FirstEntry first_entry = nullptr;

}  // namespace

namespace detail {

constinit thread_local Thread* this_thread = nullptr;
constinit thread_local const DriverContext* context = nullptr;

Thread& enter_first_time() { return first_entry(); }

}  // namespace detail

void use_first_entry(Thread& (*enter)()) noexcept { first_entry = enter; }

Thread::Thread(Peb& peb)
    : teb_(std::make_unique<Teb>()), expansion_slots_(teb_tls_expansion_slots) {
    teb_->TlsExpansionSlots = expansion_slots_.data();
    teb_->Self = teb_.get();
    teb_->ProcessEnvironmentBlock = &peb;
    teb_->UniqueProcess = static_cast<DWORD_PTR>(::getpid());
    teb_->UniqueThread = static_cast<DWORD_PTR>(::gettid());
#if defined(__i386__)
    teb_->ExceptionList = reinterpret_cast<void*>(-1);  // the end of the chain of handlers
#endif
    find_stack();
    grow_tls_array(1);
}

Thread::~Thread() = default;

void Thread::FreeAligned::operator()(void* block) const noexcept { std::free(block); }

void Thread::find_stack() {
    const StackBounds stack = find_stack_bounds();
    teb_->StackLimit = reinterpret_cast<void*>(stack.lowest);
    teb_->DeallocationStack = teb_->StackLimit;
    teb_->StackBase = reinterpret_cast<void*>(stack.highest);
}

void Thread::grow_tls_array(std::size_t needed) {
    if (needed <= tls_capacity_) return;
    const std::size_t capacity = std::max<std::size_t>({64, needed, 2 * tls_capacity_});
    auto array = std::make_unique<void*[]>(capacity);
    std::copy_n(teb_->ThreadLocalStoragePointer, tls_capacity_, array.get());
    // The thread may be reading the old array, so that one stays as long as the thread.
    __atomic_store_n(&teb_->ThreadLocalStoragePointer, array.get(), __ATOMIC_RELEASE);
    tls_arrays_.push_back(std::move(array));
    tls_capacity_ = capacity;
}

void Thread::give_tls(std::uint32_t index, const pe::TlsTemplate& tls) {
    const std::size_t alignment = std::max<std::size_t>(tls.alignment, 16);
    const std::size_t size = std::max<std::size_t>(tls.initial.size() + tls.zero_fill, 1);
    Block block(std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment));
    if (!block) std::abort();
    auto* bytes = static_cast<std::byte*>(block.get());
    std::copy(tls.initial.begin(), tls.initial.end(), bytes);
    std::fill(bytes + tls.initial.size(), bytes + size, std::byte{0});

    grow_tls_array(index + 1);
    if (tls_blocks_.size() <= index) tls_blocks_.resize(index + 1);
    teb_->ThreadLocalStoragePointer[index] = block.get();
    tls_blocks_[index] = std::move(block);
}

void Thread::take_tls(std::uint32_t index) {
    if (index >= tls_blocks_.size()) return;
    teb_->ThreadLocalStoragePointer[index] = nullptr;
    tls_blocks_[index].reset();
}

class ThreadList::Impl {
public:
    std::mutex mutex;
    std::vector<std::unique_ptr<Thread>> threads;
    std::vector<std::optional<pe::TlsTemplate>> templates;  // by TLS index
};

ThreadList::ThreadList() : impl_(std::make_unique<Impl>()) {}
ThreadList::~ThreadList() = default;

Thread& ThreadList::add(Peb& peb) {
    auto thread = std::make_unique<Thread>(peb);
    const std::lock_guard lock(impl_->mutex);
    for (std::uint32_t index = 0; index < impl_->templates.size(); ++index) {
        if (impl_->templates[index]) thread->give_tls(index, *impl_->templates[index]);
    }
    impl_->threads.push_back(std::move(thread));
    return *impl_->threads.back();
}

void ThreadList::remove(Thread& thread) {
    const std::lock_guard lock(impl_->mutex);
    std::erase_if(impl_->threads, [&](const auto& other) { return other.get() == &thread; });
}

std::uint32_t ThreadList::add_tls(const pe::TlsTemplate& tls) {
    const std::lock_guard lock(impl_->mutex);
    auto& templates = impl_->templates;
    const auto unused = std::find(templates.begin(), templates.end(), std::nullopt);
    const auto index = static_cast<std::uint32_t>(unused - templates.begin());
    if (unused == templates.end()) templates.emplace_back();
    templates[index] = tls;
    for (const auto& thread : impl_->threads)
        thread->give_tls(index, tls);
    return index;
}

void ThreadList::remove_tls(std::uint32_t index) {
    const std::lock_guard lock(impl_->mutex);
    impl_->templates.at(index).reset();
    for (const auto& thread : impl_->threads)
        thread->take_tls(index);
}

void ThreadList::clear_slot(std::uint32_t index) {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& thread : impl_->threads) {
        Teb& teb = thread->teb();
        if (index < teb_tls_slots) {
            teb.TlsSlots[index] = nullptr;
        } else {
            teb.TlsExpansionSlots[index - teb_tls_slots] = nullptr;
        }
    }
}

ThreadList& thread_list() {
    static auto* const list = new ThreadList;  // outlives every thread
    return *list;
}

}  // namespace instdrv::winapi
