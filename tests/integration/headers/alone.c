/* What a header is included into, so that it is compiled alone. */
extern int instdrv_nothing_else;
