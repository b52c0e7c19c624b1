// The report of a confinement: the state of each layer, of a fixed width, so that a worker can send
// it to its supervisor as it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <instdrv/error.hpp>

namespace instdrv::sandbox {

// In the order in which confine() puts them on.
enum class Layer : std::uint32_t {
    descriptors,        // no file is open but those the caller named
    environment,        // no variable is left but those the plan names
    oom_score,          // it is killed before its supervisor where memory is short; may fail
    limits,             // rlimits: memory, files, file size, no core files
    not_dumpable,       // no core file; other processes of the user cannot look into it
    no_new_privileges,  // set-user-id programs give nothing
    capabilities,       // none in any set, also where root starts it
    landlock,           // which files can be reached
    seccomp,            // which system calls can be made
};
constexpr std::size_t layer_count = 9;

enum class LayerState : std::uint32_t {
    not_reached,  // an earlier layer failed
    on,
    not_planned,  // the plan leaves it out: the kernel has no such thing
    failed,
};

struct LayerReport {
    LayerState state = LayerState::not_reached;
    std::int32_t error = 0;  // errno, where it failed
    // landlock: the ABI version used. limits: where one failed, which. oom_score: the score,
    // signed.
    std::uint32_t detail = 0;
    std::uint32_t unused = 0;
};

struct ConfinementReport {
    static constexpr std::uint32_t expected_magic = 0x54524e43;  // "CNRT"
    static constexpr std::uint32_t expected_version = 2;

    std::uint32_t magic = expected_magic;
    std::uint32_t version = expected_version;
    std::uint32_t confined = 0;    // 1: all that the plan asks for is on. Otherwise run nothing.
    std::uint32_t plan_error = 0;  // 1: the plan was not understood, and no layer was tried
    std::array<LayerReport, layer_count> layers;

    [[nodiscard]] LayerReport& operator[](Layer layer) {
        return layers.at(static_cast<std::size_t>(layer));
    }
    [[nodiscard]] const LayerReport& operator[](Layer layer) const {
        return layers.at(static_cast<std::size_t>(layer));
    }
};
static_assert(sizeof(LayerReport) == 16);
static_assert(sizeof(ConfinementReport) == 16 + layer_count * sizeof(LayerReport));

// Reads a report that a worker sent. Fails if the size, the magic, the version or a state is
// unknown: a worker may be hostile.
Result<ConfinementReport> read_report(std::span<const std::byte> bytes);

// "not dumpable", "Landlock"
std::string_view name_of(Layer layer) noexcept;
// The purpose of a layer, one clause: "nothing is open but the channel to the supervisor"
std::string_view purpose_of(Layer layer) noexcept;
// True for a layer without which nothing is less confined. Its failure does not stop the
// confinement.
constexpr bool may_fail(Layer layer) noexcept { return layer == Layer::oom_score; }
// "on, ABI 7"; "failed: setting the limit of open files: Operation not permitted"
std::string describe(Layer layer, const LayerReport& report);

// Success, or the Error of the first layer that failed.
Status status_of(const ConfinementReport& report);

}  // namespace instdrv::sandbox
