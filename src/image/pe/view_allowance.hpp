// The limit of what a stage may read through the pointers of an image.
#pragma once

#include "image/allowance.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

// By what the file has of the image, not by the size that its headers state, and once where
// sections lie over each other.
image::Allowance allowance_of(const ImageView& view) noexcept;

}  // namespace instdrv::pe
