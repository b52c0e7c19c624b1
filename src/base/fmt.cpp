// The code of the library {fmt}, compiled once: as a header-only library it would be compiled again
// in every file that formats a text, which is most of what compiling such a file takes. Debian's
// own libfmt.so is not used, because what runs drivers is also built for machines that have none.
// fmt's format.h declares these templates, and their definitions are in format-inl.h.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template auto dragonbox::to_decimal(float) noexcept -> dragonbox::decimal_fp<float>;
template auto dragonbox::to_decimal(double) noexcept -> dragonbox::decimal_fp<double>;

template locale_ref::locale_ref(const std::locale&);
template auto locale_ref::get<std::locale>() const -> std::locale;

template auto thousands_sep_impl(locale_ref) -> thousands_sep_result<char>;
template auto decimal_point_impl(locale_ref) -> char;

}  // namespace detail
FMT_END_NAMESPACE
