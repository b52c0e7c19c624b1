/* The structures with which drivers are opened: what DRV_OPEN's lParam2 points to, and what wave,
 * MIDI and mixer devices get, by class of driver. Sizes and packing are those of Windows' headers
 * on the machine this is compiled for: mmddk.h packs to one byte, vfw.h does not.
 *
 * ACM drivers have a header of their own, acm.h.
 */
#ifndef INSTDRV_DEVICES_H
#define INSTDRV_DEVICES_H

#include <instdrv/windows_types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef DWORD FOURCC;

/* Four characters as the codes of codecs are written: INSTDRV_FOURCC('v', 'i', 'd', 'c') */
#define INSTDRV_FOURCC(a, b, c, d)                                              \
    ((FOURCC)(BYTE)(a) | ((FOURCC)(BYTE)(b) << 8) | ((FOURCC)(BYTE)(c) << 16) | \
     ((FOURCC)(BYTE)(d) << 24))

#define ICTYPE_VIDEO INSTDRV_FOURCC('v', 'i', 'd', 'c')
#define ICTYPE_AUDIO INSTDRV_FOURCC('a', 'u', 'd', 'c')

/* dwFlags of ICOPEN */
#define ICMODE_COMPRESS 1
#define ICMODE_DECOMPRESS 2
#define ICMODE_FASTDECOMPRESS 3
#define ICMODE_QUERY 4
#define ICMODE_FASTCOMPRESS 5
#define ICMODE_DRAW 8

/* Video codecs: lParam2 of DRV_OPEN, NULL where it is opened to be configured. A driver fails a
 * fccType it does not know and puts an ICERR_* into dwError.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icopen */
typedef struct ICOPEN {
    DWORD dwSize;
    DWORD fccType;
    DWORD fccHandler;
    DWORD dwVersion;
    DWORD dwFlags;
    LRESULT dwError;
    void* pV1Reserved;
    void* pV2Reserved;
    DWORD dnDevNode;
} ICOPEN;

/* Filled in by ICM_GETINFO.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icinfo */
typedef struct ICINFO {
    DWORD dwSize;
    DWORD fccType;
    DWORD fccHandler;
    DWORD dwFlags;
    DWORD dwVersion;
    DWORD dwVersionICM;
    WCHAR szName[16];
    WCHAR szDescription[128];
    WCHAR szDriver[128];
} ICINFO;

#pragma pack(push, 1)

/* MCI devices: lParam2 of DRV_OPEN. The driver fills in the last two members and answers wDeviceID,
 * which so becomes its dwDriverId.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/ns-mmiscapi-mci_open_driver_parms */
typedef struct MCI_OPEN_DRIVER_PARMS {
    UINT wDeviceID;
    LPCWSTR lpstrParams;
    UINT wCustomCommandTable; /* or MCI_NO_COMMAND_TABLE */
    UINT wType;               /* MCI_DEVTYPE_* */
} MCI_OPEN_DRIVER_PARMS;

/* dwParam1 of WODM_OPEN and WIDM_OPEN */
typedef struct WAVEOPENDESC {
    HANDLE hWave;         /* the client's handle, which DriverCallback's hDevice must be */
    const void* lpFormat; /* WAVEFORMATEX */
    DWORD_PTR dwCallback;
    DWORD_PTR dwInstance;
    UINT uMappedDeviceID;
    DWORD_PTR dnDevNode;
} WAVEOPENDESC;

typedef struct MIDIOPENSTRMID {
    DWORD dwStreamID;
    UINT uDeviceID;
} MIDIOPENSTRMID;

/* dwParam1 of MODM_OPEN and MIDM_OPEN */
typedef struct MIDIOPENDESC {
    HANDLE hMidi;
    DWORD_PTR dwCallback;
    DWORD_PTR dwInstance;
    DWORD_PTR dnDevNode;
    DWORD cIds;
    MIDIOPENSTRMID rgIds[1]; /* cIds of them */
} MIDIOPENDESC;

/* dwParam1 of MXDM_OPEN */
typedef struct MIXEROPENDESC {
    HANDLE hmx;
    void* pReserved0;
    DWORD_PTR dwCallback;
    DWORD_PTR dwInstance;
    DWORD_PTR dnDevNode;
} MIXEROPENDESC;

#pragma pack(pop)

#define MCI_NO_COMMAND_TABLE ((UINT)-1)

#ifdef __cplusplus
#define INSTDRV_SIZE_IS(type, on_32, on_64) \
    static_assert(sizeof(type) == (sizeof(void*) == 8 ? (on_64) : (on_32)), "layout of " #type)
#else
#define INSTDRV_SIZE_IS(type, on_32, on_64) \
    _Static_assert(sizeof(type) == (sizeof(void*) == 8 ? (on_64) : (on_32)), "layout of " #type)
#endif

INSTDRV_SIZE_IS(ICOPEN, 36, 56);
INSTDRV_SIZE_IS(ICINFO, 568, 568); /* NOLINT(bugprone-branch-clone) */
INSTDRV_SIZE_IS(MCI_OPEN_DRIVER_PARMS, 16, 20);
INSTDRV_SIZE_IS(WAVEOPENDESC, 24, 44);
INSTDRV_SIZE_IS(MIDIOPENDESC, 28, 44);
INSTDRV_SIZE_IS(MIXEROPENDESC, 20, 40);

#undef INSTDRV_SIZE_IS

#ifdef __cplusplus
}
#endif
#endif
