// The messages of the Media Control Interface. Names and numbers as in Windows' mmsystem.h,
// digitalv.h and vcr.h; MCI_SOUND as in that of Windows 3.1.
#include <instdrv/mci.h>

#include <array>

#include "messages/declarations.hpp"
#include "messages/fields.hpp"

namespace instdrv::messages {
namespace {

constexpr auto open_driver_parms_fields = std::to_array<Field>({
    dword("wDeviceID", "id"),
    text("lpstrParams", "parameters"),
    returned_dword("wCustomCommandTable"),
    returned_dword("wType"),
});

constexpr Field flagged_text(std::string_view name, std::string_view label, std::uint32_t present,
                             std::uint32_t number) {
    Field field = text(name, label);
    field.present_flag = present;
    field.number_flag = number;
    return field;
}

constexpr auto open_parms_fields = std::to_array<Field>({
    wide("dwCallback"),
    returned_dword("wDeviceID", "id"),
    flagged_text("lpstrDeviceType", "type", MCI_OPEN_TYPE, MCI_OPEN_TYPE_ID),
    flagged_text("lpstrElementName", "element", MCI_OPEN_ELEMENT, MCI_OPEN_ELEMENT_ID),
    flagged_text("lpstrAlias", "alias", MCI_OPEN_ALIAS, 0),
});

constexpr auto generic_parms_fields = std::to_array<Field>({
    wide("dwCallback"),
});

constexpr Structure open_driver_parms{"MCI_OPEN_DRIVER_PARMS", Packing::one_byte,
                                      open_driver_parms_fields};
constexpr Structure open_parms{"MCI_OPEN_PARMS", Packing::one_byte, open_parms_fields};
constexpr Structure generic_parms{"MCI_GENERIC_PARMS", Packing::one_byte, generic_parms_fields};

constexpr std::array structures{&open_driver_parms, &open_parms, &generic_parms};

constexpr Parameter mci_flags = value("flags", Show::hexadecimal);

// Of the messages below, those without a structure carry numbers: their structures are the
// device's.
constexpr Declaration numbers(std::string_view name, UINT number) {
    return {name, number, mci_flags, unused};
}

constexpr auto messages = std::to_array<Declaration>({
    {"MCI_OPEN_DRIVER", MCI_OPEN_DRIVER, mci_flags, pointer_to(open_parms)},
    {"MCI_CLOSE_DRIVER", MCI_CLOSE_DRIVER, mci_flags, pointer_to(generic_parms)},
    numbers("MCI_OPEN", 0x0803),
    numbers("MCI_CLOSE", 0x0804),
    numbers("MCI_ESCAPE", 0x0805),
    numbers("MCI_PLAY", 0x0806),
    numbers("MCI_SEEK", 0x0807),
    numbers("MCI_STOP", 0x0808),
    numbers("MCI_PAUSE", 0x0809),
    numbers("MCI_INFO", 0x080A),
    numbers("MCI_GETDEVCAPS", 0x080B),
    numbers("MCI_SPIN", 0x080C),
    numbers("MCI_SET", 0x080D),
    numbers("MCI_STEP", 0x080E),
    numbers("MCI_RECORD", 0x080F),
    numbers("MCI_SYSINFO", 0x0810),
    numbers("MCI_BREAK", 0x0811),
    numbers("MCI_SOUND", 0x0812),
    numbers("MCI_SAVE", 0x0813),
    numbers("MCI_STATUS", 0x0814),
    numbers("MCI_CUE", 0x0830),
    numbers("MCI_REALIZE", 0x0840),
    numbers("MCI_WINDOW", 0x0841),
    numbers("MCI_PUT", 0x0842),
    numbers("MCI_WHERE", 0x0843),
    numbers("MCI_FREEZE", 0x0844),
    numbers("MCI_UNFREEZE", 0x0845),
    numbers("MCI_LOAD", 0x0850),
    numbers("MCI_CUT", 0x0851),
    numbers("MCI_COPY", 0x0852),
    numbers("MCI_PASTE", 0x0853),
    numbers("MCI_UPDATE", 0x0854),
    numbers("MCI_RESUME", 0x0855),
    numbers("MCI_DELETE", 0x0856),
    numbers("MCI_CAPTURE", 0x0870),
    numbers("MCI_MONITOR", 0x0871),
    numbers("MCI_RESERVE", 0x0872),
    numbers("MCI_SETAUDIO", 0x0873),
    numbers("MCI_SIGNAL", 0x0875),
    numbers("MCI_SETVIDEO", 0x0876),
    numbers("MCI_QUALITY", 0x0877),
    numbers("MCI_LIST", 0x0878),
    numbers("MCI_UNDO", 0x0879),
    numbers("MCI_CONFIGURE", 0x087A),
    numbers("MCI_RESTORE", 0x087B),
    numbers("MCI_MARK", 0x0C00),
    numbers("MCI_INDEX", 0x0C01),
    numbers("MCI_SETTUNER", 0x0C02),
    numbers("MCI_SETVCR", 0x0C03),
    numbers("MCI_SETTIMECODE", 0x0C04),
});

constexpr Declaration opening{"DRV_OPEN", DRV_OPEN, open_text, pointer_to(open_driver_parms)};

static_assert(are_by_number(messages));

}  // namespace

constinit const FamilyTable mci_table{messages, opening, structures};

}  // namespace instdrv::messages
