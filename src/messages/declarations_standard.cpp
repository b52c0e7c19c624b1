// The messages that every driver gets.
#include <array>

#include "messages/declarations.hpp"
#include "messages/fields.hpp"

namespace instdrv::messages {
namespace {

// DRVCONFIGINFOEX; a DRVCONFIGINFO is one that says it is shorter.
constexpr auto configuration_fields = std::to_array<Field>({
    structure_size("dwDCISize"),
    text("lpszDCISectionName", "section"),
    text("lpszDCIAliasName", "alias"),
    dword("dnDevNode"),
});
constexpr Structure configuration{"DRVCONFIGINFOEX", Packing::one_byte, configuration_fields, true};

constexpr std::array structures{&configuration};

constexpr Parameter window = value("hwnd", Show::hexadecimal);

// The queries from DRV_QUERYDEVNODE on are answered by the system and reach no driver, and other
// protocols have the same numbers, so they carry numbers.
// https://learn.microsoft.com/windows-hardware/drivers/audio/system-intercepted-device-messages
constexpr auto messages = std::to_array<Declaration>({
    {"DRV_LOAD", DRV_LOAD, unused, unused},
    {"DRV_ENABLE", DRV_ENABLE, unused, unused},
    {"DRV_OPEN", DRV_OPEN, open_text, unused},
    {"DRV_CLOSE", DRV_CLOSE, unused, unused},
    {"DRV_DISABLE", DRV_DISABLE, unused, unused},
    {"DRV_FREE", DRV_FREE, unused, unused},
    {"DRV_CONFIGURE", DRV_CONFIGURE, window, pointer_to(configuration)},
    {"DRV_QUERYCONFIGURE", DRV_QUERYCONFIGURE, unused, unused},
    {"DRV_INSTALL", DRV_INSTALL, window, pointer_to(configuration)},
    {"DRV_REMOVE", DRV_REMOVE, unused, unused},
    {"DRV_EXITSESSION", DRV_EXITSESSION, unused, unused},
    {"DRV_EXITAPPLICATION", DRV_EXITAPPLICATION, value("how"), unused},
    {"DRV_POWER", DRV_POWER, value("event"), unused},
    {"DRV_QUERYDEVNODE", DRV_QUERYDEVNODE, unused, unused},
    {"DRV_QUERYMAPPABLE", DRV_QUERYMAPPABLE, unused, unused},
    {"DRV_QUERYMODULE", DRV_QUERYMODULE, unused, unused},
    {"DRV_PNPINSTALL", DRV_PNPINSTALL, unused, unused},
    {"DRV_QUERYDEVICEINTERFACE", DRV_QUERYDEVICEINTERFACE, unused, unused},
    {"DRV_QUERYDEVICEINTERFACESIZE", DRV_QUERYDEVICEINTERFACESIZE, unused, unused},
    {"DRV_QUERYSTRINGID", DRV_QUERYSTRINGID, unused, unused},
    {"DRV_QUERYSTRINGIDSIZE", DRV_QUERYSTRINGIDSIZE, unused, unused},
    {"DRV_QUERYIDFROMSTRINGID", DRV_QUERYIDFROMSTRINGID, unused, unused},
    {"DRV_QUERYFUNCTIONINSTANCEID", DRV_QUERYFUNCTIONINSTANCEID, unused, unused},
    {"DRV_QUERYFUNCTIONINSTANCEIDSIZE", DRV_QUERYFUNCTIONINSTANCEIDSIZE, unused, unused},
});

// What a driver of no known family is given in lParam2 is a number.
constexpr const Declaration& opening = messages[2];
static_assert(opening.number == DRV_OPEN);

static_assert(are_by_number(messages));

}  // namespace

constinit const FamilyTable standard_table{messages, opening, structures};

}  // namespace instdrv::messages
