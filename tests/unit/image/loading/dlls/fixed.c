/* The test takes its relocations away. */
static int cell = 6;
static int* const volatile address_of_cell = &cell;

int __stdcall DllMain(void* module, unsigned reason, void* reserved) {
    (void)module, (void)reason, (void)reserved;
    return *address_of_cell == 6;
}
