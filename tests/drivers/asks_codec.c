/* A client of another driver: DRV_USER opens msg711.acm as the ACM would, with a structure, asks it
 * for its details, which it gets in another one, and answers how many format tags it has. */
#include "driver_source.h"

#ifdef _WIN32
#include <mmreg.h>
#include <msacm.h> /* needs mmreg.h */
#define open_codec(description) OpenDriver(L"msg711.acm", NULL, (LPARAM)(description))
#define ACMDM_DRIVER_DETAILS (DRV_USER + 0x2000 + 10)
#else
#include <instdrv/acm.h>
#define open_codec(description) OpenDriverA("msg711.acm", NULL, (LPARAM)(description))
#endif

struct description { /* ACMDRVOPENDESC, in no header of mingw-w64's */
    DWORD size, type, component, version, flags, error;
    const void *section, *alias;
    DWORD node;
};

static ACMDRIVERDETAILSW details;

static LRESULT format_tags_of_codec(void) {
    struct description description = {
        sizeof description, 0x63647561 /* 'audc' */, 0, 0x05000000, 0, 0, NULL, NULL, 0};
    HDRVR const codec = open_codec(&description);
    LRESULT answer;
    if (codec == NULL) return -1;
    details.cbStruct = sizeof details;
    answer = SendDriverMessage(codec, ACMDM_DRIVER_DETAILS, (LPARAM)&details, 0);
    if (CloseDriver(codec, 0, 0) == 0) return -2;
    return answer == 0 ? (LRESULT)details.cFormatTags : -3;
}

DRIVER_PROC {
    if (message == DRV_USER) return format_tags_of_codec();
    return behave(id, hdrvr, message, lparam1, lparam2);
}
