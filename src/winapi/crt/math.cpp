// Mathematics, which is the host's: the functions of both C libraries take and answer the same
// numbers. https://learn.microsoft.com/cpp/c-runtime-library/floating-point-support
#include <cmath>
#include <cstdlib>

#include "winapi/crt/passed_on.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

using One = double(double);
using Two = double(double, double);
using OneFloat = float(float);
using TwoFloats = float(float, float);

// Windows' long has 32 bits.
template <class Real>
LONG WINFN_C round_to_long(Real value) {
    return static_cast<LONG>(std::llround(value));
}
template <class Real>
LONG WINFN_C nearest_to_long(Real value) {
    return static_cast<LONG>(std::llrint(value));
}

template <class Real>
int WINFN_C is_finite(Real value) {
    return std::isfinite(value) ? 1 : 0;
}
template <class Real>
int WINFN_C is_not_a_number(Real value) {
    return std::isnan(value) ? 1 : 0;
}

// https://learn.microsoft.com/cpp/c-runtime-library/reference/fpclass-fpclassf
template <class Real>
int WINFN_C old_class(Real value) {
    constexpr int quiet_nan = 0x2;
    constexpr int negative[] = {0x4, 0x8, 0x10, 0x20};
    constexpr int positive[] = {0x200, 0x100, 0x80, 0x40};
    const auto& side = std::signbit(value) ? negative : positive;
    switch (std::fpclassify(value)) {
        case FP_NAN: return quiet_nan;
        case FP_INFINITE: return side[0];
        case FP_NORMAL: return side[1];
        case FP_SUBNORMAL: return side[2];
        default: return side[3];
    }
}

// https://learn.microsoft.com/cpp/c-runtime-library/reference/floating-point-primitives
template <class Real>
short WINFN_C new_class(Real value) {
    switch (std::fpclassify(value)) {
        case FP_INFINITE: return 1;
        case FP_NAN: return 2;
        case FP_NORMAL: return -1;
        case FP_SUBNORMAL: return -2;
        default: return 0;
    }
}

template <class Real>
short WINFN_C class_behind(Real* value) {
    return new_class(*value);
}

template <class Real>
int WINFN_C sign_bit(Real value) {
    return std::signbit(value) ? 1 : 0;
}

double WINFN_C change_sign(double value) { return -value; }
float WINFN_C change_sign_float(float value) { return -value; }

struct Complex {
    double x;
    double y;
};
double WINFN_C magnitude(const Complex* value) { return std::hypot(value->x, value->y); }

int WINFN_C set_user_math_error(void*) { return 0; }

}  // namespace

std::span<const Export> double_math_exports() {
    static const Export table[] = {
        {"__setusermatherr", address_of(set_user_math_error), Coverage::partial,
         "the handler is never called"},
        {"_cabs", address_of(magnitude)},
        {"_chgsign", address_of(change_sign)},
        passed_on<Two, std::copysign>("_copysign"),
        {"_dclass", address_of(new_class<double>)},
        {"_dsign", address_of(sign_bit<double>)},
        {"_dtest", address_of(class_behind<double>)},
        {"_finite", address_of(is_finite<double>)},
        {"_fpclass", address_of(old_class<double>)},
        passed_on<Two, std::hypot>("_hypot"),
        {"_isnan", address_of(is_not_a_number<double>)},
        passed_on<One, ::j0>("_j0"),
        passed_on<One, ::j1>("_j1"),
        passed_on<double(int, double), ::jn>("_jn"),
        passed_on<One, std::logb>("_logb"),
        passed_on<Two, std::nextafter>("_nextafter"),
        passed_on<double(double, int), std::scalbn>("_scalb"),
        passed_on<One, ::y0>("_y0"),
        passed_on<One, ::y1>("_y1"),
        passed_on<double(int, double), ::yn>("_yn"),
        passed_on<One, std::acos>("acos"),
        passed_on<One, std::acosh>("acosh"),
        passed_on<One, std::asin>("asin"),
        passed_on<One, std::asinh>("asinh"),
        passed_on<One, std::atan>("atan"),
        passed_on<Two, std::atan2>("atan2"),
        passed_on<One, std::atanh>("atanh"),
        passed_on<One, std::cbrt>("cbrt"),
        passed_on<One, std::ceil>("ceil"),
        passed_on<Two, std::copysign>("copysign"),
        passed_on<One, std::cos>("cos"),
        passed_on<One, std::cosh>("cosh"),
        passed_on<One, std::erf>("erf"),
        passed_on<One, std::erfc>("erfc"),
        passed_on<One, std::exp>("exp"),
        passed_on<One, std::exp2>("exp2"),
        passed_on<One, std::expm1>("expm1"),
        passed_on<One, std::fabs>("fabs"),
        passed_on<Two, std::fdim>("fdim"),
        passed_on<One, std::floor>("floor"),
        passed_on<double(double, double, double), std::fma>("fma"),
        passed_on<Two, std::fmax>("fmax"),
        passed_on<Two, std::fmin>("fmin"),
        passed_on<Two, std::fmod>("fmod"),
        passed_on<double(double, int*), std::frexp>("frexp"),
        passed_on<Two, std::hypot>("hypot"),
        passed_on<int(double), std::ilogb>("ilogb"),
        passed_on<double(double, int), std::ldexp>("ldexp"),
        passed_on<One, std::lgamma>("lgamma"),
        passed_on<long long(double), std::llrint>("llrint"),
        passed_on<long long(double), std::llround>("llround"),
        passed_on<One, std::log>("log"),
        passed_on<One, std::log10>("log10"),
        passed_on<One, std::log1p>("log1p"),
        passed_on<One, std::log2>("log2"),
        passed_on<One, std::logb>("logb"),
        {"lrint", address_of(nearest_to_long<double>)},
        {"lround", address_of(round_to_long<double>)},
        passed_on<double(double, double*), std::modf>("modf"),
        passed_on<double(const char*), std::nan>("nan"),
        passed_on<One, std::nearbyint>("nearbyint"),
        passed_on<Two, std::nextafter>("nextafter"),
        passed_on<Two, std::pow>("pow"),
        passed_on<Two, std::remainder>("remainder"),
        passed_on<double(double, double, int*), std::remquo>("remquo"),
        passed_on<One, std::rint>("rint"),
        passed_on<One, std::round>("round"),
        passed_on<double(double, int), std::scalbn>("scalbn"),
        passed_on<One, std::sin>("sin"),
        passed_on<One, std::sinh>("sinh"),
        passed_on<One, std::sqrt>("sqrt"),
        passed_on<One, std::tan>("tan"),
        passed_on<One, std::tanh>("tanh"),
        passed_on<One, std::tgamma>("tgamma"),
        passed_on<One, std::trunc>("trunc"),
    };
    return table;
}

std::span<const Export> float_math_exports() {
    static const Export table[] = {
        {"_chgsignf", address_of(change_sign_float)},
        passed_on<TwoFloats, ::copysignf>("_copysignf"),
        {"_fdclass", address_of(new_class<float>)},
        {"_fdsign", address_of(sign_bit<float>)},
        {"_fdtest", address_of(class_behind<float>)},
        {"_finitef", address_of(is_finite<float>)},
        {"_fpclassf", address_of(old_class<float>)},
        passed_on<TwoFloats, ::hypotf>("_hypotf"),
        {"_isnanf", address_of(is_not_a_number<float>)},
        passed_on<OneFloat, ::logbf>("_logbf"),
        passed_on<TwoFloats, ::nextafterf>("_nextafterf"),
        passed_on<OneFloat, ::acosf>("acosf"),
        passed_on<OneFloat, ::asinf>("asinf"),
        passed_on<OneFloat, ::atanf>("atanf"),
        passed_on<TwoFloats, ::atan2f>("atan2f"),
        passed_on<OneFloat, ::cbrtf>("cbrtf"),
        passed_on<OneFloat, ::ceilf>("ceilf"),
        passed_on<TwoFloats, ::copysignf>("copysignf"),
        passed_on<OneFloat, ::cosf>("cosf"),
        passed_on<OneFloat, ::coshf>("coshf"),
        passed_on<OneFloat, ::expf>("expf"),
        passed_on<OneFloat, ::exp2f>("exp2f"),
        passed_on<OneFloat, ::expm1f>("expm1f"),
        passed_on<OneFloat, ::fabsf>("fabsf"),
        passed_on<TwoFloats, ::fdimf>("fdimf"),
        passed_on<OneFloat, ::floorf>("floorf"),
        passed_on<float(float, float, float), ::fmaf>("fmaf"),
        passed_on<TwoFloats, ::fmaxf>("fmaxf"),
        passed_on<TwoFloats, ::fminf>("fminf"),
        passed_on<TwoFloats, ::fmodf>("fmodf"),
        passed_on<float(float, int*), ::frexpf>("frexpf"),
        passed_on<float(float, int), ::ldexpf>("ldexpf"),
        passed_on<long long(float), ::llrintf>("llrintf"),
        passed_on<long long(float), ::llroundf>("llroundf"),
        passed_on<OneFloat, ::logf>("logf"),
        passed_on<OneFloat, ::log10f>("log10f"),
        passed_on<OneFloat, ::log1pf>("log1pf"),
        passed_on<OneFloat, ::log2f>("log2f"),
        {"lrintf", address_of(nearest_to_long<float>)},
        {"lroundf", address_of(round_to_long<float>)},
        passed_on<float(float, float*), ::modff>("modff"),
        passed_on<OneFloat, ::nearbyintf>("nearbyintf"),
        passed_on<TwoFloats, ::powf>("powf"),
        passed_on<OneFloat, ::rintf>("rintf"),
        passed_on<OneFloat, ::roundf>("roundf"),
        passed_on<float(float, int), ::scalbnf>("scalbnf"),
        passed_on<OneFloat, ::sinf>("sinf"),
        passed_on<OneFloat, ::sinhf>("sinhf"),
        passed_on<OneFloat, ::sqrtf>("sqrtf"),
        passed_on<OneFloat, ::tanf>("tanf"),
        passed_on<OneFloat, ::tanhf>("tanhf"),
        passed_on<OneFloat, ::truncf>("truncf"),
    };
    return table;
}

}  // namespace instdrv::winapi::crt
