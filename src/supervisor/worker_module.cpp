#include "supervisor/worker_module.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "core/no_memory.hpp"
#include "supervisor/client.hpp"
#include "supervisor/deadlines.hpp"

namespace instdrv::supervisor {
namespace {

// Longer than any real driver needs to be mapped. One with a shorter deadline of its own has that,
// but for what reading its file may take.
constexpr std::chrono::seconds load_timeout{20};
constexpr std::chrono::seconds shortest_load_timeout{2};

std::chrono::milliseconds load_timeout_of(const core::ModuleRequest& request) {
    const std::chrono::milliseconds usual = load_timeout;
    return std::max<std::chrono::milliseconds>(request.deadline.value_or(usual),
                                               shortest_load_timeout);
}

core::Answer broken(Error error) {
    thread_local Error last;
    last = std::move(error);
    return {0, &last};
}

Error too_long(const std::string& file) {
    return {.code = ErrorCode::invalid_argument,
            .operation = "load",
            .driver = file,
            .cause = "the paths of it and of its state folder are too long",
            .advice = "Put it into a folder with a shorter path"};
}

InstanceState* state_of(const core::Target& target) noexcept {
    return static_cast<InstanceState*>(target.data);
}

// Of a client in a worker while it opens a driver. The text is the life cycle's, in this process;
// it shows up where the client has no memory, whatever size its addresses have.
class OpeningMemory final : public messages::ClientMemory {
public:
    static constexpr std::uint64_t text_address = 4096;

    // unit: bytes of a character
    OpeningMemory(const messages::ClientMemory& clients, std::uint64_t text, std::size_t unit)
        : clients_(clients),
          text_(messages::read_text(this_process().memory, text, unit)
                    .value_or(std::vector<std::byte>())),
          text_memory_(text_, text_address) {}

    Status read(std::uint64_t address, std::span<std::byte> out) const override {
        return of(address).read(address, out);
    }
    Status write(std::uint64_t address, std::span<const std::byte> bytes) const override {
        return clients_.write(address, bytes);
    }
    bool try_read(std::uint64_t address, std::span<std::byte> out) const override {
        return of(address).try_read(address, out);
    }

private:
    [[nodiscard]] const messages::ClientMemory& of(std::uint64_t address) const {
        const bool is_text = address >= text_address && address - text_address < text_.size();
        return is_text ? text_memory_ : clients_;
    }

    const messages::ClientMemory& clients_;
    std::vector<std::byte> text_;
    messages::RegionMemory text_memory_;
};

messages::Parameters parameters_of(LPARAM lparam1, LPARAM lparam2) {
    return {.lparam1 = static_cast<std::uint64_t>(lparam1),
            .lparam2 = static_cast<std::uint64_t>(lparam2)};
}

}  // namespace

Result<std::unique_ptr<core::Module>> WorkerModule::load(const std::shared_ptr<Worker>& worker,
                                                         const core::ModuleRequest& request,
                                                         bool natural_acm) {
    auto loaded = load_into(*worker, request);
    if (!loaded) return failure(std::move(loaded.error()));
    return std::unique_ptr<core::Module>(
        new WorkerModule(worker, request, *std::move(loaded), natural_acm));
}

Result<WorkerModule::Loaded> WorkerModule::load_into(Worker& worker,
                                                     const core::ModuleRequest& request) {
    const auto for_close = request.deadline.value_or(default_deadline(DRV_CLOSE));
    const channel::LoadModule call{
        .state_limit = request.state_limit,
        .callback_time = static_cast<std::uint64_t>(callback_time(for_close).count()),
        .code_page = request.text.code_page,
        .oem_code_page = request.text.oem_code_page,
        .locale = request.text.locale};
    const auto file = request.file.string();
    const auto state = request.state_folder.string();
    const std::array<std::string_view, channel::LoadModule::parts> places{file, state,
                                                                          request.traced_calls};
    const auto text = channel::pack(places);
    if (text.size() > channel::text_capacity) return failure(too_long(file));
    const auto reply = worker.call(channel::What::load_module, channel::words_of(call), text,
                                   load_timeout_of(request));
    if (!reply) {
        Error error = reply.error();
        error.operation = "load";
        error.driver = file;
        return failure(std::move(error));
    }
    return Loaded{channel::value_of<channel::LoadModule::Answer>(reply->words), reply->text};
}

WorkerModule::WorkerModule(std::shared_ptr<Worker> worker, const core::ModuleRequest& request,
                           Loaded loaded, bool natural_acm)
    : worker_(std::move(worker)),
      file_(request.file.string()),
      deadline_(request.deadline),
      facts_(loaded.facts),
      kind_(std::move(loaded.kind)),
      natural_acm_(natural_acm) {
    worker_->enter();
}

WorkerModule::~WorkerModule() { worker_->leave(); }

Status WorkerModule::unload() noexcept {
    try {
        const auto answer =
            worker_->call(channel::UnloadModule{.module = facts_.module}, deadline_of(DRV_FREE));
        if (!answer) return failure(answer.error());
        return {};
    } catch (const std::bad_alloc&) {
        return failure(core::no_memory());
    }
}

HMODULE WorkerModule::handle() const noexcept {
    return reinterpret_cast<HMODULE>(static_cast<std::uintptr_t>(facts_.handle));
}

void WorkerModule::abandon() noexcept {
    Error reason = core::or_no_memory([&] {
        return Error{.code = ErrorCode::timed_out,
                     .driver = file_,
                     .cause = "it did not return before the session ended"};
    });
    reason.code = ErrorCode::timed_out;
    worker_->kill(std::move(reason));
}

// ---- instances ----------------------------------------------------------------------------------

std::shared_ptr<core::InstanceData> WorkerModule::opening(HDRVR hdrvr, std::string_view section) {
    auto instance = std::make_shared<InstanceState>(worker_->handles().name_of(hdrvr),
                                                    worker_->callbacks(), facts_);
    instance->section = section;
    instance->callbacks.belong_to(instance);
    return instance;
}

void WorkerModule::closed(HDRVR hdrvr) noexcept {
    worker_->tell_closed(worker_->handles().name_of(hdrvr));
    worker_->handles().forget(hdrvr);
}

void WorkerModule::begin_conversation(InstanceState& instance, const messages::Parameters& open) {
    const auto& client = current_client();
    instance.client = client.worker;
    // The address of a 32-bit client came sign-extended.
    const std::uint64_t mask = client.pointer_size == 4 ? 0xFFFF'FFFF : ~std::uint64_t{0};
    const auto family =
        messages::family_of_open(open.lparam2 & mask, instance.section, client.memory);
    instance.conversation.emplace(
        family,
        messages::Sides{.client_pointer = client.pointer_size,
                        .driver_pointer = static_cast<unsigned>(worker_->facts().pointer_size),
                        .open_text_unit = is_windows() ? 2u : 1u,
                        .natural_acm = natural_acm_},
        worker_->memory(), instance.callbacks);
}

Result<DWORD_PTR> WorkerModule::expose(const core::Target& target, DWORD type, DWORD_PTR callback) {
    const bool known = type == CALLBACK_FUNCTION || type == CALLBACK_EVENT || type == CALLBACK_TASK;
    if (!known || callback == 0) {
        return failure(Error{.code = ErrorCode::invalid_argument,
                             .operation = "offer a callback",
                             .driver = file_,
                             .cause = "it is no function, event or thread"});
    }
    auto& instance = *state_of(target);
    const auto token =
        instance.callbacks.expose({.type = type, .callback = callback, .user = 0, .device = 0});
    instance.exposed.push_back(token);
    return static_cast<DWORD_PTR>(token);
}

std::shared_ptr<std::byte> WorkerModule::take_buffer(std::size_t size) {
    const auto block = worker_->memory().take(size);
    if (!block) return nullptr;
    return {block->here.data(),
            [worker = worker_, taken = *block](std::byte*) { worker->memory().give_back(taken); }};
}

// ---- messages -----------------------------------------------------------------------------------

core::Answer WorkerModule::call(const core::Target& target, UINT message, LPARAM lparam1,
                                LPARAM lparam2) noexcept {
    try {
        auto answer = call_worker(target, message, parameters_of(lparam1, lparam2));
        if (answer) return {*answer, nullptr};
        return broken(std::move(answer.error()));
    } catch (const std::bad_alloc&) {
        return broken(core::no_memory());
    }
}

Result<LRESULT> WorkerModule::call_worker(const core::Target& target, UINT message,
                                          const messages::Parameters& parameters) {
    auto* const instance = state_of(target);
    const auto& channel = current_client().channel;
    const bool is_clients = message == DRV_OPEN && channel.worker == worker_->number();
    const Sent sent{
        .driver_id = is_clients ? channel.number : target.driver_id,
        .hdrvr = target.hdrvr,
        .name = instance != nullptr ? instance->name : worker_->handles().name_of(target.hdrvr),
        .message = message,
        .parameters = parameters};
    if (instance == nullptr) return call_driver(sent, messages::Family::standard, nullptr);
    if (message == DRV_OPEN && !current_client().carried) begin_conversation(*instance, parameters);
    return marshal(sent, *instance);
}

Result<LRESULT> WorkerModule::marshal(const Sent& sent, InstanceState& instance) {
    // Addresses mean something to who opened it alone: anybody else sends plain numbers.
    const bool is_others = !instance.conversation || instance.client != current_client().worker;
    if (current_client().declared_only &&
        (is_others || !instance.conversation->declares(sent.message))) {
        return LRESULT{0};
    }
    if (is_others) {
        return call_driver(sent, messages::Family::standard, &instance);
    }
    auto& conversation = *instance.conversation;
    const auto& clients = current_client().memory;
    std::optional<OpeningMemory> opening;
    auto parameters = sent.parameters;
    if (sent.message == DRV_OPEN && current_client().is_driver() && parameters.lparam1 != 0) {
        opening.emplace(clients, parameters.lparam1, is_windows() ? 2 : 1);
        parameters.lparam1 = OpeningMemory::text_address;
    }
    auto call = conversation.begin(sent.message, parameters, opening ? *opening : clients);
    if (!call) return failure(std::move(call.error()));
    Sent marshalled = sent;
    marshalled.parameters = call->parameters();
    auto answer = call_driver(marshalled, conversation.family(), &instance);
    if (!answer) return answer;
    if (auto finished = call->finish(*answer); !finished) {
        return failure(std::move(finished.error()));
    }
    return answer;
}

Result<LRESULT> WorkerModule::call_driver(const Sent& sent, messages::Family family,
                                          InstanceState*) {
    worker_->history().add({.family = family,
                            .message = sent.message,
                            .hdrvr = sent.name,
                            .lparam1 = sent.parameters.lparam1,
                            .lparam2 = sent.parameters.lparam2});
    const channel::CallDriver call{.module = facts_.module,
                                   .driver_id = sent.driver_id,
                                   .hdrvr = sent.name,
                                   .message = sent.message,
                                   .lparam1 = sent.parameters.lparam1,
                                   .lparam2 = sent.parameters.lparam2};
    auto reply = worker_->call(channel::What::call_driver, channel::words_of(call), {},
                               deadline_of(sent.message));
    if (!reply) return failure(std::move(reply.error()));
    return static_cast<LRESULT>(channel::value_of<channel::CallDriver::Answer>(reply->words).value);
}

std::chrono::milliseconds WorkerModule::deadline_of(UINT message) const noexcept {
    const auto of_thread = DeadlineScope::of_this_thread();
    if (of_thread.count() > 0) return of_thread;
    return deadline_.value_or(default_deadline(message));
}

}  // namespace instdrv::supervisor
