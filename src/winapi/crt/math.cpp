// Mathematics, which is the host's: the functions of both C libraries take and answer the same
// numbers. https://learn.microsoft.com/cpp/c-runtime-library/floating-point-support
#include <cmath>
#include <cstdlib>

#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

using One = double(double);
using Two = double(double, double);
using OneFloat = float(float);
using TwoFloats = float(float, float);

// Windows' long has 32 bits.
template <class Real>
LONG round_to_long(Real value) {
    return static_cast<LONG>(std::llround(value));
}
CRT_EXPORT_AS("lround", in_crt, round_to_long<double>);
template <class Real>
LONG nearest_to_long(Real value) {
    return static_cast<LONG>(std::llrint(value));
}
CRT_EXPORT_AS("lrint", in_crt, nearest_to_long<double>);

template <class Real>
int is_finite(Real value) {
    return std::isfinite(value) ? 1 : 0;
}
CRT_EXPORT_AS("_finite", in_crt, is_finite<double>);
template <class Real>
int is_not_a_number(Real value) {
    return std::isnan(value) ? 1 : 0;
}
CRT_EXPORT_AS("_isnan", in_crt, is_not_a_number<double>);

// https://learn.microsoft.com/cpp/c-runtime-library/reference/fpclass-fpclassf
template <class Real>
int old_class(Real value) {
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
CRT_EXPORT_AS("_fpclass", in_crt, old_class<double>);

// https://learn.microsoft.com/cpp/c-runtime-library/reference/floating-point-primitives
template <class Real>
short new_class(Real value) {
    switch (std::fpclassify(value)) {
        case FP_INFINITE: return 1;
        case FP_NAN: return 2;
        case FP_NORMAL: return -1;
        case FP_SUBNORMAL: return -2;
        default: return 0;
    }
}
CRT_EXPORT_AS("_dclass", in_crt, new_class<double>);

template <class Real>
short class_behind(Real* value) {
    return new_class(*value);
}
CRT_EXPORT_AS("_dtest", in_crt, class_behind<double>);

template <class Real>
int sign_bit(Real value) {
    return std::signbit(value) ? 1 : 0;
}
CRT_EXPORT_AS("_dsign", in_crt, sign_bit<double>);

double _chgsign(double value) { return -value; }
CRT_EXPORT(_chgsign, in_crt);
float _chgsignf(float value) { return -value; }
CRT_EXPORT(_chgsignf, in_crt);

struct Complex {
    double x;
    double y;
};
double _cabs(const Complex* value) { return std::hypot(value->x, value->y); }
CRT_EXPORT(_cabs, in_crt);

int set_user_math_error(void*) { return 0; }
CRT_EXPORT_AS("__setusermatherr", in_crt, set_user_math_error, Coverage::partial,
              "the handler is never called");

}  // namespace

CRT_EXPORT_AS("_copysign", in_crt, (libc<Two>(std::copysign)));
CRT_EXPORT_AS("_hypot", in_crt, (libc<Two>(std::hypot)));
CRT_EXPORT_AS("_j0", in_crt, (libc<One>(::j0)));
CRT_EXPORT_AS("_j1", in_crt, (libc<One>(::j1)));
CRT_EXPORT_AS("_jn", in_crt, (libc<double(int, double)>(::jn)));
CRT_EXPORT_AS("_logb", in_crt, (libc<One>(std::logb)));
CRT_EXPORT_AS("_nextafter", in_crt, (libc<Two>(std::nextafter)));
CRT_EXPORT_AS("_scalb", in_crt, (libc<double(double, int)>(std::scalbn)));
CRT_EXPORT_AS("_y0", in_crt, (libc<One>(::y0)));
CRT_EXPORT_AS("_y1", in_crt, (libc<One>(::y1)));
CRT_EXPORT_AS("_yn", in_crt, (libc<double(int, double)>(::yn)));
CRT_EXPORT_AS("acos", in_crt, (libc<One>(std::acos)));
CRT_EXPORT_AS("acosh", in_crt, (libc<One>(std::acosh)));
CRT_EXPORT_AS("asin", in_crt, (libc<One>(std::asin)));
CRT_EXPORT_AS("asinh", in_crt, (libc<One>(std::asinh)));
CRT_EXPORT_AS("atan", in_crt, (libc<One>(std::atan)));
CRT_EXPORT_AS("atan2", in_crt, (libc<Two>(std::atan2)));
CRT_EXPORT_AS("atanh", in_crt, (libc<One>(std::atanh)));
CRT_EXPORT_AS("cbrt", in_crt, (libc<One>(std::cbrt)));
CRT_EXPORT_AS("ceil", in_crt | in_ntdll, (libc<One>(std::ceil)));
CRT_EXPORT_AS("copysign", in_crt, (libc<Two>(std::copysign)));
CRT_EXPORT_AS("cos", in_crt | in_ntdll, (libc<One>(std::cos)));
CRT_EXPORT_AS("cosh", in_crt, (libc<One>(std::cosh)));
CRT_EXPORT_AS("erf", in_crt, (libc<One>(std::erf)));
CRT_EXPORT_AS("erfc", in_crt, (libc<One>(std::erfc)));
CRT_EXPORT_AS("exp", in_crt, (libc<One>(std::exp)));
CRT_EXPORT_AS("exp2", in_crt, (libc<One>(std::exp2)));
CRT_EXPORT_AS("expm1", in_crt, (libc<One>(std::expm1)));
CRT_EXPORT_AS("fabs", in_crt | in_ntdll, (libc<One>(std::fabs)));
CRT_EXPORT_AS("fdim", in_crt, (libc<Two>(std::fdim)));
CRT_EXPORT_AS("floor", in_crt | in_ntdll, (libc<One>(std::floor)));
CRT_EXPORT_AS("fma", in_crt, (libc<double(double, double, double)>(std::fma)));
CRT_EXPORT_AS("fmax", in_crt, (libc<Two>(std::fmax)));
CRT_EXPORT_AS("fmin", in_crt, (libc<Two>(std::fmin)));
CRT_EXPORT_AS("fmod", in_crt, (libc<Two>(std::fmod)));
CRT_EXPORT_AS("frexp", in_crt, (libc<double(double, int*)>(std::frexp)));
CRT_EXPORT_AS("hypot", in_crt, (libc<Two>(std::hypot)));
CRT_EXPORT_AS("ilogb", in_crt, (libc<int(double)>(std::ilogb)));
CRT_EXPORT_AS("ldexp", in_crt, (libc<double(double, int)>(std::ldexp)));
CRT_EXPORT_AS("lgamma", in_crt, (libc<One>(std::lgamma)));
CRT_EXPORT_AS("llrint", in_crt, (libc<long long(double)>(std::llrint)));
CRT_EXPORT_AS("llround", in_crt, (libc<long long(double)>(std::llround)));
CRT_EXPORT_AS("log", in_crt | in_ntdll, (libc<One>(std::log)));
CRT_EXPORT_AS("log10", in_crt, (libc<One>(std::log10)));
CRT_EXPORT_AS("log1p", in_crt, (libc<One>(std::log1p)));
CRT_EXPORT_AS("log2", in_crt, (libc<One>(std::log2)));
CRT_EXPORT_AS("logb", in_crt, (libc<One>(std::logb)));
CRT_EXPORT_AS("modf", in_crt, (libc<double(double, double*)>(std::modf)));
CRT_EXPORT_AS("nan", in_crt, (libc<double(const char*)>(std::nan)));
CRT_EXPORT_AS("nearbyint", in_crt, (libc<One>(std::nearbyint)));
CRT_EXPORT_AS("nextafter", in_crt, (libc<Two>(std::nextafter)));
CRT_EXPORT_AS("pow", in_crt | in_ntdll, (libc<Two>(std::pow)));
CRT_EXPORT_AS("remainder", in_crt, (libc<Two>(std::remainder)));
CRT_EXPORT_AS("remquo", in_crt, (libc<double(double, double, int*)>(std::remquo)));
CRT_EXPORT_AS("rint", in_crt, (libc<One>(std::rint)));
CRT_EXPORT_AS("round", in_crt, (libc<One>(std::round)));
CRT_EXPORT_AS("scalbn", in_crt, (libc<double(double, int)>(std::scalbn)));
CRT_EXPORT_AS("sin", in_crt | in_ntdll, (libc<One>(std::sin)));
CRT_EXPORT_AS("sinh", in_crt, (libc<One>(std::sinh)));
CRT_EXPORT_AS("sqrt", in_crt | in_ntdll, (libc<One>(std::sqrt)));
CRT_EXPORT_AS("tan", in_crt | in_ntdll, (libc<One>(std::tan)));
CRT_EXPORT_AS("tanh", in_crt, (libc<One>(std::tanh)));
CRT_EXPORT_AS("tgamma", in_crt, (libc<One>(std::tgamma)));
CRT_EXPORT_AS("trunc", in_crt, (libc<One>(std::trunc)));

CRT_EXPORT_AS("_copysignf", in_crt, (libc<TwoFloats>(::copysignf)));
CRT_EXPORT_AS("_fdclass", in_crt, new_class<float>);
CRT_EXPORT_AS("_fdsign", in_crt, sign_bit<float>);
CRT_EXPORT_AS("_fdtest", in_crt, class_behind<float>);
CRT_EXPORT_AS("_finitef", in_crt, is_finite<float>);
CRT_EXPORT_AS("_fpclassf", in_crt, old_class<float>);
CRT_EXPORT_AS("_hypotf", in_crt, (libc<TwoFloats>(::hypotf)));
CRT_EXPORT_AS("_isnanf", in_crt, is_not_a_number<float>);
CRT_EXPORT_AS("_logbf", in_crt, (libc<OneFloat>(::logbf)));
CRT_EXPORT_AS("_nextafterf", in_crt, (libc<TwoFloats>(::nextafterf)));
CRT_EXPORT_AS("acosf", in_crt, (libc<OneFloat>(::acosf)));
CRT_EXPORT_AS("asinf", in_crt, (libc<OneFloat>(::asinf)));
CRT_EXPORT_AS("atanf", in_crt, (libc<OneFloat>(::atanf)));
CRT_EXPORT_AS("atan2f", in_crt, (libc<TwoFloats>(::atan2f)));
CRT_EXPORT_AS("cbrtf", in_crt, (libc<OneFloat>(::cbrtf)));
CRT_EXPORT_AS("ceilf", in_crt, (libc<OneFloat>(::ceilf)));
CRT_EXPORT_AS("copysignf", in_crt, (libc<TwoFloats>(::copysignf)));
CRT_EXPORT_AS("cosf", in_crt, (libc<OneFloat>(::cosf)));
CRT_EXPORT_AS("coshf", in_crt, (libc<OneFloat>(::coshf)));
CRT_EXPORT_AS("expf", in_crt, (libc<OneFloat>(::expf)));
CRT_EXPORT_AS("exp2f", in_crt, (libc<OneFloat>(::exp2f)));
CRT_EXPORT_AS("expm1f", in_crt, (libc<OneFloat>(::expm1f)));
CRT_EXPORT_AS("fabsf", in_crt, (libc<OneFloat>(::fabsf)));
CRT_EXPORT_AS("fdimf", in_crt, (libc<TwoFloats>(::fdimf)));
CRT_EXPORT_AS("floorf", in_crt, (libc<OneFloat>(::floorf)));
CRT_EXPORT_AS("fmaf", in_crt, (libc<float(float, float, float)>(::fmaf)));
CRT_EXPORT_AS("fmaxf", in_crt, (libc<TwoFloats>(::fmaxf)));
CRT_EXPORT_AS("fminf", in_crt, (libc<TwoFloats>(::fminf)));
CRT_EXPORT_AS("fmodf", in_crt, (libc<TwoFloats>(::fmodf)));
CRT_EXPORT_AS("frexpf", in_crt, (libc<float(float, int*)>(::frexpf)));
CRT_EXPORT_AS("ldexpf", in_crt, (libc<float(float, int)>(::ldexpf)));
CRT_EXPORT_AS("llrintf", in_crt, (libc<long long(float)>(::llrintf)));
CRT_EXPORT_AS("llroundf", in_crt, (libc<long long(float)>(::llroundf)));
CRT_EXPORT_AS("logf", in_crt, (libc<OneFloat>(::logf)));
CRT_EXPORT_AS("log10f", in_crt, (libc<OneFloat>(::log10f)));
CRT_EXPORT_AS("log1pf", in_crt, (libc<OneFloat>(::log1pf)));
CRT_EXPORT_AS("log2f", in_crt, (libc<OneFloat>(::log2f)));
CRT_EXPORT_AS("lrintf", in_crt, nearest_to_long<float>);
CRT_EXPORT_AS("lroundf", in_crt, round_to_long<float>);
CRT_EXPORT_AS("modff", in_crt, (libc<float(float, float*)>(::modff)));
CRT_EXPORT_AS("nearbyintf", in_crt, (libc<OneFloat>(::nearbyintf)));
CRT_EXPORT_AS("powf", in_crt, (libc<TwoFloats>(::powf)));
CRT_EXPORT_AS("rintf", in_crt, (libc<OneFloat>(::rintf)));
CRT_EXPORT_AS("roundf", in_crt, (libc<OneFloat>(::roundf)));
CRT_EXPORT_AS("scalbnf", in_crt, (libc<float(float, int)>(::scalbnf)));
CRT_EXPORT_AS("sinf", in_crt, (libc<OneFloat>(::sinf)));
CRT_EXPORT_AS("sinhf", in_crt, (libc<OneFloat>(::sinhf)));
CRT_EXPORT_AS("sqrtf", in_crt, (libc<OneFloat>(::sqrtf)));
CRT_EXPORT_AS("tanf", in_crt, (libc<OneFloat>(::tanf)));
CRT_EXPORT_AS("tanhf", in_crt, (libc<OneFloat>(::tanhf)));
CRT_EXPORT_AS("truncf", in_crt, (libc<OneFloat>(::truncf)));

}  // namespace instdrv::winapi::crt
