/* What the headers of mingw-w64 say of the structures that <instdrv/acm.h> declares too: compiled
 * for both machines, never run. The numbers are those at the end of acm.h. */
#include <stddef.h>

#include <windows.h>

#include <mmsystem.h>

#include <mmreg.h>

#include <msacm.h>

#define SIZE_IS(type, size32, size64) \
    _Static_assert(sizeof(type) == (sizeof(void*) == 8 ? (size64) : (size32)), #type)
#define OFFSET_IS(type, member, offset32, offset64)                                          \
    _Static_assert(offsetof(type, member) == (sizeof(void*) == 8 ? (offset64) : (offset32)), \
                   #type "." #member)

SIZE_IS(WAVEFORMATEX, 18, 18);
SIZE_IS(ADPCMWAVEFORMAT, 22, 22);
SIZE_IS(IMAADPCMWAVEFORMAT, 20, 20);
SIZE_IS(GSM610WAVEFORMAT, 20, 20);
SIZE_IS(MPEGLAYER3WAVEFORMAT, 30, 30);
SIZE_IS(WAVEFORMATEXTENSIBLE, 40, 40);
SIZE_IS(WAVEFILTER, 32, 32);
SIZE_IS(ACMDRIVERDETAILSW, 1800, 1804);
SIZE_IS(ACMFORMATTAGDETAILSW, 120, 120);
SIZE_IS(ACMFORMATDETAILSW, 280, 284);
SIZE_IS(ACMSTREAMHEADER, 84, 124); /* ACMDRVSTREAMHEADER, as clients see it */
OFFSET_IS(ACMSTREAMHEADER, pbDst, 28, 40);
OFFSET_IS(ACMSTREAMHEADER, dwReservedDriver, 44, 64);
OFFSET_IS(ACMFORMATDETAILSW, cbwfx, 20, 24);
OFFSET_IS(ACMDRIVERDETAILSW, szShortName, 40, 44);
