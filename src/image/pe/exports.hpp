// Stage 6: the export table.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "image/pe/environment.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

struct Export {
    std::string_view name;       // empty: exported by ordinal only
    std::uint16_t ordinal = 0;   // biased, as importers write it
    Rva rva = 0;                 // of the function or datum; inside the image; 0 for a forwarder
    std::string_view forwarder;  // "DLL.Name" or "DLL.#12"; empty: not forwarded
};

// Where a forwarder points. `dll` has no ".dll".
struct Forwarder {
    std::string_view dll;
    Symbol symbol;
};
// Splits at the last dot, as DLL names may contain some. Nothing if a part is missing or the
// ordinal is no number from 1 to 65535.
std::optional<Forwarder> parse_forwarder(std::string_view text);

class ExportTable {
public:
    // An image without exports gives an empty table.
    static Result<ExportTable> parse(const ImageView& view);

    // The name the DLL gives itself; may be empty.
    [[nodiscard]] std::string_view dll_name() const noexcept { return dll_name_; }
    // One entry per name and one per function without name, by ordinal, then by name.
    [[nodiscard]] std::span<const Export> entries() const noexcept { return entries_; }
    // By exact name, or by ordinal where the name is empty. Null: not exported. The image's own
    // order of names is not relied upon.
    [[nodiscard]] const Export* find(const Symbol& symbol) const noexcept;

private:
    void index_names();

    std::string_view dll_name_;
    std::vector<Export> entries_;
    std::vector<std::size_t> by_name_;  // indices of named entries, sorted by name
};

}  // namespace instdrv::pe
