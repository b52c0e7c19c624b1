#include "winapi/process/process.hpp"

#include <cstdlib>

#include <pthread.h>

#include "image/pe/control_words.hpp"
#include "winapi/exports/export_table.hpp"
#include "winapi/process/process_block.hpp"
#include "winapi/threads/fiber_storage.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {

Process& Process::instance() {
    static auto* const process = new Process;
    return *process;
}

Process::Process()
    : block_(std::make_unique<ProcessBlock>()), loader_(std::make_unique<pe::Loader>(*this)) {}

Peb& Process::peb() noexcept { return block_->peb(); }

bool Process::owns(std::string_view dll) const { return find_dll(dll) != nullptr; }

const void* Process::find_export(std::string_view dll, const pe::Symbol& symbol) const {
    const Dll* const found = find_dll(dll);
    return found == nullptr ? nullptr : import_from(*found, symbol);
}

void Process::prepare_thread() { current_thread(); }

std::uint32_t Process::add_tls(const pe::TlsTemplate& tls) { return thread_list().add_tls(tls); }

void Process::remove_tls(std::uint32_t index) { thread_list().remove_tls(index); }

// ---- a thread comes and goes
// ---------------------------------------------------------------------

namespace {

void leave_thread(void* thread) {
    Process::instance().loader().notify_thread_detach();
    run_fiber_callbacks(*static_cast<Thread*>(thread));
    detail::this_thread = nullptr;
    set_teb_segment(nullptr);
    thread_list().remove(*static_cast<Thread*>(thread));
}

// Its destructor runs when a thread other than the main one ends.
pthread_key_t thread_end_key() {
    static const pthread_key_t key = [] {
        pthread_key_t made{};
        if (::pthread_key_create(&made, leave_thread) != 0) std::abort();
        return made;
    }();
    return key;
}

Thread& enter_process() {
    pe::first_entry_of_thread();
    Process& process = Process::instance();
    Thread& thread = thread_list().add(process.peb());
    detail::this_thread = &thread;
    set_teb_segment(&thread.teb());
    ::pthread_setspecific(thread_end_key(), &thread);
    process.loader().notify_thread_attach();
    return thread;
}

[[maybe_unused]] const bool threads_enter_process = (use_first_entry(enter_process), true);

}  // namespace

void leave_current_thread() {
    if (detail::this_thread == nullptr) return;
    ::pthread_setspecific(thread_end_key(), nullptr);
    leave_thread(detail::this_thread);
}

}  // namespace instdrv::winapi
