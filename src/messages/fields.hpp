// Short forms for the rows of the declaration tables.
#pragma once

#include "messages/declaration.hpp"

namespace instdrv::messages {

// ---- fields of structures ----------------------------------------------------------------------

constexpr Field number(std::string_view name, std::uint16_t size, Flow flow = Flow::in,
                       std::string_view label = {}, Show show = Show::decimal) {
    return {.name = name, .flow = flow, .size = size, .label = label, .show = show};
}
constexpr Field dword(std::string_view name, std::string_view label = {},
                      Show show = Show::decimal) {
    return number(name, 4, Flow::in, label, show);
}
constexpr Field returned_dword(std::string_view name, std::string_view label = {},
                               Show show = Show::decimal) {
    return number(name, 4, Flow::both, label, show);
}
constexpr Field flags(std::string_view name) { return dword(name, "flags", Show::hexadecimal); }
constexpr Field wide(std::string_view name, Flow flow = Flow::in) {
    return number(name, pointer_sized, flow);
}
constexpr Field structure_size(std::string_view name, Flow flow = Flow::in) {
    return {.name = name, .kind = Kind::structure_size, .flow = flow, .size = 4};
}
constexpr Field returned_bytes(std::string_view name, std::uint16_t size) {
    return {.name = name, .kind = Kind::bytes, .flow = Flow::both, .size = size};
}
constexpr Field own(std::string_view name, std::uint16_t size) {
    return {.name = name, .kind = Kind::own, .size = size};
}
constexpr Field buffer(std::string_view name, Flow flow, Length length,
                       std::string_view label = {}) {
    return {.name = name, .kind = Kind::buffer, .flow = flow, .label = label, .length = length};
}
constexpr Field text(std::string_view name, std::string_view label) {
    return {.name = name, .kind = Kind::text, .label = label};
}
constexpr Field same_as(std::string_view name, std::string_view other) {
    return {.name = name, .kind = Kind::same_as, .of = other};
}
constexpr Field callback(std::string_view name) { return {.name = name, .kind = Kind::callback}; }
constexpr Field function(std::string_view name, FunctionKind kind, std::string_view user) {
    return {.name = name, .kind = Kind::function, .of = user, .function = kind};
}
constexpr Field function_user(std::string_view name) {
    return {.name = name, .kind = Kind::function_user};
}

// ---- lengths -----------------------------------------------------------------------------------

constexpr Length fixed(std::uint32_t size) { return {.rule = LengthRule::fixed, .bytes = size}; }
constexpr Length sibling(std::string_view of) { return {.rule = LengthRule::sibling, .of = of}; }
constexpr Length by(LengthRule rule, std::string_view of = {}) { return {.rule = rule, .of = of}; }

// ---- parameters --------------------------------------------------------------------------------

constexpr Parameter unused{};  // travels as a number all the same
constexpr Parameter value(std::string_view label, Show show = Show::decimal) {
    return {.field = {.label = label, .show = show}};
}
constexpr Parameter size_of_other{.field = {.kind = Kind::size_of_other}};
constexpr Parameter pointer_to(const Structure& structure) {
    return {.field = {.kind = Kind::structure, .structure = &structure}};
}
constexpr Parameter pointer_to(Flow flow, Length length, std::string_view label = {}) {
    return {.field = {.kind = Kind::buffer, .flow = flow, .label = label, .length = length}};
}
constexpr Parameter held(Parameter parameter, Group group, Keep keep,
                         Buffers buffers = Buffers::carried) {
    parameter.group = group;
    parameter.keep = keep;
    parameter.buffers = buffers;
    return parameter;
}
constexpr Parameter unless(Parameter parameter, std::string_view field, std::uint32_t bits) {
    parameter.unless_field = field;
    parameter.unless_bits = bits;
    return parameter;
}

}  // namespace instdrv::messages
