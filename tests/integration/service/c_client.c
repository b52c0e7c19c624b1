/* The C twin of a client: connects, opens the driver that is its argument, sends DRV_USER with
 * DRV_LOAD as its parameter (counts.c answers how often that came), and disconnects. */
#include <instdrv/driver.h>

#include <stdio.h>

static int fail(const char* what) {
    printf("%s: error %d: %s\n", what, instdrv_last_error_code(), instdrv_last_error_text());
    return 1;
}

int main(int count, char** arguments) {
    HDRVR driver;
    if (count != 2) return 2;
    if (!instdrv_connect()) return fail("connect");
    if (instdrv_connect()) return fail("a second connection was made");
    driver = OpenDriverA(arguments[1], NULL, 0);
    if (driver == NULL) return fail("open");
    printf("loads %ld\n", (long)SendDriverMessage(driver, DRV_USER, DRV_LOAD, 0));
    if (!instdrv_disconnect()) return fail("disconnect");
    if (instdrv_disconnect()) return fail("a second disconnection was made");
    return 0;
}
