// The interface of the system that a PE image is loaded into. winapi implements it; the tests of
// the loader have small implementations.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace instdrv::pe {

// A function wanted from a DLL: by name, or by ordinal where the name is empty.
struct Symbol {
    std::string_view name;
    std::uint16_t ordinal = 0;
};
std::string describe(std::string_view dll,
                     const Symbol& symbol);  // "KERNEL32.dll!CreateFileW", "X.dll!#12"

// The thread-local data of one module: every thread has a copy of `initial` followed by `zero_fill`
// zero bytes, reached through slot `index` of the TEB's array.
struct TlsTemplate {
    std::span<const std::byte> initial;
    std::size_t zero_fill = 0;
    std::size_t alignment = 16;
};

class Environment {
public:
    virtual ~Environment() = default;

    // Is this DLL one of the system's (ours), never looked for on disk? Any case, with or without
    // ".dll".
    [[nodiscard]] virtual bool owns(std::string_view dll) const = 0;
    // The address PE code calls for a symbol of a DLL that `owns` is true for; null: not provided.
    [[nodiscard]] virtual const void* find_export(std::string_view dll,
                                                  const Symbol& symbol) const = 0;

    // Makes the calling thread fit to run PE code: TEB through GS, thread-local data of every
    // loaded module. Cheap when it is already so.
    virtual void prepare_thread() = 0;

    // A slot for a module's thread-local data; prepare_thread gives each thread its copy.
    virtual std::uint32_t add_tls(const TlsTemplate& tls) = 0;
    virtual void remove_tls(std::uint32_t index) = 0;
};

}  // namespace instdrv::pe
