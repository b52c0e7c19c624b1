// Generates functions for imports that nobody provides. Each missing symbol of an image gets code
// of its own. When called, it ends the driver call with an Error that names the symbol (break_off).
// A driver that never calls it is not affected.
//
// A missing datum cannot be told from a missing function, so its slot leads to such code too. Read
// as a pointer, the code's first bytes are an address that no process has: following it faults.
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::pe {

// The data of a thunk.
struct MissingImport {
    std::string image;   // the file that imports it
    std::string symbol;  // "KERNEL32.dll!CreateFileW"
};

// The thunks of one image. Destroying it unmaps them.
class MissingImports {
public:
    explicit MissingImports(std::string image);
    ~MissingImports();
    MissingImports(MissingImports&&) noexcept;
    MissingImports& operator=(MissingImports&&) = delete;

    // The thunk for a symbol, made on first use. Fails if there is no memory.
    Result<const void*> thunk_for(std::string_view symbol);

private:
    class Page;
    std::string image_;
    std::vector<std::unique_ptr<Page>> pages_;
};

// The machine's part, in thunk_code_<machine>.cpp: code, to be put anywhere, that ends the call it
// is called in with the Error of `import`.
inline constexpr std::size_t thunk_size = 32;
using ThunkCode = std::array<std::byte, thunk_size>;
ThunkCode make_thunk_code(const MissingImport* import) noexcept;

// The function that the generated code jumps to.
[[noreturn]] void end_call_of(const MissingImport& import) noexcept;

}  // namespace instdrv::pe
