// The functions for MCI drivers, and those of MCI's clients, for whom no device is installed.
// https://learn.microsoft.com/windows/win32/multimedia/mci
#include <map>
#include <mutex>
#include <utility>

#include <instdrv/devices.h>
#include <instdrv/messages.h>

#include "winapi/exports/export.hpp"
#include "winapi/process/process.hpp"
#include "winapi/winmm/results.hpp"

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

DWORD_PTR mciGetDriverData(UINT device) {
    DriverData& data = driver_data();
    const std::lock_guard lock(data.mutex);
    const auto found = data.values.find(key_of(device));
    return found == data.values.end() ? 0 : found->second;
}
WINAPI_EXPORT(mciGetDriverData, in_winmm);

BOOL mciSetDriverData(UINT device, DWORD_PTR value) {
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
WINAPI_EXPORT(mciSetDriverData, in_winmm);

BOOL mciDriverNotify(HWND, UINT, UINT) { return FALSE; }
WINAPI_EXPORT(mciDriverNotify, in_winmm, Coverage::stub, "there are no windows to notify: FALSE");

// No yield function is ever set, as that is a client's business.
void* mciGetYieldProc(UINT, DWORD*) { return nullptr; }
WINAPI_EXPORT(mciGetYieldProc, in_winmm, Coverage::stub, "there is no yield function");
UINT mciDriverYield(UINT) { return 0; }
WINAPI_EXPORT(mciDriverYield, in_winmm, Coverage::stub, "there is no yield function");

UINT mciLoadCommandResource(HINSTANCE, LPCWSTR, UINT) { return MCI_NO_COMMAND_TABLE; }
WINAPI_EXPORT(mciLoadCommandResource, in_winmm, Coverage::stub,
              "MCI_NO_COMMAND_TABLE: command strings are not parsed");
BOOL mciFreeCommandResource(UINT) { return FALSE; }
WINAPI_EXPORT(mciFreeCommandResource, in_winmm, Coverage::stub, "FALSE");

// MCI_OPEN names a device type, all other commands an open device.
DWORD mciSendCommand(UINT, UINT message, DWORD_PTR, DWORD_PTR) {
    return message == MCI_OPEN ? MCIERR_INVALID_DEVICE_NAME : MCIERR_INVALID_DEVICE_ID;
}
WINAPI_EXPORT_AS("mciSendCommandA", in_winmm, mciSendCommand, Coverage::stub,
                 "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciSendCommandW", in_winmm, mciSendCommand, Coverage::stub,
                 "no MCI device is installed: fails");

template <class Char>
DWORD mciSendString(const Char*, Char* answer, UINT room, HWND) {
    if (answer != nullptr && room > 0) answer[0] = 0;
    return MCIERR_INVALID_DEVICE_NAME;
}
WINAPI_EXPORT_AS("mciSendStringA", in_winmm, mciSendString<char>, Coverage::stub,
                 "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciSendStringW", in_winmm, mciSendString<WCHAR>, Coverage::stub,
                 "no MCI device is installed: fails");

template <class... Parameters>
UINT nothing(Parameters...) {
    return 0;
}
WINAPI_EXPORT_AS("mciExecute", in_winmm, nothing<const char*>, Coverage::stub,
                 "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciGetCreatorTask", in_winmm, nothing<UINT>, Coverage::stub,
                 "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciGetDeviceIDA", in_winmm, nothing<const char*>, Coverage::stub,
                 "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciGetDeviceIDFromElementIDA", in_winmm, (nothing<DWORD, const char*>),
                 Coverage::stub, "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciGetDeviceIDFromElementIDW", in_winmm, (nothing<DWORD, LPCWSTR>),
                 Coverage::stub, "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciGetDeviceIDW", in_winmm, nothing<LPCWSTR>, Coverage::stub,
                 "no MCI device is installed: fails");
WINAPI_EXPORT_AS("mciGetErrorStringA", in_winmm, (nothing<DWORD, char*, UINT>), Coverage::stub,
                 "FALSE");
WINAPI_EXPORT_AS("mciGetErrorStringW", in_winmm, (nothing<DWORD, LPWSTR, UINT>), Coverage::stub,
                 "FALSE");
WINAPI_EXPORT_AS("mciSetYieldProc", in_winmm, (nothing<UINT, void*, DWORD>), Coverage::stub,
                 "FALSE");

}  // namespace

}  // namespace instdrv::winapi::winmm
