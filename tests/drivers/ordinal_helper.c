/* The DLL that imports_by_ordinal needs. Its functions have no names, see ordinal_helper.def. */
int add(int a, int b) { return a + b; }
int multiply(int a, int b) { return a * b; }
