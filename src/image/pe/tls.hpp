// Stage 7: the thread-local storage directory.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <optional>
#include <vector>

#include "image/pe/environment.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

struct TlsDirectory {
    Rva template_rva = 0;
    std::uint32_t template_size = 0;  // bytes at template_rva, all inside the image
    std::uint32_t zero_fill = 0;      // bytes of zero behind them
    std::size_t alignment = 16;
    Rva index_slot = 0;          // a DWORD that receives the slot's number
    std::vector<Rva> callbacks;  // PIMAGE_TLS_CALLBACK functions, in calling order

    // The template for an environment. `mapped` must stay mapped as long as it is used.
    [[nodiscard]] TlsTemplate make_template(Bytes mapped) const noexcept;
};

// Nothing when the image has no TLS directory. Its absolute addresses are read relative to
// view.base(), so it works before and after relocation.
Result<std::optional<TlsDirectory>> parse_tls(const ImageView& view);

}  // namespace instdrv::pe
