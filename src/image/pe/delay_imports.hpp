// Stage 5: delay-loaded imports, which a helper inside the image binds at the first call by means
// of LoadLibrary and GetProcAddress. The loader binds them at load time instead or leaves them
// alone.
#pragma once

#include <instdrv/error.hpp>

#include <string_view>
#include <vector>

#include "image/pe/image_view.hpp"
#include "image/pe/imports.hpp"

namespace instdrv::pe {

struct DelayImportedDll {
    std::string_view name;
    Rva module_slot = 0;  // a word that receives the DLL's handle; 0: none
    std::vector<ImportedSymbol> symbols;
};

// Understands both kinds of descriptors: fields that are RVAs (attribute bit 0 set) and the older
// ones whose fields are absolute addresses. In file order.
Result<std::vector<DelayImportedDll>> parse_delay_imports(const ImageView& view);

}  // namespace instdrv::pe
