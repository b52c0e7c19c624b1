// The functions by which the C runtimes hand out their variables, as __p__fmode.
// https://learn.microsoft.com/cpp/c-runtime-library/global-variables
#pragma once

namespace instdrv::winapi::crt {

template <auto& variable>
auto* pointer_to() {
    return &variable;
}

}  // namespace instdrv::winapi::crt
