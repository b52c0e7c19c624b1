/* Audio Compression Manager drivers: the messages and structures that sound codecs speak.
 *
 * An ACM driver is an installable driver that is opened with an ACMDRVOPENDESCW in lParam2 and then
 * answers ACMDM_* messages. It converts sound of one wave format into another: between PCM and a
 * compressed format as a rule. Include this header to write a native codec. To convert sound, use
 * the command line (`instdrv acm`).
 *
 * Names, values and layouts are those of Windows' mmreg.h, msacm.h and msacmdrv.h, which pack to
 * one byte. Sizes are given below as "32-bit / 64-bit" and checked at the end. Drivers of Wine are
 * built without that packing: see src/codec/acm_layout.hpp.
 *
 * Messages answer an MMRESULT: 0 for success, else MMSYSERR_* or ACMERR_*; MMSYSERR_NOTSUPPORTED
 * to a message that the driver does not know.
 *
 * https://learn.microsoft.com/windows/win32/multimedia/audio-compression-manager
 * https://learn.microsoft.com/previous-versions/windows/embedded/ms896090(v=msdn.10)
 */
#ifndef INSTDRV_ACM_H
#define INSTDRV_ACM_H

#include <instdrv/driver.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef DWORD FOURCC; /* four letters, the first in the lowest byte */
typedef UINT MMRESULT;
typedef struct instdrv_hacmstream* HACMSTREAM;

/* ---- wave formats --------------------------------------------------------------------------- */

/* wFormatTag: how the sound is coded. */
#define WAVE_FORMAT_UNKNOWN 0x0000
#define WAVE_FORMAT_PCM 0x0001
#define WAVE_FORMAT_ADPCM 0x0002
#define WAVE_FORMAT_IEEE_FLOAT 0x0003
#define WAVE_FORMAT_ALAW 0x0006
#define WAVE_FORMAT_MULAW 0x0007
#define WAVE_FORMAT_DVI_ADPCM 0x0011
#define WAVE_FORMAT_IMA_ADPCM WAVE_FORMAT_DVI_ADPCM
#define WAVE_FORMAT_DSPGROUP_TRUESPEECH 0x0022
#define WAVE_FORMAT_GSM610 0x0031
#define WAVE_FORMAT_MSG723 0x0042
#define WAVE_FORMAT_MPEG 0x0050
#define WAVE_FORMAT_MPEGLAYER3 0x0055
#define WAVE_FORMAT_VOXWARE 0x0062
#define WAVE_FORMAT_MSAUDIO1 0x0160
#define WAVE_FORMAT_WMAUDIO2 0x0161
#define WAVE_FORMAT_EXTENSIBLE 0xFFFE

#pragma pack(push, 1)

/* 18 bytes, then cbSize bytes that belong to the format.
 * https://learn.microsoft.com/windows/win32/api/mmeapi/ns-mmeapi-waveformatex */
typedef struct WAVEFORMATEX {
    WORD wFormatTag;
    WORD nChannels;
    DWORD nSamplesPerSec;
    DWORD nAvgBytesPerSec;
    WORD nBlockAlign; /* bytes of the smallest unit that can be coded */
    WORD wBitsPerSample;
    WORD cbSize;
} WAVEFORMATEX;

typedef struct ADPCMCOEFSET {
    int16_t iCoef1;
    int16_t iCoef2;
} ADPCMCOEFSET;

/* WAVE_FORMAT_ADPCM. 22 bytes, then wNumCoef pairs (7 standard ones: 50 bytes in all). */
typedef struct ADPCMWAVEFORMAT {
    WAVEFORMATEX wfx;
    WORD wSamplesPerBlock;
    WORD wNumCoef;
#ifndef __cplusplus
    ADPCMCOEFSET aCoef[];
#endif
} ADPCMWAVEFORMAT;

/* WAVE_FORMAT_IMA_ADPCM, 20 bytes. */
typedef struct IMAADPCMWAVEFORMAT {
    WAVEFORMATEX wfx;
    WORD wSamplesPerBlock;
} IMAADPCMWAVEFORMAT;

/* WAVE_FORMAT_GSM610, 20 bytes. */
typedef struct GSM610WAVEFORMAT {
    WAVEFORMATEX wfx;
    WORD wSamplesPerBlock;
} GSM610WAVEFORMAT;

/* WAVE_FORMAT_MPEGLAYER3, 30 bytes.
 * https://learn.microsoft.com/windows/win32/api/mmreg/ns-mmreg-mpeglayer3waveformat */
typedef struct MPEGLAYER3WAVEFORMAT {
    WAVEFORMATEX wfx;
    WORD wID;
    DWORD fdwFlags;
    WORD nBlockSize;
    WORD nFramesPerBlock;
    WORD nCodecDelay;
} MPEGLAYER3WAVEFORMAT;

/* WAVE_FORMAT_EXTENSIBLE, 40 bytes. SubFormat is a GUID; for one made from a format tag its first
 * two bytes are the tag.
 * https://learn.microsoft.com/windows/win32/api/mmreg/ns-mmreg-waveformatextensible */
typedef struct WAVEFORMATEXTENSIBLE {
    WAVEFORMATEX Format;
    WORD wValidBitsPerSample;
    DWORD dwChannelMask;
    BYTE SubFormat[16];
} WAVEFORMATEXTENSIBLE;

/* 32 bytes, then what belongs to the filter. */
typedef struct WAVEFILTER {
    DWORD cbStruct;
    DWORD dwFilterTag;
    DWORD fdwFilter;
    DWORD dwReserved[5];
} WAVEFILTER;

/* ---- results -------------------------------------------------------------------------------- */

#define MMSYSERR_NOERROR 0
#define MMSYSERR_ERROR 1
#define MMSYSERR_BADDEVICEID 2
#define MMSYSERR_NOTENABLED 3
#define MMSYSERR_ALLOCATED 4
#define MMSYSERR_INVALHANDLE 5
#define MMSYSERR_NODRIVER 6
#define MMSYSERR_NOMEM 7
#define MMSYSERR_NOTSUPPORTED 8
#define MMSYSERR_BADERRNUM 9
#define MMSYSERR_INVALFLAG 10
#define MMSYSERR_INVALPARAM 11
#define MMSYSERR_HANDLEBUSY 12
#define ACMERR_BASE 512
#define ACMERR_NOTPOSSIBLE 512
#define ACMERR_BUSY 513
#define ACMERR_UNPREPARED 514
#define ACMERR_CANCELED 515

/* ---- messages ------------------------------------------------------------------------------- */

#define ACMDM_USER (DRV_USER + 0x0000) /* a driver's own messages, up to ACMDM_RESERVED_LOW */
#define ACMDM_RESERVED_LOW (DRV_USER + 0x2000)
#define ACMDM_RESERVED_HIGH (DRV_USER + 0x2FFF)
#define ACMDM_BASE ACMDM_RESERVED_LOW

#define ACMDM_DRIVER_NOTIFY (ACMDM_BASE + 1)
#define ACMDM_DRIVER_DETAILS (ACMDM_BASE + 10) /* ACMDRIVERDETAILSW* */
#define ACMDM_DRIVER_ABOUT (ACMDM_BASE + 11)   /* HWND; -1 asks whether there is a dialog */
#define ACMDM_HARDWARE_WAVE_CAPS_INPUT (ACMDM_BASE + 20)  /* WAVEINCAPSW*, its size */
#define ACMDM_HARDWARE_WAVE_CAPS_OUTPUT (ACMDM_BASE + 21) /* WAVEOUTCAPSW*, its size */
#define ACMDM_FORMATTAG_DETAILS \
    (ACMDM_BASE + 25)                          /* ACMFORMATTAGDETAILSW*, ACM_FORMATTAGDETAILSF_* */
#define ACMDM_FORMAT_DETAILS (ACMDM_BASE + 26) /* ACMFORMATDETAILSW*, ACM_FORMATDETAILSF_* */
#define ACMDM_FORMAT_SUGGEST (ACMDM_BASE + 27) /* ACMDRVFORMATSUGGEST* */
#define ACMDM_FILTERTAG_DETAILS (ACMDM_BASE + 50) /* ACMFILTERTAGDETAILSW* */
#define ACMDM_FILTER_DETAILS (ACMDM_BASE + 51)    /* ACMFILTERDETAILSW* */
/* lParam1 of these is an ACMDRVSTREAMINSTANCE*, the same one for the life of a stream. */
#define ACMDM_STREAM_OPEN (ACMDM_BASE + 76)
#define ACMDM_STREAM_CLOSE (ACMDM_BASE + 77)
#define ACMDM_STREAM_SIZE (ACMDM_BASE + 78)    /* lParam2: ACMDRVSTREAMSIZE* */
#define ACMDM_STREAM_CONVERT (ACMDM_BASE + 79) /* lParam2: ACMDRVSTREAMHEADER* */
#define ACMDM_STREAM_RESET (ACMDM_BASE + 80)
#define ACMDM_STREAM_PREPARE (ACMDM_BASE + 81)   /* lParam2: ACMDRVSTREAMHEADER*; optional */
#define ACMDM_STREAM_UNPREPARE (ACMDM_BASE + 82) /* lParam2: ACMDRVSTREAMHEADER*; optional */
#define ACMDM_STREAM_UPDATE (ACMDM_BASE + 83)

/* ---- opening -------------------------------------------------------------------------------- */

#define ACMDRIVERDETAILS_FCCTYPE_AUDIOCODEC 0x63647561 /* 'audc' */
#define ACMDRIVERDETAILS_FCCCOMP_UNDEFINED 0

/* lParam2 of DRV_OPEN. A driver that is opened with lParam2 = 0 (for its configuration) must
 * accept; one that refuses an fccType answers 0 and may say why in dwError. 36 / 44 bytes. */
typedef struct ACMDRVOPENDESCW {
    DWORD cbStruct;  /* may be larger than this structure */
    FOURCC fccType;  /* 'audc' */
    FOURCC fccComp;  /* 0 */
    DWORD dwVersion; /* of the ACM: 0xAABBCCCC, major, minor, build */
    DWORD dwFlags;
    DWORD dwError; /* for the driver to set: MMSYSERR_* or ACMERR_* */
    LPCWSTR pszSectionName;
    LPCWSTR pszAliasName;
    DWORD dnDevNode;
} ACMDRVOPENDESCW;

/* ---- what a driver can do ------------------------------------------------------------------- */

#define ACMDRIVERDETAILS_SUPPORTF_CODEC 0x00000001     /* between two format tags */
#define ACMDRIVERDETAILS_SUPPORTF_CONVERTER 0x00000002 /* within one format tag */
#define ACMDRIVERDETAILS_SUPPORTF_FILTER 0x00000004
#define ACMDRIVERDETAILS_SUPPORTF_HARDWARE 0x00000008
#define ACMDRIVERDETAILS_SUPPORTF_ASYNC 0x00000010
#define ACMDRIVERDETAILS_SUPPORTF_LOCAL 0x40000000
#define ACMDRIVERDETAILS_SUPPORTF_DISABLED 0x80000000

#define ACMDRIVERDETAILS_SHORTNAME_CHARS 32
#define ACMDRIVERDETAILS_LONGNAME_CHARS 128
#define ACMDRIVERDETAILS_COPYRIGHT_CHARS 80
#define ACMDRIVERDETAILS_LICENSING_CHARS 128
#define ACMDRIVERDETAILS_FEATURES_CHARS 512
#define ACMFORMATTAGDETAILS_FORMATTAG_CHARS 48
#define ACMFORMATDETAILS_FORMAT_CHARS 128

/* 1800 / 1804 bytes. The caller sets cbStruct; a driver fills in no more than that.
 * https://learn.microsoft.com/windows/win32/api/msacm/ns-msacm-acmdriverdetailsw */
typedef struct ACMDRIVERDETAILSW {
    DWORD cbStruct;
    FOURCC fccType;
    FOURCC fccComp;
    WORD wMid;
    WORD wPid;
    DWORD vdwACM;    /* the ACM it was made for, 0xAABBCCCC */
    DWORD vdwDriver; /* its own version, 0xAABBCCCC */
    DWORD fdwSupport;
    DWORD cFormatTags;
    DWORD cFilterTags;
    HANDLE hicon;
    WCHAR szShortName[ACMDRIVERDETAILS_SHORTNAME_CHARS];
    WCHAR szLongName[ACMDRIVERDETAILS_LONGNAME_CHARS];
    WCHAR szCopyright[ACMDRIVERDETAILS_COPYRIGHT_CHARS];
    WCHAR szLicensing[ACMDRIVERDETAILS_LICENSING_CHARS];
    WCHAR szFeatures[ACMDRIVERDETAILS_FEATURES_CHARS];
} ACMDRIVERDETAILSW;

/* lParam2 of ACMDM_FORMATTAG_DETAILS: what of the structure is given. */
#define ACM_FORMATTAGDETAILSF_INDEX 0x00000000
#define ACM_FORMATTAGDETAILSF_FORMATTAG 0x00000001
#define ACM_FORMATTAGDETAILSF_LARGESTSIZE 0x00000002
#define ACM_FORMATTAGDETAILSF_QUERYMASK 0x0000000F

/* 120 / 120 bytes.
 * https://learn.microsoft.com/windows/win32/api/msacm/ns-msacm-tacmformattagdetailsw */
typedef struct ACMFORMATTAGDETAILSW {
    DWORD cbStruct;
    DWORD dwFormatTagIndex;
    DWORD dwFormatTag;
    DWORD cbFormatSize; /* of the largest WAVEFORMATEX with this tag, its extra bytes included */
    DWORD fdwSupport;
    DWORD cStandardFormats;
    WCHAR szFormatTag[ACMFORMATTAGDETAILS_FORMATTAG_CHARS];
} ACMFORMATTAGDETAILSW;

#define ACM_FORMATDETAILSF_INDEX 0x00000000
#define ACM_FORMATDETAILSF_FORMAT 0x00000001
#define ACM_FORMATDETAILSF_QUERYMASK 0x0000000F

/* 280 / 284 bytes.
 * https://learn.microsoft.com/windows/win32/api/msacm/ns-msacm-tacmformatdetailsw */
typedef struct ACMFORMATDETAILSW {
    DWORD cbStruct;
    DWORD dwFormatIndex;
    DWORD dwFormatTag;
    DWORD fdwSupport;
    WAVEFORMATEX* pwfx;
    DWORD cbwfx; /* bytes at pwfx */
    WCHAR szFormat[ACMFORMATDETAILS_FORMAT_CHARS];
} ACMFORMATDETAILSW;

/* Which members of *pwfxDst are given and must not be changed. */
#define ACM_FORMATSUGGESTF_WFORMATTAG 0x00010000
#define ACM_FORMATSUGGESTF_NCHANNELS 0x00020000
#define ACM_FORMATSUGGESTF_NSAMPLESPERSEC 0x00040000
#define ACM_FORMATSUGGESTF_WBITSPERSAMPLE 0x00080000
#define ACM_FORMATSUGGESTF_TYPEMASK 0x00FF0000

#define ACMFILTERTAGDETAILS_FILTERTAG_CHARS 48
#define ACMFILTERDETAILS_FILTER_CHARS 128

/* 120 / 120 bytes; lParam2 of ACMDM_FILTERTAG_DETAILS says what is given, as for format tags.
 * https://learn.microsoft.com/windows/win32/api/msacm/ns-msacm-acmfiltertagdetailsw */
typedef struct ACMFILTERTAGDETAILSW {
    DWORD cbStruct;
    DWORD dwFilterTagIndex;
    DWORD dwFilterTag;
    DWORD cbFilterSize;
    DWORD fdwSupport;
    DWORD cStandardFilters;
    WCHAR szFilterTag[ACMFILTERTAGDETAILS_FILTERTAG_CHARS];
} ACMFILTERTAGDETAILSW;

/* 280 / 284 bytes.
 * https://learn.microsoft.com/windows/win32/api/msacm/ns-msacm-acmfilterdetailsw */
typedef struct ACMFILTERDETAILSW {
    DWORD cbStruct;
    DWORD dwFilterIndex;
    DWORD dwFilterTag;
    DWORD fdwSupport;
    WAVEFILTER* pwfltr;
    DWORD cbwfltr; /* bytes at pwfltr */
    WCHAR szFilter[ACMFILTERDETAILS_FILTER_CHARS];
} ACMFILTERDETAILSW;

/* 24 / 32 bytes. */
typedef struct ACMDRVFORMATSUGGEST {
    DWORD cbStruct;
    DWORD fdwSuggest;
    WAVEFORMATEX* pwfxSrc;
    DWORD cbwfxSrc;
    WAVEFORMATEX* pwfxDst;
    DWORD cbwfxDst;
} ACMDRVFORMATSUGGEST;

/* ---- streams -------------------------------------------------------------------------------- */

#define ACM_STREAMOPENF_QUERY 0x00000001 /* only asks whether the conversion is possible */
#define ACM_STREAMOPENF_ASYNC 0x00000002
#define ACM_STREAMOPENF_NONREALTIME 0x00000004 /* may be slower than the sound lasts */

/* Messages to the function, event or thread in dwCallback, with the stream `has`. MM_ACM_DONE: a
 * conversion begun with ACM_STREAMOPENF_ASYNC is done; dwParam1 is its ACMDRVSTREAMHEADER.
 * https://learn.microsoft.com/windows/win32/multimedia/mm-acm-done */
#define MM_ACM_OPEN 0x03D4
#define MM_ACM_CLOSE 0x03D5
#define MM_ACM_DONE 0x03D6

/* 40 / 68 bytes. fdwDriver and dwDriver are the driver's own, for the life of the stream. */
typedef struct ACMDRVSTREAMINSTANCE {
    DWORD cbStruct;
    WAVEFORMATEX* pwfxSrc;
    WAVEFORMATEX* pwfxDst;
    WAVEFILTER* pwfltr;
    DWORD_PTR dwCallback;
    DWORD_PTR dwInstance;
    DWORD fdwOpen; /* ACM_STREAMOPENF_* */
    DWORD fdwDriver;
    DWORD_PTR dwDriver;
    HACMSTREAM has;
} ACMDRVSTREAMINSTANCE;

#define ACM_STREAMSIZEF_SOURCE 0x00000000      /* cbSrcLength is given, cbDstLength wanted */
#define ACM_STREAMSIZEF_DESTINATION 0x00000001 /* the other way round */
#define ACM_STREAMSIZEF_QUERYMASK 0x0000000F

/* 16 bytes. The size wanted is a bound that is enough, not an exact one. */
typedef struct ACMDRVSTREAMSIZE {
    DWORD cbStruct;
    DWORD fdwSize;
    DWORD cbSrcLength;
    DWORD cbDstLength;
} ACMDRVSTREAMSIZE;

#define ACM_STREAMCONVERTF_BLOCKALIGN 0x00000004 /* whole blocks only */
#define ACM_STREAMCONVERTF_START 0x00000010      /* forget what came before */
#define ACM_STREAMCONVERTF_END 0x00000020        /* nothing comes after: give out what is kept */

#define ACMSTREAMHEADER_STATUSF_DONE 0x00010000
#define ACMSTREAMHEADER_STATUSF_PREPARED 0x00020000
#define ACMSTREAMHEADER_STATUSF_INQUEUE 0x00100000

/* 84 / 124 bytes. The first members are those of a client's ACMSTREAMHEADER. */
typedef struct ACMDRVSTREAMHEADER {
    DWORD cbStruct;
    DWORD fdwStatus; /* ACMSTREAMHEADER_STATUSF_* */
    DWORD_PTR dwUser;
    BYTE* pbSrc;
    DWORD cbSrcLength;
    DWORD cbSrcLengthUsed; /* for the driver to set */
    DWORD_PTR dwSrcUser;
    BYTE* pbDst;
    DWORD cbDstLength;
    DWORD cbDstLengthUsed; /* for the driver to set */
    DWORD_PTR dwDstUser;
    DWORD fdwConvert; /* ACM_STREAMCONVERTF_* */
    struct ACMDRVSTREAMHEADER* padshNext;
    DWORD fdwDriver; /* this and dwDriver are the driver's own */
    DWORD_PTR dwDriver;
    DWORD fdwPrepared; /* from here on: what ACMDM_STREAM_PREPARE was sent with */
    DWORD_PTR dwPrepared;
    BYTE* pbPreparedSrc;
    DWORD cbPreparedSrcLength;
    BYTE* pbPreparedDst;
    DWORD cbPreparedDstLength;
} ACMDRVSTREAMHEADER;

#pragma pack(pop)

#ifdef __cplusplus
}
#define INSTDRV_IS(value, number) static_assert((value) == (number), #value)
#else
#define INSTDRV_IS(value, number) _Static_assert((value) == (number), #value)
#endif
#define INSTDRV_BY_MACHINE(on_32, on_64) (sizeof(void*) == 8 ? (on_64) : (on_32))
INSTDRV_IS(sizeof(WAVEFORMATEX), 18);
INSTDRV_IS(sizeof(ADPCMWAVEFORMAT), 22);
INSTDRV_IS(sizeof(IMAADPCMWAVEFORMAT), 20);
INSTDRV_IS(sizeof(GSM610WAVEFORMAT), 20);
INSTDRV_IS(sizeof(MPEGLAYER3WAVEFORMAT), 30);
INSTDRV_IS(sizeof(WAVEFORMATEXTENSIBLE), 40);
INSTDRV_IS(sizeof(WAVEFILTER), 32);
INSTDRV_IS(sizeof(ACMDRVOPENDESCW), INSTDRV_BY_MACHINE(36, 44));
INSTDRV_IS(sizeof(ACMDRIVERDETAILSW), INSTDRV_BY_MACHINE(1800, 1804));
INSTDRV_IS(sizeof(ACMFORMATTAGDETAILSW), 120);
INSTDRV_IS(sizeof(ACMFORMATDETAILSW), INSTDRV_BY_MACHINE(280, 284));
INSTDRV_IS(sizeof(ACMFILTERTAGDETAILSW), 120);
INSTDRV_IS(sizeof(ACMFILTERDETAILSW), INSTDRV_BY_MACHINE(280, 284));
INSTDRV_IS(sizeof(ACMDRVFORMATSUGGEST), INSTDRV_BY_MACHINE(24, 32));
INSTDRV_IS(sizeof(ACMDRVSTREAMINSTANCE), INSTDRV_BY_MACHINE(40, 68));
INSTDRV_IS(sizeof(ACMDRVSTREAMSIZE), 16);
INSTDRV_IS(sizeof(ACMDRVSTREAMHEADER), INSTDRV_BY_MACHINE(84, 124));
INSTDRV_IS(offsetof(ACMDRVSTREAMHEADER, pbDst), INSTDRV_BY_MACHINE(28, 40));
INSTDRV_IS(offsetof(ACMDRVSTREAMHEADER, fdwConvert), INSTDRV_BY_MACHINE(44, 64));
INSTDRV_IS(offsetof(ACMFORMATDETAILSW, cbwfx), INSTDRV_BY_MACHINE(20, 24));
INSTDRV_IS(offsetof(ACMDRIVERDETAILSW, szShortName), INSTDRV_BY_MACHINE(40, 44));
#undef INSTDRV_BY_MACHINE
#undef INSTDRV_IS

#endif
