#include "worker/direct_callbacks.hpp"

#include "winapi/abi.hpp"
#include "worker/server.hpp"

namespace instdrv::worker {
namespace {

std::uint64_t word(LPARAM value) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
}

LRESULT ask(std::uint64_t kind, LPARAM token, LPARAM first, LPARAM second, LPARAM third) {
    auto* const server = Server::of_this_process();
    return server->direct_callback({.kind = kind,
                                    .token = word(token),
                                    .arguments = {word(first), word(second), word(third)}});
}

// ICSETSTATUSPROC.Status
LONG WINFN icm_status(LPARAM token, UINT message, LONG amount) {
    return static_cast<LONG>(ask(0, token, static_cast<LPARAM>(message), amount, 0));
}

// ICCOMPRESSFRAMES.GetData and PutData
LONG WINFN icm_get_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return static_cast<LONG>(ask(1, token, frame, reinterpret_cast<LPARAM>(bits), size));
}

LONG WINFN icm_put_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return static_cast<LONG>(ask(2, token, frame, reinterpret_cast<LPARAM>(bits), size));
}

}  // namespace

std::array<const void*, channel::direct_callback_kinds> direct_callback_functions() noexcept {
    return {reinterpret_cast<const void*>(&icm_status),
            reinterpret_cast<const void*>(&icm_get_data),
            reinterpret_cast<const void*>(&icm_put_data)};
}

}  // namespace instdrv::worker
