#include "core/instance_table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/thread.hpp"
#include "base/tsan.hpp"
#include "core/loaded_module.hpp"
#include "core/no_memory.hpp"

namespace instdrv::core {
namespace {

constexpr bool wide_handles = sizeof(std::uintptr_t) == 8;
constexpr unsigned index_bits = wide_handles ? 24 : 14;
constexpr unsigned chunk_bits = 7;
constexpr std::uintptr_t index_mask = (std::uintptr_t{1} << index_bits) - 1;
constexpr std::uintptr_t generation_mask = (UINTPTR_MAX >> (index_bits + 1));
constexpr std::size_t chunk_size = std::size_t{1} << chunk_bits;

constinit std::array<std::atomic<Instance*>, (std::size_t{1} << (index_bits - chunk_bits))>
    chunks{};

// False until the kernel has accepted this process for expedited barriers.
constinit std::atomic<bool> kernel_barriers{false};
constinit thread_local CallRecord* current_record __attribute__((tls_model("initial-exec"))) =
    nullptr;
constinit std::atomic<void (*)()> leave_handler{nullptr};

// What only the slow paths touch.
struct System {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::unique_ptr<Instance[]>> owned_chunks;
    std::vector<std::size_t> free_entries;
    std::size_t used_entries = 1;    // entry 0 is never an instance: NULL leads there
    CallRecord* records = nullptr;   // the newest; each knows the one before
    std::vector<Instance*> leaving;  // closed, but a thread is still inside
    std::uint64_t searches = 0;      // for circles of waiting threads
};

System& the_system() {
    static System& instance = *std::make_unique<System>().release();
    return instance;
}

void light_barrier() noexcept {
    if (kernel_barriers.load(std::memory_order_relaxed)) {
        std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
        tsan::full_fence();
    }
}

void heavy_barrier() noexcept {
    tsan::full_fence();
    if (kernel_barriers.load(std::memory_order_relaxed)) {
        ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    }
}

struct RecordOwner {
    CallRecord record;
    RecordOwner() {
        auto& system = the_system();
        const std::lock_guard lock(system.mutex);
        record.before = std::exchange(system.records, &record);
        current_record = &record;
    }
    ~RecordOwner() {
        auto& system = the_system();
        const std::lock_guard lock(system.mutex);
        CallRecord** link = &system.records;
        while (*link != &record)
            link = &(*link)->before;
        *link = record.before;
        current_record = nullptr;
    }
};

HDRVR make_handle(std::size_t index, std::uint64_t generation) noexcept {
    const auto number = ((generation & generation_mask) + 1) << index_bits | index;
    return reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(number));
}

std::size_t index_of(HDRVR hdrvr) noexcept {
    return reinterpret_cast<std::uintptr_t>(hdrvr) & index_mask;
}

// What happens seldom is kept apart from `send` where it is called there: what it keeps on the
// stack would otherwise be made room for, and guarded, at every message.
[[gnu::cold, gnu::noinline]] Answer refuse(HDRVR hdrvr, UINT message, ErrorCode code,
                                           const char* cause) {
    thread_local Error error;
    error = or_no_memory([&] {
        return Error{
            .code = code,
            .operation = fmt::format("send message {:#x} to", message),
            .driver = fmt::format("instance {:#x}", reinterpret_cast<std::uintptr_t>(hdrvr)),
            .cause = cause};
    });
    error.code = code;
    return {0, &error};
}

Answer refuse_closed(HDRVR hdrvr, UINT message) {
    return refuse(hdrvr, message, ErrorCode::bad_handle, "it is not open, or closed by now");
}

void add_chunk(System& system, std::size_t number) {
    auto chunk = std::make_unique<Instance[]>(chunk_size);
    // A null handle must not look like the null of an instance that is shut.
    if (number == 0) chunk[0].admitted.store(reinterpret_cast<HDRVR>(UINTPTR_MAX));
    system.owned_chunks.push_back(std::move(chunk));
    chunks[number].store(system.owned_chunks.back().get(), std::memory_order_release);
}

// Giving an entry back takes no memory.
void reserve_for(System& system, std::size_t entries) {
    if (system.leaving.capacity() < entries) system.leaving.reserve(2 * entries);
    if (system.free_entries.capacity() < entries) system.free_entries.reserve(2 * entries);
}

void give_back(System& system, Instance& instance) {
    const auto index = index_of(instance.target.hdrvr);
    instance.state = InstanceState::unused;
    instance.receiver = nullptr;
    instance.module = nullptr;
    instance.target = {};
    instance.data.reset();
    instance.sequence = 0;
    instance.hidden = false;
    instance.owner = nullptr;
    instance.loaded.reset();
    instance.name.clear();
    ++instance.generation;
    system.free_entries.push_back(index);
}

// Hands `answer` on, so that `send` can end with this call.
[[gnu::cold, gnu::noinline]] Answer leave_closed_instance(Answer answer) {
    {
        const auto lock = lock_system();
        auto& system = the_system();
        std::erase_if(system.leaving, [&](Instance* instance) {
            if (is_entered(*instance, Whose::any)) return false;
            give_back(system, *instance);
            return true;
        });
        notify_system();
    }
    if (auto* const handler = leave_handler.load()) handler();
    return answer;
}

// Does it hold for the record of any thread?
template <class Predicate>
bool any_record(const Predicate& holds) {
    const CallRecord* record = the_system().records;
    while (record != nullptr && !holds(*record))
        record = record->before;
    return record != nullptr;
}

bool blocks(const CallRecord& waiting, const CallRecord& other) noexcept {
    if (waiting.waits_for_module != nullptr) return waiting.waits_for_module->owner == &other;
    return waiting.waits_for_instance != nullptr && &other != &waiting &&
           other.is_inside(*waiting.waits_for_instance);
}

// Does `from` wait, directly or through others, for `target`? The waits of a thread are fixed while
// it waits, so the last thread to close a circle always sees it.
bool waits_for(const CallRecord& from, const CallRecord& target, std::uint64_t search) {
    return any_record([&](const CallRecord& other) {
        if (!blocks(from, other)) return false;
        if (&other == &target) return true;
        return std::exchange(other.search, search) != search && waits_for(other, target, search);
    });
}

bool waits_for_itself(const CallRecord& record) {
    return waits_for(record, record, ++the_system().searches);
}

}  // namespace

bool CallRecord::is_inside(const Instance& instance) const noexcept {
    return std::any_of(slots.begin(), slots.end(), [&](const auto& slot) {
        return slot.load(std::memory_order_acquire) == &instance;
    });
}

void register_for_barriers() noexcept {
    static const bool registered =
        ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    kernel_barriers.store(registered);
}

CallRecord& this_thread_record() {
    if (current_record == nullptr) {
        current_record = &of_this_thread<RecordOwner>().record;
    }
    return *current_record;
}

CallRecord* existing_thread_record() noexcept { return current_record; }

namespace {

void enter(CallRecord& record, const Instance& instance) noexcept {
    record.slots[static_cast<std::size_t>(record.depth++)].store(&instance,
                                                                 std::memory_order_relaxed);
    light_barrier();
}

// Was the instance closed meanwhile? leave_closed_instance is due, then.
[[nodiscard]] bool leave(CallRecord& record, const Instance& instance) noexcept {
    record.slots[static_cast<std::size_t>(--record.depth)].store(nullptr,
                                                                 std::memory_order_release);
    light_barrier();
    return instance.admitted.load(std::memory_order_relaxed) == nullptr;
}

}  // namespace

CallFrame::CallFrame(CallRecord& record, const Instance& instance) noexcept
    : record_(record), instance_(instance) {
    enter(record, instance);
}

CallFrame::~CallFrame() {
    if (leave(record_, instance_)) [[unlikely]]
        leave_closed_instance({});
}

namespace {

// The instance is not admitted: only the thread that opens or closes it may still talk to it. Its
// frame is on the record, so nothing of the entry changes meanwhile.
Answer call_unadmitted(const Instance& instance, HDRVR hdrvr, UINT message, LPARAM lparam1,
                       LPARAM lparam2) {
    {
        const auto lock = lock_system();
        const bool transition =
            instance.state == InstanceState::opening || instance.state == InstanceState::closing;
        if (!transition || instance.target.hdrvr != hdrvr || instance.owner != current_record ||
            instance.receiver == nullptr) {
            return refuse_closed(hdrvr, message);
        }
    }
    return instance.receiver->call(instance.target, message, lparam1, lparam2);
}

// The thread has entered the instance.
[[gnu::cold, gnu::noinline]] Answer send_unadmitted(const Instance& instance, HDRVR hdrvr,
                                                    UINT message, LPARAM lparam1, LPARAM lparam2) {
    const Answer answer = call_unadmitted(instance, hdrvr, message, lparam1, lparam2);
    return leave(*current_record, instance) ? leave_closed_instance(answer) : answer;
}

// A thread's first message, and one too deep. Apart, so that all others need not keep their
// arguments for it.
[[gnu::cold, gnu::noinline]] Answer send_first(HDRVR hdrvr, UINT message, LPARAM lparam1,
                                               LPARAM lparam2) noexcept {
    if (this_thread_record().depth < CallRecord::max_depth) {
        return send(hdrvr, message, lparam1, lparam2);
    }
    return refuse(hdrvr, message, ErrorCode::busy, "too many driver calls are nested already");
}

}  // namespace

Answer send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) noexcept {
    const Instance* const instance = locate(hdrvr);
    if (instance == nullptr) [[unlikely]]
        return refuse_closed(hdrvr, message);
    CallRecord* const record = current_record;
    if (record == nullptr || record->depth == CallRecord::max_depth) [[unlikely]] {
        return send_first(hdrvr, message, lparam1, lparam2);
    }
    enter(*record, *instance);
    if (instance->admitted.load(std::memory_order_acquire) != hdrvr) [[unlikely]] {
        return send_unadmitted(*instance, hdrvr, message, lparam1, lparam2);
    }
    const Answer answer = instance->receiver->call(instance->target, message, lparam1, lparam2);
    if (leave(*record, *instance)) [[unlikely]]
        return leave_closed_instance(answer);
    return answer;
}

Lock lock_system() {
    // A first record is made under the same lock, so it has to be there before.
    this_thread_record();
    return Lock(the_system().mutex);
}

void notify_system() noexcept { the_system().changed.notify_all(); }

Instance* locate(HDRVR hdrvr) noexcept {
    const auto index = index_of(hdrvr);
    Instance* const chunk = chunks[index >> chunk_bits].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : &chunk[index & (chunk_size - 1)];
}

Instance* find_instance(HDRVR hdrvr) noexcept {
    Instance* const instance = locate(hdrvr);
    if (instance == nullptr || instance->target.hdrvr != hdrvr) return nullptr;
    const bool known =
        instance->state != InstanceState::unused && instance->state != InstanceState::closed;
    return known ? instance : nullptr;
}

Instance* allocate_instance() {
    auto& system = the_system();
    std::size_t index = 0;
    if (!system.free_entries.empty()) {
        index = system.free_entries.back();
        system.free_entries.pop_back();
    } else {
        index = system.used_entries;
        if (index > index_mask) return nullptr;
        const bool is_first = index == 1 || index % chunk_size == 0;
        if (is_first && chunks[index >> chunk_bits] == nullptr) {
            add_chunk(system, index >> chunk_bits);
        }
        reserve_for(system, index + 1);
        ++system.used_entries;
    }
    Instance& instance = chunks[index >> chunk_bits].load()[index & (chunk_size - 1)];
    instance.target.hdrvr = make_handle(index, instance.generation);
    instance.state = InstanceState::opening;
    instance.owner = &this_thread_record();
    return &instance;
}

void release_instance(Instance& instance) {
    auto& system = the_system();
    instance.state = InstanceState::closed;
    if (is_entered(instance, Whose::any)) {
        system.leaving.push_back(&instance);
    } else {
        give_back(system, instance);
    }
}

void shut(Instance& instance) noexcept {
    instance.admitted.store(nullptr, std::memory_order_seq_cst);
    heavy_barrier();
}

void admit(Instance& instance) noexcept {
    instance.state = InstanceState::open;
    instance.owner = nullptr;
    instance.admitted.store(instance.target.hdrvr, std::memory_order_release);
}

bool is_entered(const Instance& instance, Whose whose) noexcept {
    return any_record([&](const CallRecord& record) {
        return (whose == Whose::any || &record != current_record) && record.is_inside(instance);
    });
}

bool is_entered(const LoadedModule& module, Whose whose) {
    const auto is_of_it = [&](const Instance* instance) {
        return instance != nullptr &&
               (instance == &module.self || instance->loaded.get() == &module);
    };
    return any_record([&](const CallRecord& record) {
        return (whose == Whose::any || &record != current_record) &&
               std::any_of(record.slots.begin(), record.slots.end(), [&](const auto& slot) {
                   return is_of_it(slot.load(std::memory_order_acquire));
               });
    });
}

Waited wait_until_left(Lock& lock, const Instance& instance) {
    auto& record = this_thread_record();
    record.waits_for_instance = &instance;
    auto waited = Waited::over;
    while (waited == Waited::over && is_entered(instance, Whose::others)) {
        if (instance.loaded->given_up) {
            waited = Waited::given_up;
        } else if (waits_for_itself(record)) {
            waited = Waited::circle;
        } else {
            the_system().changed.wait(lock);
        }
    }
    record.waits_for_instance = nullptr;
    return waited;
}

Waited wait_for_change(Lock& lock, const LoadedModule& module) {
    if (module.given_up) return Waited::given_up;
    auto& record = this_thread_record();
    record.waits_for_module = &module;
    const bool possible = module.owner != &record && !waits_for_itself(record);
    if (possible) the_system().changed.wait(lock);
    record.waits_for_module = nullptr;
    return possible ? Waited::over : Waited::circle;
}

void set_leave_handler(void (*handler)()) noexcept { leave_handler.store(handler); }

}  // namespace instdrv::core
