#include "worker/direct_callbacks.hpp"

#include <cstring>

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

// ICCOMPRESSFRAMES.GetData and PutData. The bits travel through memory that the supervisor reaches.
enum class Direction { to_driver, to_client };

LONG move_frame(std::uint64_t kind, Direction direction, LPARAM token, LONG frame, void* bits,
                LONG size) {
    constexpr LONG failed = -1;
    if (bits == nullptr || size <= 0) return failed;
    auto& memory = Server::of_this_process()->memory();
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

LONG WINFN icm_get_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return move_frame(1, Direction::to_driver, token, frame, bits, size);
}

LONG WINFN icm_put_data(LPARAM token, LONG frame, void* bits, LONG size) {
    return move_frame(2, Direction::to_client, token, frame, bits, size);
}

}  // namespace

std::array<const void*, channel::direct_callback_kinds> direct_callback_functions() noexcept {
    return {reinterpret_cast<const void*>(&icm_status),
            reinterpret_cast<const void*>(&icm_get_data),
            reinterpret_cast<const void*>(&icm_put_data)};
}

}  // namespace instdrv::worker
