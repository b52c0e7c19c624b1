// The messages of the Audio Compression Manager. Facts: <instdrv/acm.h>, and the NT DDK's pages of
// the single messages for what a parameter is.
#include <instdrv/acm.h>

#include <array>

#include "messages/declarations.hpp"
#include "messages/fields.hpp"

namespace instdrv::messages {
namespace {

constexpr auto open_description_fields = std::to_array<Field>({
    structure_size("cbStruct"),
    dword("fccType", "type", Show::letters),
    dword("fccComp"),
    dword("dwVersion", "acm", Show::hexadecimal),
    flags("dwFlags"),
    returned_dword("dwError"),
    text("pszSectionName", "section"),
    text("pszAliasName", "alias"),
    dword("dnDevNode"),
});

constexpr auto driver_details_fields = std::to_array<Field>({
    structure_size("cbStruct", Flow::both),
    returned_dword("fccType"),
    returned_dword("fccComp"),
    number("wMid", 2, Flow::both),
    number("wPid", 2, Flow::both),
    returned_dword("vdwACM"),
    returned_dword("vdwDriver"),
    returned_dword("fdwSupport"),
    returned_dword("cFormatTags"),
    returned_dword("cFilterTags"),
    own("hicon", pointer_sized),  // an icon of the driver's process
    returned_bytes("szShortName", 2 * ACMDRIVERDETAILS_SHORTNAME_CHARS),
    returned_bytes("szLongName", 2 * ACMDRIVERDETAILS_LONGNAME_CHARS),
    returned_bytes("szCopyright", 2 * ACMDRIVERDETAILS_COPYRIGHT_CHARS),
    returned_bytes("szLicensing", 2 * ACMDRIVERDETAILS_LICENSING_CHARS),
    returned_bytes("szFeatures", 2 * ACMDRIVERDETAILS_FEATURES_CHARS),
});

constexpr auto format_tag_details_fields = std::to_array<Field>({
    structure_size("cbStruct", Flow::both),
    returned_dword("dwFormatTagIndex", "index"),
    returned_dword("dwFormatTag", "tag", Show::hexadecimal),
    returned_dword("cbFormatSize"),
    returned_dword("fdwSupport"),
    returned_dword("cStandardFormats"),
    returned_bytes("szFormatTag", 2 * ACMFORMATTAGDETAILS_FORMATTAG_CHARS),
});

constexpr auto format_details_fields = std::to_array<Field>({
    structure_size("cbStruct", Flow::both),
    returned_dword("dwFormatIndex", "index"),
    returned_dword("dwFormatTag", "tag", Show::hexadecimal),
    returned_dword("fdwSupport"),
    buffer("pwfx", Flow::both, sibling("cbwfx")),
    returned_dword("cbwfx", "bytes"),
    returned_bytes("szFormat", 2 * ACMFORMATDETAILS_FORMAT_CHARS),
});

constexpr auto format_suggest_fields = std::to_array<Field>({
    structure_size("cbStruct"),
    flags("fdwSuggest"),
    buffer("pwfxSrc", Flow::in, sibling("cbwfxSrc")),
    dword("cbwfxSrc", "src"),
    buffer("pwfxDst", Flow::both, sibling("cbwfxDst")),
    returned_dword("cbwfxDst", "dst"),
});

constexpr auto filter_tag_details_fields = std::to_array<Field>({
    structure_size("cbStruct", Flow::both),
    returned_dword("dwFilterTagIndex", "index"),
    returned_dword("dwFilterTag", "tag", Show::hexadecimal),
    returned_dword("cbFilterSize"),
    returned_dword("fdwSupport"),
    returned_dword("cStandardFilters"),
    returned_bytes("szFilterTag", 2 * ACMFILTERTAGDETAILS_FILTERTAG_CHARS),
});

constexpr auto filter_details_fields = std::to_array<Field>({
    structure_size("cbStruct", Flow::both),
    returned_dword("dwFilterIndex", "index"),
    returned_dword("dwFilterTag", "tag", Show::hexadecimal),
    returned_dword("fdwSupport"),
    buffer("pwfltr", Flow::both, sibling("cbwfltr")),
    returned_dword("cbwfltr", "bytes"),
    returned_bytes("szFilter", 2 * ACMFILTERDETAILS_FILTER_CHARS),
});

constexpr auto stream_instance_fields = std::to_array<Field>({
    structure_size("cbStruct"),
    buffer("pwfxSrc", Flow::in, by(LengthRule::wave_format), "src"),
    buffer("pwfxDst", Flow::in, by(LengthRule::wave_format), "dst"),
    buffer("pwfltr", Flow::in, by(LengthRule::wave_filter), "filter"),
    callback("dwCallback"),
    callback("dwInstance"),
    flags("fdwOpen"),
    own("fdwDriver", 4),
    own("dwDriver", pointer_sized),
    callback("has"),
});

constexpr auto stream_size_fields = std::to_array<Field>({
    structure_size("cbStruct"),
    flags("fdwSize"),
    returned_dword("cbSrcLength", "src"),
    returned_dword("cbDstLength", "dst"),
});

constexpr auto stream_header_fields = std::to_array<Field>({
    structure_size("cbStruct"),
    returned_dword("fdwStatus", "status", Show::hexadecimal),
    own("dwUser", pointer_sized),
    buffer("pbSrc", Flow::in, sibling("cbSrcLength")),
    dword("cbSrcLength", "src"),
    returned_dword("cbSrcLengthUsed"),
    own("dwSrcUser", pointer_sized),
    buffer("pbDst", Flow::out,
           {.rule = LengthRule::sibling,
            .of = "cbDstLength",
            .used = Used::sibling,
            .used_of = "cbDstLengthUsed"}),
    dword("cbDstLength", "dst"),
    returned_dword("cbDstLengthUsed"),
    own("dwDstUser", pointer_sized),
    flags("fdwConvert"),
    own("padshNext", pointer_sized),
    own("fdwDriver", 4),
    own("dwDriver", pointer_sized),
    dword("fdwPrepared"),
    own("dwPrepared", pointer_sized),
    same_as("pbPreparedSrc", "pbSrc"),
    dword("cbPreparedSrcLength"),
    same_as("pbPreparedDst", "pbDst"),
    dword("cbPreparedDstLength"),
});

constexpr Structure open_description{"ACMDRVOPENDESCW", Packing::either, open_description_fields,
                                     true};
constexpr Structure driver_details{"ACMDRIVERDETAILSW", Packing::one_byte, driver_details_fields,
                                   true};
constexpr Structure format_tag_details{"ACMFORMATTAGDETAILSW", Packing::one_byte,
                                       format_tag_details_fields, true};
constexpr Structure format_details{"ACMFORMATDETAILSW", Packing::one_byte, format_details_fields,
                                   true};
constexpr Structure format_suggest{"ACMDRVFORMATSUGGEST", Packing::either, format_suggest_fields,
                                   true};
constexpr Structure filter_tag_details{"ACMFILTERTAGDETAILSW", Packing::one_byte,
                                       filter_tag_details_fields, true};
constexpr Structure filter_details{"ACMFILTERDETAILSW", Packing::one_byte, filter_details_fields,
                                   true};
constexpr Structure stream_instance{"ACMDRVSTREAMINSTANCE",
                                    Packing::either,
                                    stream_instance_fields,
                                    true,
                                    {"dwCallback", "dwInstance", "has", "fdwOpen"}};
constexpr Structure stream_size{"ACMDRVSTREAMSIZE", Packing::one_byte, stream_size_fields, true};
constexpr Structure stream_header{"ACMDRVSTREAMHEADER", Packing::one_byte, stream_header_fields,
                                  true};

constexpr std::array structures{
    &open_description,   &driver_details, &format_tag_details, &format_details, &format_suggest,
    &filter_tag_details, &filter_details, &stream_instance,    &stream_size,    &stream_header};

constexpr Parameter stream(Keep keep) {
    Parameter parameter = held(pointer_to(stream_instance), Group::acm_stream, keep);
    parameter.field.label = "stream";
    return parameter;
}

constexpr Parameter header(Keep keep, Buffers buffers) {
    Parameter parameter = held(pointer_to(stream_header), Group::acm_header, keep, buffers);
    parameter.keep_if_unsupported = true;
    return parameter;
}

constexpr Parameter hardware_caps = pointer_to(Flow::both, sibling("lParam2"), "caps");

constexpr auto messages = std::to_array<Declaration>({
    {"ACMDM_DRIVER_NOTIFY", ACMDM_DRIVER_NOTIFY, unused, unused},
    {"ACMDM_DRIVER_DETAILS", ACMDM_DRIVER_DETAILS, pointer_to(driver_details), unused},
    {"ACMDM_DRIVER_ABOUT", ACMDM_DRIVER_ABOUT, value("hwnd", Show::hexadecimal), unused},
    {"ACMDM_HARDWARE_WAVE_CAPS_INPUT", ACMDM_HARDWARE_WAVE_CAPS_INPUT, hardware_caps, unused},
    {"ACMDM_HARDWARE_WAVE_CAPS_OUTPUT", ACMDM_HARDWARE_WAVE_CAPS_OUTPUT, hardware_caps, unused},
    {"ACMDM_FORMATTAG_DETAILS", ACMDM_FORMATTAG_DETAILS, pointer_to(format_tag_details),
     value("flags", Show::hexadecimal)},
    {"ACMDM_FORMAT_DETAILS", ACMDM_FORMAT_DETAILS, pointer_to(format_details),
     value("flags", Show::hexadecimal)},
    {"ACMDM_FORMAT_SUGGEST", ACMDM_FORMAT_SUGGEST, pointer_to(format_suggest), unused},
    {"ACMDM_FILTERTAG_DETAILS", ACMDM_FILTERTAG_DETAILS, pointer_to(filter_tag_details),
     value("flags", Show::hexadecimal)},
    {"ACMDM_FILTER_DETAILS", ACMDM_FILTER_DETAILS, pointer_to(filter_details),
     value("flags", Show::hexadecimal)},
    {"ACMDM_STREAM_OPEN", ACMDM_STREAM_OPEN,
     unless(stream(Keep::begin), "fdwOpen", ACM_STREAMOPENF_QUERY), unused},
    {"ACMDM_STREAM_CLOSE", ACMDM_STREAM_CLOSE, stream(Keep::end), unused},
    {"ACMDM_STREAM_SIZE", ACMDM_STREAM_SIZE, stream(Keep::use), pointer_to(stream_size)},
    {"ACMDM_STREAM_CONVERT", ACMDM_STREAM_CONVERT, stream(Keep::use),
     header(Keep::refresh, Buffers::carried)},
    {"ACMDM_STREAM_RESET", ACMDM_STREAM_RESET, stream(Keep::use),
     value("flags", Show::hexadecimal)},
    {"ACMDM_STREAM_PREPARE", ACMDM_STREAM_PREPARE, stream(Keep::use),
     header(Keep::begin, Buffers::placed)},
    {"ACMDM_STREAM_UNPREPARE", ACMDM_STREAM_UNPREPARE, stream(Keep::use),
     header(Keep::end, Buffers::placed)},
    {"ACMDM_STREAM_UPDATE", ACMDM_STREAM_UPDATE, stream(Keep::use), unused},
});

constexpr Declaration opening{"DRV_OPEN", DRV_OPEN, open_text, pointer_to(open_description)};

static_assert(are_by_number(messages));

}  // namespace

constinit const FamilyTable acm_table{messages, opening, structures};

}  // namespace instdrv::messages
