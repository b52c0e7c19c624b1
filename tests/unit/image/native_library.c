/* The library that a native driver misses. */
__attribute__((visibility("default"))) int nobody_has_this(void) { return 1; }
