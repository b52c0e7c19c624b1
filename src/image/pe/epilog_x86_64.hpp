// Recognises the end of an x86-64 function by its instructions. Unwind information describes
// prologs alone; an epilog is restricted to a few instructions instead, so that it can be
// simulated.
//
// https://learn.microsoft.com/cpp/build/prolog-and-epilog#epilog-code
#pragma once

#include "image/pe/context_x86_64.hpp"
#include "image/pe/image_view.hpp"
#include "image/pe/unwind_data.hpp"
#include "image/pe/virtual_unwind_x86_64.hpp"

namespace instdrv::pe {

// If nothing but (the rest of) an epilog lies between `rva` and the end of the function, `context`
// becomes the caller's and the answer is true. Else nothing changes. `frame_register` is that of
// the function's unwind information, 0 if it has none.
bool finish_epilog(const ImageView& image, Rva rva, std::uint8_t frame_register,
                   const MemoryReader& memory, Context& context) noexcept;

}  // namespace instdrv::pe
