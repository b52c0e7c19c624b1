// The declaration of a message as data: its parameters, the structures they point at, where lengths
// come from, and what a driver keeps. Everything in this folder works from declarations.
//
// A message is one row of a table (declarations_*.cpp); a structure is one list of its fields in
// the order of the Windows header, from which its layout for either pointer size follows.
#pragma once

#include <instdrv/windows_types.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "messages/callbacks.hpp"
#include "messages/catalog.hpp"

namespace instdrv::messages {

enum class Kind : std::uint8_t {
    number,          // `size` bytes; one with the size of a pointer is converted, with its sign
    structure_size,  // 4 bytes in a structure: how much of it there is, in bytes of its side
    size_of_other,   // a parameter: the size of the structure the other parameter points at
    bytes,           // `size` bytes in place, the same on both sides, such as a text
    own,             // each side has its own: the driver finds 0, then what it put there itself
    structure,       // a pointer to one (parameters only: no structure here points at another)
    buffer,          // a pointer to bytes that are the same on both sides; see Length
    text,            // a pointer to a zero-terminated text
    same_as,         // a pointer that the driver gets where it is the same as the one in `of`
    callback,        // what DriverCallback is given: the driver gets a token
    function,        // a function the driver calls: it gets a thunk
    function_user,   // the first argument of the function in `of`: the driver gets a token
};

// The direction of data: `in` to the driver, `out` from the driver, or both. Data that the driver
// may not change is never copied back. Numbers and bytes in place always reach the driver; the
// content of a buffer does not if it is `out`.
enum class Flow : std::uint8_t { in, out, both };

enum class LengthRule : std::uint8_t {
    none,
    fixed,               // Length::bytes
    sibling,             // the number in the field or parameter `of`
    wave_format,         // WAVEFORMATEX: 18 and cbSize; 16 for PCM, which need not have cbSize
    wave_filter,         // WAVEFILTER: its cbStruct
    dib_format,          // BITMAPINFOHEADER: biSize, masks and colours
    dib_format_wanted,   // one the driver writes: see Remember; 40 bytes if it was never asked
    dib_palette_wanted,  // one with room for 256 colours
    image,               // the picture that the format at `of` describes
    frame,               // the same, but compressed data of no stated size is empty
    compressed_frame,    // what a compressor writes; see rules.hpp
};

// How much of a buffer the driver used, never more than its length.
enum class Used : std::uint8_t {
    all,
    sibling,     // the number in the field `used_of`, as the driver left it
    image_size,  // biSizeImage of the format at `used_of`, as the driver left it
    dib_format,  // what the format in the buffer needs
};

struct Length {
    LengthRule rule = LengthRule::none;
    std::string_view of{};
    std::uint32_t bytes = 0;
    Used used = Used::all;
    std::string_view used_of{};
};

// How traces print a number.
enum class Show : std::uint8_t { decimal, hexadecimal, letters };

struct Structure;

// `size` of what has the size of a pointer.
inline constexpr std::uint16_t pointer_sized = 0;

struct Field {
    std::string_view name;
    Kind kind = Kind::number;
    Flow flow = Flow::in;
    std::uint16_t size = pointer_sized;
    std::string_view label{};  // its name in traces; without one it is left out
    Show show = Show::decimal;
    Length length{};
    std::string_view of{};
    FunctionKind function{};
    const Structure* structure = nullptr;
    std::uint8_t text_unit = 2;  // 0: as lParam1 of DRV_OPEN has it
    // Flags in lParam1 that say whether a text is there, and whether it is a number instead; 0: it
    // always is a text.
    std::uint32_t present_flag = 0;
    std::uint32_t number_flag = 0;
};

enum class Packing : std::uint8_t {
    one_byte,  // as mmsystem.h, mmddk.h and msacm.h do
    natural,   // as vfw.h does
    either,    // as one_byte or natural, by the size the client states; see codec/acm_layout.hpp
};

struct Structure {
    std::string_view name;
    Packing packing;
    std::span<const Field> fields;
    // A shorter one is part of the contract: the rest is not there. Otherwise it is an Error.
    bool may_be_shorter = false;
    // The fields that make up a CallbackTarget.
    struct {
        std::string_view callback{}, user{}, device{}, flags{};
    } target{};
};

// A group of objects that are held together between messages. Objects of the first two groups are
// told apart by the client's address; of every other group there is one set, which the next begin
// replaces.
enum class Group : std::uint8_t {
    none,
    acm_stream,
    acm_header,  // ends with the stream in lParam1 as well
    vfw_compress,
    vfw_decompress,
    vfw_decompress_ex,
    vfw_draw,
    vfw_frames,
    vfw_status,
};

enum class Keep : std::uint8_t {
    no,
    begin,    // from here on, if the driver answers 0
    refresh,  // if it is held, the one that is held is used and brought up to date
    use,      // if it is held, the one that is held is used as it is
    end,      // as refresh, and it ends here, whatever the answer
};

enum class Buffers : std::uint8_t {
    carried,
    placed,  // they get their addresses, but no content goes either way
    absent,  // the driver gets null pointers: the message does not use them
};

struct Parameter {
    Field field{};  // without a name; siblings are called lParam1 and lParam2
    Group group = Group::none;
    Keep keep = Keep::no;
    Buffers buffers = Buffers::carried;
    // Not kept where these bits of this field are set (a query that opens nothing).
    std::string_view unless_field{};
    std::uint32_t unless_bits = 0;
    // MMSYSERR_NOTSUPPORTED begins it too: the ACM then does the driver's part.
    bool keep_if_unsupported = false;
};

// Whether the answer is the size of a buffer in a later message: with when_no_format, of the
// format (dib_format_wanted) that this message has a null pointer for.
enum class Remember : std::uint8_t { no, always, when_no_format };

struct Declaration {
    std::string_view name;
    UINT number;
    Parameter lparam1;
    Parameter lparam2;
    Group ends = Group::none;  // everything held in it ends here
    Remember remember = Remember::no;
};

// As a driver of `family` understands the number: its own messages, then the standard ones. Null
// if there is none. DRV_OPEN differs by family, for its lParam2.
const Declaration* find_declaration(Family family, UINT number) noexcept;

}  // namespace instdrv::messages
