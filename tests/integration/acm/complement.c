/* The smallest ACM driver: its format 0x4321 is 8-bit mono PCM with every bit turned over. Built
 * from <instdrv/acm.h> alone, as a native driver and as a Windows DLL with no C runtime, whose
 * structures are packed as Windows' headers pack them. */
#include <instdrv/acm.h>

#define COMPLEMENT_TAG 0x4321

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
int DllMain(void* module, DWORD reason, void* reserved) {
    (void)module, (void)reason, (void)reserved;
    return 1;
}
#else
#define EXPORT INSTDRV_API
#endif

static LRESULT open_instance(ACMDRVOPENDESCW* opening) {
    if (!opening) return 1;
    if (opening->fccType == ACMDRIVERDETAILS_FCCTYPE_AUDIOCODEC &&
        opening->cbStruct >= sizeof *opening) {
        return 1;
    }
    opening->dwError = MMSYSERR_INVALPARAM;
    return 0;
}

static void set_name(WCHAR* to, const char* name) {
    while ((*to++ = (unsigned char)*name++)) {
    }
}

#ifdef SPEAKS_TO_THE_TERMINAL
#define NAME                                      \
    "\x1b[31mred\x07\ninstdrv: all is well\r\x9b" \
    "2J\x7f"
#else
#define NAME "Complement"
#endif

/* All that a driver says of itself. */
static LRESULT details(ACMDRIVERDETAILSW* out) {
    out->fdwSupport = ACMDRIVERDETAILS_SUPPORTF_CODEC;
    out->cFormatTags = 2;
    set_name(out->szLongName, NAME);
    set_name(out->szCopyright, NAME);
    set_name(out->szLicensing, NAME);
    set_name(out->szFeatures, NAME);
    return MMSYSERR_NOERROR;
}

static LRESULT tag_details(ACMFORMATTAGDETAILSW* out, LPARAM given) {
    if (given == ACM_FORMATTAGDETAILSF_INDEX) {
        out->dwFormatTag = out->dwFormatTagIndex == 0 ? WAVE_FORMAT_PCM : COMPLEMENT_TAG;
    }
    if (out->dwFormatTag != WAVE_FORMAT_PCM && out->dwFormatTag != COMPLEMENT_TAG) {
        return ACMERR_NOTPOSSIBLE;
    }
    out->cbFormatSize = sizeof(WAVEFORMATEX);
    out->cStandardFormats = 1;
    set_name(out->szFormatTag, NAME);
    return MMSYSERR_NOERROR;
}

static void fill_format(WAVEFORMATEX* format, DWORD tag, DWORD rate) {
    format->wFormatTag = (WORD)tag;
    format->nChannels = 1;
    format->nSamplesPerSec = rate;
    format->nAvgBytesPerSec = rate;
    format->nBlockAlign = 1;
    format->wBitsPerSample = 8;
    format->cbSize = 0;
}

static LRESULT suggest(ACMDRVFORMATSUGGEST* request) {
    if (request->cbStruct != sizeof *request) return MMSYSERR_INVALPARAM;
    fill_format(request->pwfxDst, request->pwfxDst->wFormatTag, request->pwfxSrc->nSamplesPerSec);
    return MMSYSERR_NOERROR;
}

static LRESULT open_stream(const ACMDRVSTREAMINSTANCE* stream) {
    const WAVEFORMATEX* from = stream->pwfxSrc;
    const WAVEFORMATEX* to = stream->pwfxDst;
    const int possible = stream->cbStruct == sizeof *stream && stream->has &&
                         from->wFormatTag + to->wFormatTag == WAVE_FORMAT_PCM + COMPLEMENT_TAG &&
                         from->nSamplesPerSec == to->nSamplesPerSec && from->nChannels == 1 &&
                         from->wBitsPerSample == 8 && to->wBitsPerSample == 8;
    return possible ? MMSYSERR_NOERROR : ACMERR_NOTPOSSIBLE;
}

static LRESULT stream_size(ACMDRVSTREAMSIZE* size) {
    size->cbDstLength = size->cbSrcLength;
    return MMSYSERR_NOERROR;
}

static LRESULT convert(ACMDRVSTREAMHEADER* header) {
    DWORD i = 0;
#ifdef CRASHES_AT_THE_END
    if (header->cbSrcLength == 0) __builtin_trap(); /* which no sanitizer sees to */
#endif
    for (; i < header->cbSrcLength && i < header->cbDstLength; ++i) {
        header->pbDst[i] = (BYTE)~header->pbSrc[i];
    }
    header->cbSrcLengthUsed = i;
    header->cbDstLengthUsed = i;
    return MMSYSERR_NOERROR;
}

EXPORT LRESULT CALLBACK DriverProc(DWORD_PTR id, HDRVR hdrvr, UINT message, LPARAM lparam1,
                                   LPARAM lparam2) {
    (void)id, (void)hdrvr;
    switch (message) {
        case DRV_OPEN: return open_instance((ACMDRVOPENDESCW*)lparam2);
        case ACMDM_DRIVER_DETAILS: return details((ACMDRIVERDETAILSW*)lparam1);
        case ACMDM_FORMATTAG_DETAILS: return tag_details((ACMFORMATTAGDETAILSW*)lparam1, lparam2);
        case ACMDM_FORMAT_DETAILS: {
            ACMFORMATDETAILSW* out = (ACMFORMATDETAILSW*)lparam1;
            fill_format(out->pwfx, out->dwFormatTag, 8000);
            set_name(out->szFormat, NAME);
            return MMSYSERR_NOERROR;
        }
        case ACMDM_FORMAT_SUGGEST: return suggest((ACMDRVFORMATSUGGEST*)lparam1);
        case ACMDM_STREAM_OPEN: return open_stream((const ACMDRVSTREAMINSTANCE*)lparam1);
        case ACMDM_STREAM_SIZE: return stream_size((ACMDRVSTREAMSIZE*)lparam2);
        case ACMDM_STREAM_CONVERT: return convert((ACMDRVSTREAMHEADER*)lparam2);
        case ACMDM_STREAM_CLOSE: return MMSYSERR_NOERROR;
        default: return message < DRV_USER ? 1 : MMSYSERR_NOTSUPPORTED;
    }
}
