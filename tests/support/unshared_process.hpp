// The process of a module that tests make up: it has no memory to lend, and no other process is let
// in.
#pragma once

#include "core/module_process.hpp"

namespace instdrv::test {

class UnsharedProcess : public core::ModuleProcess {
public:
    [[nodiscard]] int id() const noexcept override { return 0; }
    [[nodiscard]] bool is_dead() const noexcept override { return false; }
    void closed(HDRVR) noexcept override {}
    [[nodiscard]] std::uint64_t name_of(HDRVR hdrvr) override {
        return reinterpret_cast<std::uintptr_t>(hdrvr);
    }
    Result<DWORD_PTR> expose(const core::Target&, DWORD, DWORD_PTR) override {
        return failure(Error{.code = ErrorCode::unsupported});
    }
    std::shared_ptr<std::byte> take_buffer(std::size_t) override { return nullptr; }
    Result<core::SharedChannel> share() override {
        return failure(Error{.code = ErrorCode::unsupported});
    }
};

}  // namespace instdrv::test
