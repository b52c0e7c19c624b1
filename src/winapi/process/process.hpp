// The Windows process that PE code believes to run in: one per Linux process, because PE code
// reaches its parts (PEB, heaps, handles, loaded images) without being handed them.
#pragma once

#include <memory>

#include "image/pe/environment.hpp"
#include "image/pe/loader.hpp"
#include "winapi/threads/driver_context.hpp"

namespace instdrv::winapi {

struct Peb;
class ProcessBlock;

class Process final : public pe::Environment {
public:
    // Made on first use, never destroyed: threads of drivers may outlive everything else.
    static Process& instance();

    [[nodiscard]] pe::Loader& loader() noexcept { return *loader_; }
    [[nodiscard]] Peb& peb() noexcept;

    bool owns(std::string_view dll) const override;
    const void* find_export(std::string_view dll, const pe::Symbol& symbol) const override;
    // Inline-cheap after a thread's first call; see thread.hpp.
    void prepare_thread() override;
    std::uint32_t add_tls(const pe::TlsTemplate& tls) override;
    void remove_tls(std::uint32_t index) override;

private:
    Process();
    ~Process() override = default;
    std::unique_ptr<ProcessBlock> block_;
    std::unique_ptr<pe::Loader> loader_;
};

// What otherwise happens when the calling thread ends: tells the images and destroys its Thread.
void leave_current_thread();

}  // namespace instdrv::winapi
