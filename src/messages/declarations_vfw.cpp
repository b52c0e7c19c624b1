// The messages of Video for Windows. Facts: <instdrv/vfw.h>, and the Windows 98 and NT DDKs' pages
// of the single messages for what a parameter is.
#include <instdrv/vfw.h>

#include <array>

#include "messages/declarations.hpp"
#include "messages/fields.hpp"

namespace instdrv::messages {
namespace {

constexpr Field format(std::string_view name, std::string_view label, Flow flow = Flow::in) {
    return buffer(name, flow, by(LengthRule::dib_format), label);
}

constexpr auto open_description_fields = std::to_array<Field>({
    structure_size("dwSize"),
    dword("fccType", "type", Show::letters),
    dword("fccHandler", "handler", Show::letters),
    dword("dwVersion"),
    dword("dwFlags", "mode"),
    wide("dwError", Flow::both),
    own("pV1Reserved", pointer_sized),
    own("pV2Reserved", pointer_sized),
    dword("dnDevNode"),
});

constexpr auto info_fields = std::to_array<Field>({
    returned_dword("dwSize"),
    returned_dword("fccType"),
    returned_dword("fccHandler"),
    returned_dword("dwFlags"),
    returned_dword("dwVersion"),
    returned_dword("dwVersionICM"),
    returned_bytes("szName", 2 * 16),
    returned_bytes("szDescription", 2 * 128),
    returned_bytes("szDriver", 2 * 128),
});

constexpr auto compress_fields = std::to_array<Field>({
    flags("dwFlags"),
    format("lpbiOutput", "output", Flow::both),
    buffer("lpOutput", Flow::out,
           {.rule = LengthRule::compressed_frame,
            .of = "lpbiInput",
            .used = Used::image_size,
            .used_of = "lpbiOutput"}),
    format("lpbiInput", "input"),
    buffer("lpInput", Flow::in, by(LengthRule::image, "lpbiInput")),
    buffer("lpckid", Flow::both, fixed(sizeof(DWORD))),
    buffer("lpdwFlags", Flow::both, fixed(sizeof(DWORD))),
    dword("lFrameNum", "frame"),
    dword("dwFrameSize", "size"),
    dword("dwQuality", "quality"),
    format("lpbiPrev", "previous"),
    buffer("lpPrev", Flow::in, by(LengthRule::image, "lpbiPrev")),
});

constexpr auto compress_frames_fields = std::to_array<Field>({
    flags("dwFlags"),
    format("lpbiOutput", "output"),
    function_user("lOutput"),
    format("lpbiInput", "input"),
    function_user("lInput"),
    dword("lStartFrame", "first"),
    dword("lFrameCount", "frames"),
    dword("lQuality", "quality"),
    dword("lDataRate"),
    dword("lKeyRate"),
    dword("dwRate"),
    dword("dwScale"),
    dword("dwOverheadPerFrame"),
    dword("dwReserved2"),
    function("GetData", FunctionKind::icm_get_data, "lInput"),
    function("PutData", FunctionKind::icm_put_data, "lOutput"),
});

constexpr auto status_proc_fields = std::to_array<Field>({
    flags("dwFlags"),
    function_user("lParam"),
    function("Status", FunctionKind::icm_status, "lParam"),
});

constexpr auto decompress_fields = std::to_array<Field>({
    flags("dwFlags"),
    format("lpbiInput", "input"),
    buffer("lpInput", Flow::in, by(LengthRule::frame, "lpbiInput")),
    format("lpbiOutput", "output"),
    // The driver finds the frame before, which it may change in part.
    buffer("lpOutput", Flow::both, by(LengthRule::image, "lpbiOutput")),
    dword("ckid"),
});

constexpr auto decompress_ex_fields = std::to_array<Field>({
    flags("dwFlags"),
    format("lpbiSrc", "input"),
    buffer("lpSrc", Flow::in, by(LengthRule::frame, "lpbiSrc")),
    format("lpbiDst", "output"),
    buffer("lpDst", Flow::both, by(LengthRule::image, "lpbiDst")),
    dword("xDst"),
    dword("yDst"),
    dword("dxDst"),
    dword("dyDst"),
    dword("xSrc"),
    dword("ySrc"),
    dword("dxSrc"),
    dword("dySrc"),
});

constexpr auto draw_begin_fields = std::to_array<Field>({
    flags("dwFlags"),
    wide("hpal"),
    wide("hwnd"),
    wide("hdc"),
    dword("xDst"),
    dword("yDst"),
    dword("dxDst"),
    dword("dyDst"),
    format("lpbi", "input"),
    dword("xSrc"),
    dword("ySrc"),
    dword("dxSrc"),
    dword("dySrc"),
    dword("dwRate"),
    dword("dwScale"),
});

constexpr auto draw_fields = std::to_array<Field>({
    flags("dwFlags"),
    format("lpFormat", "input"),
    buffer("lpData", Flow::in, sibling("cbData")),
    dword("cbData", "bytes"),
    dword("lTime", "time"),
});

constexpr auto draw_suggest_fields = std::to_array<Field>({
    format("lpbiIn", "input"),
    buffer("lpbiSuggest", Flow::out,
           {.rule = LengthRule::dib_format_wanted, .used = Used::dib_format}),
    dword("dxSrc"), dword("dySrc"), dword("dxDst"), dword("dyDst"),
    own("hicDecompressor", pointer_sized),  // a handle of the client's process
});

constexpr Structure open_description{"ICOPEN", Packing::natural, open_description_fields, true};
constexpr Structure info{"ICINFO", Packing::natural, info_fields, true};
constexpr Structure compress{"ICCOMPRESS", Packing::natural, compress_fields};
constexpr Structure compress_frames{"ICCOMPRESSFRAMES", Packing::natural, compress_frames_fields};
constexpr Structure status_proc{"ICSETSTATUSPROC", Packing::natural, status_proc_fields};
constexpr Structure decompress{"ICDECOMPRESS", Packing::natural, decompress_fields};
constexpr Structure decompress_ex{"ICDECOMPRESSEX", Packing::natural, decompress_ex_fields};
constexpr Structure draw_begin{"ICDRAWBEGIN", Packing::natural, draw_begin_fields};
constexpr Structure draw{"ICDRAW", Packing::natural, draw_fields};
constexpr Structure draw_suggest{"ICDRAWSUGGEST", Packing::natural, draw_suggest_fields};

constexpr std::array structures{
    &open_description, &info,       &compress, &compress_frames, &status_proc, &decompress,
    &decompress_ex,    &draw_begin, &draw,     &draw_suggest};

constexpr Parameter input_format = pointer_to(Flow::in, by(LengthRule::dib_format), "input");
constexpr Parameter output_format = pointer_to(Flow::in, by(LengthRule::dib_format), "output");
// As large as the driver answered when it was asked without one.
constexpr Parameter wanted_format = pointer_to(
    Flow::out, {.rule = LengthRule::dib_format_wanted, .used = Used::dib_format}, "output");
constexpr Parameter wanted_palette = pointer_to(
    Flow::both, {.rule = LengthRule::dib_palette_wanted, .used = Used::dib_format}, "output");
constexpr Parameter returned_dword_at = pointer_to(Flow::both, fixed(sizeof(DWORD)));
constexpr Parameter window = value("hwnd", Show::hexadecimal);

constexpr Declaration numbers(std::string_view name, UINT number, Group ends = Group::none) {
    return {name, number, unused, unused, ends};
}

constexpr Declaration begin(std::string_view name, UINT number, Group group) {
    return {name, number, held(input_format, group, Keep::begin),
            held(output_format, group, Keep::begin)};
}

constexpr Declaration with(std::string_view name, UINT number, const Structure& structure) {
    return {name, number, pointer_to(structure), size_of_other};
}

constexpr Declaration query(std::string_view name, UINT number) {
    return {name, number, input_format, output_format};
}

constexpr auto messages = std::to_array<Declaration>({
    {"ICM_COMPRESS_GET_FORMAT", ICM_COMPRESS_GET_FORMAT, input_format, wanted_format, Group::none,
     Remember::when_no_format},
    {"ICM_COMPRESS_GET_SIZE", ICM_COMPRESS_GET_SIZE, input_format, output_format, Group::none,
     Remember::always},
    query("ICM_COMPRESS_QUERY", ICM_COMPRESS_QUERY),
    begin("ICM_COMPRESS_BEGIN", ICM_COMPRESS_BEGIN, Group::vfw_compress),
    with("ICM_COMPRESS", ICM_COMPRESS, compress),
    numbers("ICM_COMPRESS_END", ICM_COMPRESS_END, Group::vfw_compress),
    {"ICM_DECOMPRESS_GET_FORMAT", ICM_DECOMPRESS_GET_FORMAT, input_format, wanted_format,
     Group::none, Remember::when_no_format},
    query("ICM_DECOMPRESS_QUERY", ICM_DECOMPRESS_QUERY),
    begin("ICM_DECOMPRESS_BEGIN", ICM_DECOMPRESS_BEGIN, Group::vfw_decompress),
    with("ICM_DECOMPRESS", ICM_DECOMPRESS, decompress),
    numbers("ICM_DECOMPRESS_END", ICM_DECOMPRESS_END, Group::vfw_decompress),
    {"ICM_DRAW_BEGIN", ICM_DRAW_BEGIN,
     unless(held(pointer_to(draw_begin), Group::vfw_draw, Keep::begin), "dwFlags", ICDRAW_QUERY),
     size_of_other},
    numbers("ICM_DRAW_GET_PALETTE", ICM_DRAW_GET_PALETTE),
    numbers("ICM_DRAW_UPDATE", ICM_DRAW_UPDATE),
    numbers("ICM_DRAW_START", ICM_DRAW_START),
    numbers("ICM_DRAW_STOP", ICM_DRAW_STOP),
    numbers("ICM_DRAW_BITS", ICM_DRAW_BITS),
    numbers("ICM_DRAW_END", ICM_DRAW_END, Group::vfw_draw),
    {"ICM_DECOMPRESS_SET_PALETTE", ICM_DECOMPRESS_SET_PALETTE,
     pointer_to(Flow::in, by(LengthRule::dib_format), "palette"), unused},
    {"ICM_DECOMPRESS_GET_PALETTE", ICM_DECOMPRESS_GET_PALETTE, input_format, wanted_palette},
    {"ICM_DRAW_QUERY", ICM_DRAW_QUERY, input_format, unused},
    {"ICM_DRAW_GETTIME", ICM_DRAW_GETTIME, returned_dword_at, unused},
    with("ICM_DRAW", ICM_DRAW, draw),
    {"ICM_DRAW_WINDOW", ICM_DRAW_WINDOW, pointer_to(Flow::in, fixed(sizeof(RECT))), unused},
    {"ICM_DRAW_SETTIME", ICM_DRAW_SETTIME, value("time"), unused},
    numbers("ICM_DRAW_REALIZE", ICM_DRAW_REALIZE),
    numbers("ICM_DRAW_FLUSH", ICM_DRAW_FLUSH),
    numbers("ICM_DRAW_RENDERBUFFER", ICM_DRAW_RENDERBUFFER),
    {"ICM_DRAW_START_PLAY", ICM_DRAW_START_PLAY, value("from"), value("to")},
    numbers("ICM_DRAW_STOP_PLAY", ICM_DRAW_STOP_PLAY),
    {"ICM_GETBUFFERSWANTED", ICM_GETBUFFERSWANTED, returned_dword_at, unused},
    {"ICM_GETDEFAULTKEYFRAMERATE", ICM_GETDEFAULTKEYFRAMERATE, returned_dword_at, unused},
    {"ICM_DRAW_SUGGESTFORMAT", ICM_DRAW_SUGGESTFORMAT, pointer_to(draw_suggest), size_of_other,
     Group::none, Remember::when_no_format},
    {"ICM_DRAW_CHANGEPALETTE", ICM_DRAW_CHANGEPALETTE, input_format, unused},
    numbers("ICM_DRAW_IDLE", ICM_DRAW_IDLE),
    {"ICM_DECOMPRESSEX_BEGIN", ICM_DECOMPRESSEX_BEGIN,
     held(pointer_to(decompress_ex), Group::vfw_decompress_ex, Keep::begin, Buffers::absent),
     size_of_other},
    {"ICM_DECOMPRESSEX_QUERY", ICM_DECOMPRESSEX_QUERY,
     held(pointer_to(decompress_ex), Group::none, Keep::no, Buffers::absent), size_of_other},
    with("ICM_DECOMPRESSEX", ICM_DECOMPRESSEX, decompress_ex),
    numbers("ICM_DECOMPRESSEX_END", ICM_DECOMPRESSEX_END, Group::vfw_decompress_ex),
    {"ICM_COMPRESS_FRAMES_INFO", ICM_COMPRESS_FRAMES_INFO,
     held(pointer_to(compress_frames), Group::vfw_frames, Keep::begin), size_of_other},
    numbers("ICM_COMPRESS_FRAMES", ICM_COMPRESS_FRAMES),
    {"ICM_SET_STATUS_PROC", ICM_SET_STATUS_PROC,
     held(pointer_to(status_proc), Group::vfw_status, Keep::begin), size_of_other},
    {"ICM_GETSTATE", ICM_GETSTATE, pointer_to(Flow::both, sibling("lParam2"), "state"), unused},
    {"ICM_SETSTATE", ICM_SETSTATE, pointer_to(Flow::in, sibling("lParam2"), "state"), unused},
    with("ICM_GETINFO", ICM_GETINFO, info),
    {"ICM_CONFIGURE", ICM_CONFIGURE, window, value("flags", Show::hexadecimal)},
    {"ICM_ABOUT", ICM_ABOUT, window, value("flags", Show::hexadecimal)},
    // Nothing public says what these three carry.
    numbers("ICM_GETERRORTEXT", ICM_GETERRORTEXT),
    numbers("ICM_GETFORMATNAME", ICM_GETFORMATNAME),
    numbers("ICM_ENUMFORMATS", ICM_ENUMFORMATS),
    {"ICM_GETDEFAULTQUALITY", ICM_GETDEFAULTQUALITY, returned_dword_at, unused},
    {"ICM_GETQUALITY", ICM_GETQUALITY, returned_dword_at, unused},
    {"ICM_SETQUALITY", ICM_SETQUALITY, pointer_to(Flow::in, fixed(sizeof(DWORD))), unused},
    numbers("ICM_SET", ICM_SET),
    numbers("ICM_GET", ICM_GET),
});

constexpr Declaration opening{"DRV_OPEN", DRV_OPEN, open_text, pointer_to(open_description)};

static_assert(are_by_number(messages));

}  // namespace

constinit const FamilyTable vfw_table{messages, opening, structures};

}  // namespace instdrv::messages
