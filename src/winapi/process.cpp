#include "winapi/process.hpp"

#include "winapi/export_table.hpp"
#include "winapi/process_block.hpp"
#include "winapi/thread.hpp"

namespace instdrv::winapi {

constinit thread_local const DriverContext* detail::context = nullptr;

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
    const Export* const entry = found == nullptr ? nullptr : winapi::find_export(*found, symbol);
    return entry == nullptr ? nullptr : entry->address();
}

void Process::prepare_thread() { current_thread(); }

std::uint32_t Process::add_tls(const pe::TlsTemplate& tls) { return thread_list().add_tls(tls); }

void Process::remove_tls(std::uint32_t index) { thread_list().remove_tls(index); }

}  // namespace instdrv::winapi
