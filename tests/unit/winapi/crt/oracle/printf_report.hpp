// One call's outcome as a line of text, the same under Wine and here.
#pragma once

#include <cstdio>
#include <string>

#include "oracle/printf_cases.hpp"

namespace cases {

template <class Char>
std::string printable(const Char* text, std::size_t length) {
    std::string result;
    for (std::size_t i = 0; i < length; ++i) {
        const unsigned code = sizeof(Char) == 1 ? static_cast<unsigned char>(text[i]) : text[i];
        char escaped[16];
        const bool plain = code >= 32 && code < 127 && code != '\\';
        std::snprintf(escaped, sizeof escaped, plain ? "%c" : "\\%x;", code);
        result += escaped;
    }
    return result;
}

// Calls `format(buffer, format text)` with a buffer of the case's size that is filled with '#', and
// describes the answer, all of the buffer, and what lies behind it.
template <class Char, class Call>
std::string outcome(const std::string& function, const Case& one, Call format) {
    std::basic_string<Char> buffer(one.room + 1, Char{'#'});
    const std::basic_string<Char> text(one.format, one.format + std::strlen(one.format));
    const int answer = format(buffer.data(), text.c_str());
    std::size_t length = buffer.size();
    while (length > 0 && buffer[length - 1] == Char{'#'})
        --length;
    return function + " [" + printable(one.format, std::strlen(one.format)) + "] " +
           std::to_string(answer) + " \"" + printable(buffer.data(), length) + '"';
}

// Every outcome of a runtime: `runtime` has narrow and wide, for given options and for msvcrt.
template <class Runtime>
void report_all(Runtime& runtime) {
    for (const Case& one : all_cases()) {
        for (const auto options : option_sets()) {
            const std::string bits = std::to_string(options);
            if (one.msvcrt_only) continue;
            runtime.line(outcome<char>("ucrt " + bits, one, [&](char* buffer, const char* format) {
                return runtime.ucrt(options, buffer, one.room, format, one.arguments.data());
            }));
            runtime.line(outcome<char16_t>(
                "ucrt wide " + bits, one, [&](char16_t* buffer, const char16_t* format) {
                    return runtime.ucrt(options, buffer, one.room, format, one.arguments.data());
                }));
        }
        runtime.line(outcome<char>("msvcrt", one, [&](char* buffer, const char* format) {
            return runtime.msvcrt(buffer, one.room, format, one.arguments.data());
        }));
        runtime.line(
            outcome<char16_t>("msvcrt wide", one, [&](char16_t* buffer, const char16_t* format) {
                return runtime.msvcrt(buffer, one.room, format, one.arguments.data());
            }));
    }
}

}  // namespace cases
