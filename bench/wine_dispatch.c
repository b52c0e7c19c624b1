/* Nanoseconds per SendDriverMessage on Windows: wine_dispatch.exe DRIVER COUNT */
#include <windows.h>

#include <mmsystem.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

int wmain(int argc, wchar_t** argv) {
    if (argc < 3) return 2;
    const HDRVR driver = OpenDriver(argv[1], NULL, 0);
    if (driver == NULL) return 1;
    const long count = wcstol(argv[2], NULL, 10);
    LARGE_INTEGER frequency, start, end;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (long i = 0; i < count; ++i)
        SendDriverMessage(driver, 0x4123, 0, 0);
    QueryPerformanceCounter(&end);
    printf("%f\n", (double)(end.QuadPart - start.QuadPart) * 1e9 / (double)frequency.QuadPart /
                       (double)count);
    CloseDriver(driver, 0, 0);
    return 0;
}
