/* Video for Windows drivers: the messages and structures that video codecs speak.
 *
 * A VFW driver is an installable driver that is opened with an ICOPEN in lParam2 and then answers
 * ICM_* messages. It compresses pictures, decompresses them or both. A picture is described by a
 * BITMAPINFOHEADER (and the colours behind it), its bytes lie in a buffer beside. ICOPEN and ICINFO
 * are in devices.h.
 *
 * Names, values and layouts are those of Windows' vfw.h and wingdi.h, which align naturally. Sizes
 * are given below as "32-bit / 64-bit" and checked at the end.
 *
 * Messages answer ICERR_OK (0), another ICERR_*, or what is said beside the message;
 * ICERR_UNSUPPORTED to a message that the driver does not know.
 *
 * https://learn.microsoft.com/windows/win32/multimedia/video-compression-manager
 */
#ifndef INSTDRV_VFW_H
#define INSTDRV_VFW_H

#include <instdrv/driver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- pictures ------------------------------------------------------------------------------- */

#define BI_RGB 0
#define BI_RLE8 1
#define BI_RLE4 2
#define BI_BITFIELDS 3

/* 40 bytes; biSize may say more. Behind it lie three DWORD masks if biCompression is BI_BITFIELDS
 * and biSize is 40, then biClrUsed colours of 4 bytes; for at most 8 bits, biClrUsed of 0 means all
 * that the bits can tell apart.
 * https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapinfoheader */
typedef struct BITMAPINFOHEADER {
    DWORD biSize;
    LONG biWidth;
    LONG biHeight; /* negative: the first row is the top one */
    WORD biPlanes; /* 1 */
    WORD biBitCount;
    DWORD biCompression; /* BI_*, or the four letters of a codec */
    DWORD biSizeImage;   /* bytes of the picture; may be 0 where it is not compressed */
    LONG biXPelsPerMeter;
    LONG biYPelsPerMeter;
    DWORD biClrUsed;
    DWORD biClrImportant;
} BITMAPINFOHEADER;

typedef struct RECT {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECT;

/* ---- results and parameters ----------------------------------------------------------------- */

#define ICERR_OK 0
#define ICERR_DONTDRAW 1
#define ICERR_NEWPALETTE 2
#define ICERR_GOTOKEYFRAME 3
#define ICERR_STOPDRAWING 4
#define ICERR_UNSUPPORTED (-1)
#define ICERR_BADFORMAT (-2)
#define ICERR_MEMORY (-3)
#define ICERR_INTERNAL (-4)
#define ICERR_BADFLAGS (-5)
#define ICERR_BADPARAM (-6)
#define ICERR_BADSIZE (-7)
#define ICERR_BADHANDLE (-8)
#define ICERR_CANTUPDATE (-9)
#define ICERR_ABORT (-10)
#define ICERR_ERROR (-100)
#define ICERR_BADBITDEPTH (-200)
#define ICERR_BADIMAGESIZE (-201)
#define ICERR_CUSTOM (-400)

#define ICQUALITY_LOW 0
#define ICQUALITY_HIGH 10000
#define ICQUALITY_DEFAULT (-1)
#define AVIIF_KEYFRAME 0x00000010
#define ICCOMPRESS_KEYFRAME 0x00000001
#define ICDECOMPRESS_HURRYUP 0x80000000
#define ICDECOMPRESS_UPDATE 0x40000000
#define ICDECOMPRESS_PREROLL 0x20000000
#define ICDECOMPRESS_NULLFRAME 0x10000000
#define ICDECOMPRESS_NOTKEYFRAME 0x08000000
#define ICDRAW_QUERY 0x00000001
#define ICMF_CONFIGURE_QUERY 0x00000001
#define ICMF_ABOUT_QUERY 0x00000001

/* dwFlags of ICINFO: what a driver can do. */
#define VIDCF_QUALITY 0x0001
#define VIDCF_CRUNCH 0x0002
#define VIDCF_TEMPORAL 0x0004
#define VIDCF_COMPRESSFRAMES 0x0008
#define VIDCF_DRAW 0x0010
#define VIDCF_FASTTEMPORALC 0x0020
#define VIDCF_QUALITYTIME 0x0040
#define VIDCF_FASTTEMPORALD 0x0080

#define ICSTATUS_START 0
#define ICSTATUS_STATUS 1
#define ICSTATUS_END 2
#define ICSTATUS_ERROR 3
#define ICSTATUS_YIELD 4

/* ---- messages ------------------------------------------------------------------------------- */

#define ICM_USER (DRV_USER + 0x0000)
#define ICM_RESERVED_LOW (DRV_USER + 0x1000)
#define ICM_RESERVED_HIGH (DRV_USER + 0x2000)
#define ICM_RESERVED ICM_RESERVED_LOW

/* lParam1 and lParam2 are BITMAPINFOHEADER* of the uncompressed and the compressed format. */
#define ICM_COMPRESS_GET_FORMAT (ICM_USER + 4) /* fills lParam2; 0: answers its size */
#define ICM_COMPRESS_GET_SIZE (ICM_USER + 5)   /* answers the bytes a frame has at most */
#define ICM_COMPRESS_QUERY (ICM_USER + 6)      /* lParam2 may be 0 */
#define ICM_COMPRESS_BEGIN (ICM_USER + 7)
#define ICM_COMPRESS (ICM_USER + 8) /* ICCOMPRESS*, its size */
#define ICM_COMPRESS_END (ICM_USER + 9)
/* The same, the other way round. */
#define ICM_DECOMPRESS_GET_FORMAT (ICM_USER + 10)
#define ICM_DECOMPRESS_QUERY (ICM_USER + 11)
#define ICM_DECOMPRESS_BEGIN (ICM_USER + 12)
#define ICM_DECOMPRESS (ICM_USER + 13) /* ICDECOMPRESS*, its size */
#define ICM_DECOMPRESS_END (ICM_USER + 14)
#define ICM_DECOMPRESS_SET_PALETTE (ICM_USER + 29) /* BITMAPINFOHEADER* and its colours, or 0 */
#define ICM_DECOMPRESS_GET_PALETTE (ICM_USER + 30) /* fills lParam2, which has 256 colours */
#define ICM_DRAW_BEGIN (ICM_USER + 15)             /* ICDRAWBEGIN*, its size */
#define ICM_DRAW_GET_PALETTE (ICM_USER + 16)
#define ICM_DRAW_UPDATE (ICM_USER + 17)
#define ICM_DRAW_START (ICM_USER + 18)
#define ICM_DRAW_STOP (ICM_USER + 19)
#define ICM_DRAW_BITS (ICM_USER + 20)
#define ICM_DRAW_END (ICM_USER + 21)
#define ICM_DRAW_QUERY (ICM_USER + 31)   /* BITMAPINFOHEADER* */
#define ICM_DRAW_GETTIME (ICM_USER + 32) /* DWORD* */
#define ICM_DRAW (ICM_USER + 33)         /* ICDRAW*, its size */
#define ICM_DRAW_WINDOW (ICM_USER + 34)  /* RECT* */
#define ICM_DRAW_SETTIME (ICM_USER + 35)
#define ICM_DRAW_REALIZE (ICM_USER + 36)
#define ICM_DRAW_FLUSH (ICM_USER + 37)
#define ICM_DRAW_RENDERBUFFER (ICM_USER + 38)
#define ICM_DRAW_START_PLAY (ICM_USER + 39)
#define ICM_DRAW_STOP_PLAY (ICM_USER + 40)
#define ICM_GETBUFFERSWANTED (ICM_USER + 41)       /* DWORD* */
#define ICM_GETDEFAULTKEYFRAMERATE (ICM_USER + 42) /* DWORD* */
#define ICM_DRAW_SUGGESTFORMAT (ICM_USER + 50)     /* ICDRAWSUGGEST*, its size */
#define ICM_DRAW_CHANGEPALETTE (ICM_USER + 51)     /* BITMAPINFOHEADER* */
#define ICM_DRAW_IDLE (ICM_USER + 52)
#define ICM_DECOMPRESSEX_BEGIN (ICM_USER + 60) /* this and the next two: ICDECOMPRESSEX*, size */
#define ICM_DECOMPRESSEX_QUERY (ICM_USER + 61)
#define ICM_DECOMPRESSEX (ICM_USER + 62)
#define ICM_DECOMPRESSEX_END (ICM_USER + 63)
#define ICM_COMPRESS_FRAMES_INFO (ICM_USER + 70) /* ICCOMPRESSFRAMES*, its size */
#define ICM_COMPRESS_FRAMES (ICM_USER + 71)
#define ICM_SET_STATUS_PROC (ICM_USER + 72) /* ICSETSTATUSPROC*, its size */

#define ICM_GETSTATE (ICM_RESERVED + 0)   /* buffer and its size; 0: answers the size */
#define ICM_SETSTATE (ICM_RESERVED + 1)   /* buffer and its size */
#define ICM_GETINFO (ICM_RESERVED + 2)    /* ICINFO*, its size; answers the bytes filled */
#define ICM_CONFIGURE (ICM_RESERVED + 10) /* HWND; -1 asks whether there is a dialog */
#define ICM_ABOUT (ICM_RESERVED + 11)     /* HWND; -1 asks whether there is a dialog */
#define ICM_GETERRORTEXT (ICM_RESERVED + 12)
#define ICM_GETFORMATNAME (ICM_RESERVED + 20)
#define ICM_ENUMFORMATS (ICM_RESERVED + 21)
#define ICM_GETDEFAULTQUALITY (ICM_RESERVED + 30) /* DWORD* */
#define ICM_GETQUALITY (ICM_RESERVED + 31)        /* DWORD* */
#define ICM_SETQUALITY (ICM_RESERVED + 32)        /* DWORD* */
#define ICM_SET (ICM_RESERVED + 40)
#define ICM_GET (ICM_RESERVED + 41)

/* ---- structures ----------------------------------------------------------------------------- */

/* 48 / 88 bytes. lpOutput has as many bytes as the driver answered to ICM_COMPRESS_GET_SIZE, or, if
 * it was never asked, biSizeImage of *lpbiOutput. The driver sets that to what it used.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-iccompress */
typedef struct ICCOMPRESS {
    DWORD dwFlags; /* ICCOMPRESS_KEYFRAME */
    BITMAPINFOHEADER* lpbiOutput;
    void* lpOutput;
    BITMAPINFOHEADER* lpbiInput;
    void* lpInput;
    DWORD* lpckid;    /* may be NULL */
    DWORD* lpdwFlags; /* may be NULL; AVIIF_KEYFRAME for the driver to set */
    LONG lFrameNum;
    DWORD dwFrameSize; /* wanted at most; 0: no wish */
    DWORD dwQuality;
    BITMAPINFOHEADER* lpbiPrev; /* the frame before, NULL if it is not needed */
    void* lpPrev;
} ICCOMPRESS;

/* 64 / 96 bytes.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-iccompressframes */
typedef struct ICCOMPRESSFRAMES {
    DWORD dwFlags;
    BITMAPINFOHEADER* lpbiOutput;
    LPARAM lOutput;
    BITMAPINFOHEADER* lpbiInput;
    LPARAM lInput;
    LONG lStartFrame;
    LONG lFrameCount;
    LONG lQuality;
    LONG lDataRate;
    LONG lKeyRate;
    DWORD dwRate;
    DWORD dwScale;
    DWORD dwOverheadPerFrame;
    DWORD dwReserved2;
    LONG(CALLBACK* GetData)(LPARAM lInput, LONG lFrame, void* lpBits, LONG len);
    LONG(CALLBACK* PutData)(LPARAM lOutput, LONG lFrame, void* lpBits, LONG len);
} ICCOMPRESSFRAMES;

/* 12 / 24 bytes. Status answers nonzero to make the driver stop.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icsetstatusproc */
typedef struct ICSETSTATUSPROC {
    DWORD dwFlags;
    LPARAM lParam;
    LONG(CALLBACK* Status)(LPARAM lParam, UINT message, LONG l); /* ICSTATUS_* */
} ICSETSTATUSPROC;

/* 24 / 48 bytes. *lpbiInput says in biSizeImage how many bytes lpInput has. lpOutput holds the
 * frame before: a driver may change only what differs.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icdecompress */
typedef struct ICDECOMPRESS {
    DWORD dwFlags; /* ICDECOMPRESS_* */
    BITMAPINFOHEADER* lpbiInput;
    void* lpInput;
    BITMAPINFOHEADER* lpbiOutput;
    void* lpOutput;
    DWORD ckid;
} ICDECOMPRESS;

/* 52 / 72 bytes.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icdecompressex */
typedef struct ICDECOMPRESSEX {
    DWORD dwFlags; /* ICDECOMPRESS_* */
    BITMAPINFOHEADER* lpbiSrc;
    void* lpSrc;
    BITMAPINFOHEADER* lpbiDst;
    void* lpDst;
    LONG xDst;
    LONG yDst;
    LONG dxDst;
    LONG dyDst;
    LONG xSrc;
    LONG ySrc;
    LONG dxSrc;
    LONG dySrc;
} ICDECOMPRESSEX;

/* 60 / 80 bytes.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icdrawbegin */
typedef struct ICDRAWBEGIN {
    DWORD dwFlags;
    HANDLE hpal;
    HWND hwnd;
    HANDLE hdc;
    LONG xDst;
    LONG yDst;
    LONG dxDst;
    LONG dyDst;
    BITMAPINFOHEADER* lpbi;
    LONG xSrc;
    LONG ySrc;
    LONG dxSrc;
    LONG dySrc;
    DWORD dwRate;
    DWORD dwScale;
} ICDRAWBEGIN;

/* 20 / 32 bytes.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icdraw */
typedef struct ICDRAW {
    DWORD dwFlags;
    void* lpFormat; /* a BITMAPINFOHEADER */
    void* lpData;
    DWORD cbData;
    LONG lTime;
} ICDRAW;

/* 28 / 40 bytes.
 * https://learn.microsoft.com/windows/win32/api/vfw/ns-vfw-icdrawsuggest */
typedef struct ICDRAWSUGGEST {
    BITMAPINFOHEADER* lpbiIn;
    BITMAPINFOHEADER* lpbiSuggest; /* for the driver to fill */
    LONG dxSrc;
    LONG dySrc;
    LONG dxDst;
    LONG dyDst;
    HANDLE hicDecompressor;
} ICDRAWSUGGEST;

#ifdef __cplusplus
}
#define INSTDRV_IS(value, number) static_assert((value) == (number), #value)
#else
#define INSTDRV_IS(value, number) _Static_assert((value) == (number), #value)
#endif
#define INSTDRV_BY_MACHINE(on_32, on_64) (sizeof(void*) == 8 ? (on_64) : (on_32))
INSTDRV_IS(sizeof(BITMAPINFOHEADER), 40);
INSTDRV_IS(sizeof(ICCOMPRESS), INSTDRV_BY_MACHINE(48, 88));
INSTDRV_IS(sizeof(ICCOMPRESSFRAMES), INSTDRV_BY_MACHINE(64, 96));
INSTDRV_IS(sizeof(ICSETSTATUSPROC), INSTDRV_BY_MACHINE(12, 24));
INSTDRV_IS(sizeof(ICDECOMPRESS), INSTDRV_BY_MACHINE(24, 48));
INSTDRV_IS(sizeof(ICDECOMPRESSEX), INSTDRV_BY_MACHINE(52, 72));
INSTDRV_IS(sizeof(ICDRAWBEGIN), INSTDRV_BY_MACHINE(60, 80));
INSTDRV_IS(sizeof(ICDRAW), INSTDRV_BY_MACHINE(20, 32));
INSTDRV_IS(sizeof(ICDRAWSUGGEST), INSTDRV_BY_MACHINE(28, 40));
#undef INSTDRV_BY_MACHINE
#undef INSTDRV_IS

#endif
