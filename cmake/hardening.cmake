# What makes mistakes in memory harder to use, as Debian's packages have it (dpkg-buildflags
# hardening=+all), in Release builds: for all programs, the library, the parser and both workers. Drivers do not
# get in its way: the C library's canaries are read through FS on amd64 and through GS on i386, and
# Windows' TEB is where the other of the two points.
include(CheckPIESupported)
check_pie_supported()

# For GCC and Clang, with optimisation.
set(INSTDRV_HARDENED_COMPILE_OPTIONS
  -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
  -fstack-protector-strong -fstack-clash-protection -fcf-protection)
set(INSTDRV_HARDENED_LINK_OPTIONS LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)

# instdrv_harden_release(): what is made in this folder and below.
macro(instdrv_harden_release)
  add_compile_options("$<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:C,CXX>>:${INSTDRV_HARDENED_COMPILE_OPTIONS}>")
  add_link_options("$<$<CONFIG:Release>:${INSTDRV_HARDENED_LINK_OPTIONS}>")
endmacro()
instdrv_harden_release()
