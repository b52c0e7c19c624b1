#include "image/pe/tls.hpp"

#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view tls_table_name = "its TLS directory";
constexpr std::size_t max_callbacks = 1024;
constexpr std::uint64_t max_size = std::uint64_t{64} << 20;  // of one thread's copy

// The alignment in the characteristics, coded as in section headers: n means 2^(n-1).
std::size_t alignment_of(std::uint32_t characteristics) noexcept {
    const auto code = (characteristics >> 20) & 0xF;
    return code == 0 || code == 0xF ? 16 : std::size_t{1} << (code - 1);
}

Status read_template(const ImageView& view, std::uint64_t start, std::uint64_t end,
                     TlsDirectory& tls) {
    if (start == end) return {};
    const auto rva = view.to_rva(start);
    if (!rva || end < start || !view.contains(*rva, end - start)) {
        return damaged(tls_table_name, "its initial data lies outside of the image");
    }
    tls.template_rva = *rva;
    tls.template_size = static_cast<std::uint32_t>(end - start);
    return {};
}

Status read_callbacks(const ImageView& view, std::uint64_t array, TlsDirectory& tls) {
    if (array == 0) return {};
    const auto start = view.to_rva(array);
    if (!start) return damaged(tls_table_name, "its list of callbacks lies outside of the image");
    for (std::uint64_t at = *start;; at += view.word_size()) {
        const auto address = view.read_word(at);
        if (!address || tls.callbacks.size() > max_callbacks) {
            return damaged(tls_table_name, "its list of callbacks has no end");
        }
        if (*address == 0) return {};
        const auto callback = view.to_rva(*address);
        if (!callback) return damaged(tls_table_name, "a callback lies outside of the image");
        tls.callbacks.push_back(*callback);
    }
}

}  // namespace

TlsTemplate TlsDirectory::make_template(Bytes mapped) const noexcept {
    return {.initial = mapped.subspan(template_rva, template_size),
            .zero_fill = zero_fill,
            .alignment = alignment};
}

Result<std::optional<TlsDirectory>> parse_tls(const ImageView& view) {
    const std::uint64_t at = view.directory(Directory::tls).rva;
    if (at == 0) return std::nullopt;
    // Four pointers (start and end of the data, index, callbacks), then two DWORDs.
    const std::uint64_t word = view.word_size();
    const auto start = view.read_word(at);
    const auto end = view.read_word(at + word);
    const auto index = view.read_word(at + 2 * word);
    const auto callbacks = view.read_word(at + 3 * word);
    const auto zero_fill = view.read<std::uint32_t>(at + 4 * word);
    const auto characteristics = view.read<std::uint32_t>(at + 4 * word + sizeof *zero_fill);
    if (!start || !end || !index || !callbacks || !zero_fill || !characteristics) {
        return damaged(tls_table_name, "it lies outside of the image");
    }
    TlsDirectory tls{.zero_fill = *zero_fill, .alignment = alignment_of(*characteristics)};
    auto status = read_template(view, *start, *end, tls);
    if (status) status = read_callbacks(view, *callbacks, tls);
    if (!status) return failure(std::move(status.error()));
    if (std::uint64_t{tls.template_size} + tls.zero_fill > max_size) {
        return damaged(tls_table_name, "more than 64 MiB for every thread");
    }
    const auto slot = view.to_rva(*index);
    if (!slot || !view.contains(*slot, sizeof(std::uint32_t))) {
        return damaged(tls_table_name, "its index lies outside of the image");
    }
    tls.index_slot = *slot;
    return tls;
}

}  // namespace instdrv::pe
