// The functions for MCI drivers, and those of MCI's clients, for whom no device is installed.
// https://learn.microsoft.com/windows/win32/multimedia/mci
#include <map>
#include <mutex>
#include <utility>

#include <instdrv/devices.h>
#include <instdrv/messages.h>

#include "winapi/process.hpp"
#include "winapi/winmm/results.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi::winmm {
namespace {

constexpr DWORD MCIERR_INVALID_DEVICE_ID = 257;
constexpr DWORD MCIERR_INVALID_DEVICE_NAME = 263;
constexpr UINT MCI_ALL_DEVICE_ID = ~0u;

// A device number belongs to the host that opened the driver with it.
using DeviceKey = std::pair<const void*, UINT>;

struct DriverData {
    std::mutex mutex;
    std::map<DeviceKey, DWORD_PTR> values;
};

DriverData& driver_data() {
    static DriverData data;
    return data;
}

DeviceKey key_of(UINT device) {
    const DriverContext* const context = current_context();
    return {context == nullptr ? nullptr : context->system, device};
}

DWORD_PTR WINFN mciGetDriverData(UINT device) {
    DriverData& data = driver_data();
    const std::lock_guard lock(data.mutex);
    const auto found = data.values.find(key_of(device));
    return found == data.values.end() ? 0 : found->second;
}

BOOL WINFN mciSetDriverData(UINT device, DWORD_PTR value) {
    if (device == 0 || device == MCI_ALL_DEVICE_ID) return FALSE;
    DriverData& data = driver_data();
    const std::lock_guard lock(data.mutex);
    if (value == 0) {
        data.values.erase(key_of(device));
    } else {
        data.values[key_of(device)] = value;
    }
    return TRUE;
}

BOOL WINFN mciDriverNotify(HWND, UINT, UINT) { return FALSE; }

// No yield function is ever set, as that is a client's business.
void* WINFN mciGetYieldProc(UINT, DWORD*) { return nullptr; }
UINT WINFN mciDriverYield(UINT) { return 0; }

UINT WINFN mciLoadCommandResource(HINSTANCE, LPCWSTR, UINT) { return MCI_NO_COMMAND_TABLE; }
BOOL WINFN mciFreeCommandResource(UINT) { return FALSE; }

// MCI_OPEN names a device type, all other commands an open device.
DWORD WINFN mciSendCommand(UINT, UINT message, DWORD_PTR, DWORD_PTR) {
    return message == MCI_OPEN ? MCIERR_INVALID_DEVICE_NAME : MCIERR_INVALID_DEVICE_ID;
}

template <class Char>
DWORD WINFN mciSendString(const Char*, Char* answer, UINT room, HWND) {
    if (answer != nullptr && room > 0) answer[0] = 0;
    return MCIERR_INVALID_DEVICE_NAME;
}

template <class... Parameters>
UINT WINFN nothing(Parameters...) {
    return 0;
}

}  // namespace

std::span<const Export> mci_exports() {
    constexpr std::string_view no_devices_note = "no MCI device is installed: fails";
    constexpr std::string_view no_yield = "there is no yield function";
    static const Export table[] = {
        {"mciDriverNotify", address_of(mciDriverNotify), Coverage::stub,
         "there are no windows to notify: FALSE"},
        {"mciDriverYield", address_of(mciDriverYield), Coverage::stub, no_yield},
        {"mciExecute", address_of(nothing<const char*>), Coverage::stub, no_devices_note},
        {"mciFreeCommandResource", address_of(mciFreeCommandResource), Coverage::stub, "FALSE"},
        {"mciGetCreatorTask", address_of(nothing<UINT>), Coverage::stub, no_devices_note},
        {"mciGetDeviceIDA", address_of(nothing<const char*>), Coverage::stub, no_devices_note},
        {"mciGetDeviceIDFromElementIDA", address_of(nothing<DWORD, const char*>), Coverage::stub,
         no_devices_note},
        {"mciGetDeviceIDFromElementIDW", address_of(nothing<DWORD, LPCWSTR>), Coverage::stub,
         no_devices_note},
        {"mciGetDeviceIDW", address_of(nothing<LPCWSTR>), Coverage::stub, no_devices_note},
        {"mciGetDriverData", address_of(mciGetDriverData)},
        {"mciGetErrorStringA", address_of(nothing<DWORD, char*, UINT>), Coverage::stub, "FALSE"},
        {"mciGetErrorStringW", address_of(nothing<DWORD, LPWSTR, UINT>), Coverage::stub, "FALSE"},
        {"mciGetYieldProc", address_of(mciGetYieldProc), Coverage::stub, no_yield},
        {"mciLoadCommandResource", address_of(mciLoadCommandResource), Coverage::stub,
         "MCI_NO_COMMAND_TABLE: command strings are not parsed"},
        {"mciSendCommandA", address_of(mciSendCommand), Coverage::stub, no_devices_note},
        {"mciSendCommandW", address_of(mciSendCommand), Coverage::stub, no_devices_note},
        {"mciSendStringA", address_of(mciSendString<char>), Coverage::stub, no_devices_note},
        {"mciSendStringW", address_of(mciSendString<WCHAR>), Coverage::stub, no_devices_note},
        {"mciSetDriverData", address_of(mciSetDriverData)},
        {"mciSetYieldProc", address_of(nothing<UINT, void*, DWORD>), Coverage::stub, "FALSE"},
    };
    return table;
}

}  // namespace instdrv::winapi::winmm
