/* MCI drivers: how the Media Control Interface opens and closes them.
 *
 * An MCI driver is an installable driver that is opened with an MCI_OPEN_DRIVER_PARMS (devices.h)
 * in lParam2 and answers its wDeviceID. It then gets MCI_OPEN_DRIVER, further MCI_* messages, and
 * at the end MCI_CLOSE_DRIVER before DRV_CLOSE. Of MCI_* messages lParam1 holds flags, lParam2 a
 * structure that begins with MCI_GENERIC_PARMS' member.
 *
 * Names, values and layouts are those of Windows' mmsystem.h and mmddk.h, which pack to one byte.
 * Sizes are given below as "32-bit / 64-bit" and checked at the end.
 *
 * https://learn.microsoft.com/windows/win32/multimedia/mci
 */
#ifndef INSTDRV_MCI_H
#define INSTDRV_MCI_H

#include <instdrv/driver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Flags in lParam1. */
#define MCI_NOTIFY 0x00000001
#define MCI_WAIT 0x00000002
#define MCI_OPEN_SHAREABLE 0x00000100
#define MCI_OPEN_ELEMENT 0x00000200    /* lpstrElementName is there */
#define MCI_OPEN_ALIAS 0x00000400      /* lpstrAlias is there */
#define MCI_OPEN_ELEMENT_ID 0x00000800 /* lpstrElementName is a number */
#define MCI_OPEN_TYPE_ID 0x00001000    /* the low word of lpstrDeviceType is a device type */
#define MCI_OPEN_TYPE 0x00002000       /* lpstrDeviceType is there */

#pragma pack(push, 1)

/* 4 / 8 bytes. */
typedef struct MCI_GENERIC_PARMS {
    DWORD_PTR dwCallback; /* a window for MCI_NOTIFY */
} MCI_GENERIC_PARMS;

/* lParam2 of MCI_OPEN_DRIVER. Which texts are there, flags say. 20 / 36 bytes.
 * https://learn.microsoft.com/windows/win32/multimedia/mci-open-parms */
typedef struct MCI_OPEN_PARMS {
    DWORD_PTR dwCallback;
    UINT wDeviceID;
    LPCWSTR lpstrDeviceType;
    LPCWSTR lpstrElementName;
    LPCWSTR lpstrAlias;
} MCI_OPEN_PARMS;

#pragma pack(pop)

#ifdef __cplusplus
}
#define INSTDRV_IS(value, number) static_assert((value) == (number), #value)
#else
#define INSTDRV_IS(value, number) _Static_assert((value) == (number), #value)
#endif
INSTDRV_IS(sizeof(MCI_GENERIC_PARMS), sizeof(void*));
INSTDRV_IS(sizeof(MCI_OPEN_PARMS), 4 + 4 * sizeof(void*));
#undef INSTDRV_IS

#endif
