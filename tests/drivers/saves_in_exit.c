/* Saves in DRV_EXITSESSION, as drivers do that keep settings: C:\saved.txt, one line. Windows only.
 */
#include "driver_source.h"

static LRESULT save(void) {
    static const char line[] = "saved in DRV_EXITSESSION\r\n";
    DWORD written = 0;
    const HANDLE file =
        CreateFileA("C:\\saved.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 0;
    const BOOL whole = WriteFile(file, line, sizeof line - 1, &written, NULL);
    CloseHandle(file);
    return whole && written == sizeof line - 1;
}

DRIVER_PROC {
    if (message == DRV_EXITSESSION) return save();
    return behave(id, hdrvr, message, lparam1, lparam2);
}
