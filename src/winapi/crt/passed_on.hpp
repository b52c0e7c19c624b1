// Functions of the host's C library that mean exactly what the Windows function of that name means,
// and so only change the calling convention.
#pragma once

#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/export_table.hpp"

namespace instdrv::winapi::crt {

template <class Signature, Signature* function>
struct PassedOn;

template <class Answer, class... Parameters, Answer (*function)(Parameters...)>
struct PassedOn<Answer(Parameters...), function> {
    static Answer WINFN_C call(Parameters... parameters) {
        // A driver that calls strcpy gets strcpy.
        return function(parameters...);  // NOLINT(clang-analyzer-security.insecureAPI.strcpy)
    }
};

// A line of an export table: passed_on<double(double), std::sin>("sin").
template <class Signature, Signature* function>
Export passed_on(std::string_view name) {
    return {name, address_of(PassedOn<Signature, function>::call)};
}

}  // namespace instdrv::winapi::crt
