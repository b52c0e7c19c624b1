/* Opens a driver with the Windows functions, sends it a message and ends the session.
 *
 *     ./hello_host ../hello-driver/hello_driver.so
 *     ./hello_host msadp32.acm
 */
#include <instdrv/driver.h>

#include <stdio.h>

int main(int argc, char** argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DRIVER\n", argv[0]);
        return 2;
    }
    HDRVR driver = OpenDriverA(argv[1], NULL, 0);
    if (driver == NULL) {
        fprintf(stderr, "%s\n", instdrv_last_error_text());
        return 1;
    }
    printf("20 + 22 = %ld\n", (long)SendDriverMessage(driver, DRV_USER, 20, 22));
    return instdrv_exit_session(2000, 2000) == 0 ? 0 : 3;
}
