#include "worker/direct_callbacks.hpp"

#include <cstring>

#include "winapi/abi.hpp"
#include "worker/server.hpp"

namespace instdrv::worker {
namespace {

std::uint64_t as_word(LPARAM value) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
}

LRESULT ask(std::uint64_t kind, LPARAM token, LPARAM first, LPARAM second, LPARAM third) {
    auto* const server = Server::of_this_process();
    return server->direct_callback(
        {.kind = kind,
         .token = as_word(token),
         .arguments = {as_word(first), as_word(second), as_word(third)}});
}

// ICSETSTATUSPROC.Status
LONG icm_status(LPARAM token, UINT message, LONG amount) {
    return static_cast<LONG>(ask(0, token, static_cast<LPARAM>(message), amount, 0));
}

// ICCOMPRESSFRAMES.GetData and PutData. The bits travel through memory that the supervisor reaches.
enum class Direction { to_driver, to_client };

LONG move_frame(std::uint64_t kind, Direction direction, LPARAM token, LONG frame, void* bits,
                LONG size) {
    constexpr LONG failed = -1;
    if (bits == nullptr || size <= 0) return failed;
    const auto link = Server::of_this_process()->link_of(as_word(token));
    if (link == nullptr) return failed;
    auto& memory = link->memory();
    const auto block = memory.take(static_cast<std::size_t>(size));
    if (!block) return failed;
    if (direction == Direction::to_client)
        std::memcpy(block->here.data(), bits, block->here.size());
    const auto answer =
        static_cast<LONG>(ask(kind, token, frame, static_cast<LPARAM>(block->there), size));
    if (direction == Direction::to_driver)
        std::memcpy(bits, block->here.data(), block->here.size());
    memory.give_back(*block);
    return answer;
}

LONG icm_get_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return move_frame(1, Direction::to_driver, token, frame, bits, size);
}

LONG icm_put_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return move_frame(2, Direction::to_client, token, frame, bits, size);
}

// The same as a Windows DLL calls them.
LONG WINFN windows_icm_status(LPARAM token, UINT message, LONG amount) {
    return icm_status(token, message, amount);
}

LONG WINFN windows_icm_get_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return icm_get_data(token, frame, bits, size);
}

LONG WINFN windows_icm_put_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return icm_put_data(token, frame, bits, size);
}

template <class... Functions>
std::array<const void*, sizeof...(Functions)> addresses_of(Functions*... functions) noexcept {
    return {reinterpret_cast<const void*>(functions)...};
}

}  // namespace

std::array<const void*, channel::direct_callback_kinds> direct_callback_functions(
    bool windows) noexcept {
    return windows ? addresses_of(windows_icm_status, windows_icm_get_data, windows_icm_put_data)
                   : addresses_of(icm_status, icm_get_data, icm_put_data);
}

}  // namespace instdrv::worker
