/* An ACM codec that tells its client of a conversion with an address of its choosing. DRV_USER
 * chooses, for the conversions that come:
 *
 *   lParam1  0: the header of the conversion; 1: the stream; 2: a place inside of the header; 3: an
 *            address that it made up; 4: none
 *   lParam2  in which of the two parameters it stands; in the other one is what belongs there
 *
 * DRV_USER+1 answers whether the client was called for the last one. */
#include "driver_source.h"

#ifndef MM_ACM_DONE /* in mmsystem.h as MM_STREAM_DONE */
#define MM_ACM_DONE 0x3D6
#endif

enum { stream_open = DRV_USER + 0x2000 + 76, stream_close, stream_size, stream_convert };
enum { stream_prepare = DRV_USER + 0x2000 + 81, stream_unprepare };
enum { not_supported = 8 }; /* MMSYSERR_NOTSUPPORTED */

#pragma pack(push, 1)
struct stream { /* ACMDRVSTREAMINSTANCE, in no header of mingw-w64's */
    DWORD size;
    void *source, *destination, *filter;
    DWORD_PTR callback, user;
    DWORD open_flags, driver_flags;
    DWORD_PTR driver;
    void* has;
};
#pragma pack(pop)

static LPARAM choice, place;
static LRESULT delivered;

static DWORD_PTR chosen(const struct stream* stream, LPARAM header) {
    switch (choice) {
        case 0: return (DWORD_PTR)header;
        case 1: return (DWORD_PTR)stream;
        case 2: return (DWORD_PTR)header + 8;
        case 3: return 0x41414140;
        default: return 0;
    }
}

static LRESULT convert(const struct stream* stream, LPARAM header) {
    const DWORD_PTR handed = chosen(stream, header);
    delivered = DriverCallback(stream->callback, stream->open_flags >> 16, (HDRVR)stream->has,
                               MM_ACM_DONE, stream->user, place == 0 ? handed : (DWORD_PTR)header,
                               place == 0 ? 0 : handed);
    return 0;
}

DRIVER_PROC {
    switch (message) {
        case DRV_USER:
            choice = lparam1;
            place = lparam2;
            return 1;
        case DRV_USER + 1: return delivered;
        case stream_open:
        case stream_close:
        case stream_prepare:
        case stream_unprepare: return 0;
        case stream_convert: return convert((const struct stream*)lparam1, lparam2);
        default: break;
    }
    return message > DRV_USER ? not_supported : behave(id, hdrvr, message, lparam1, lparam2);
}
