# Code for i386 beside that for amd64: what runs drivers, so that 32-bit Windows drivers run too. It is
# linked with libc, libstdc++ and header-only libraries alone, which g++-multilib has for both machines.

# instdrv_make_32(TARGET): compiles and links an executable or library for i386. It may link the
# libraries named instdrv_NAME_32. Sanitizers leave it out: PE code shares its address space, which is
# small. Numbers of files and of time have 64 bits, floats are SSE's as on amd64. Frame pointers are kept:
# call stacks of crashes are followed by them on i386, through our code to the driver's.
function(instdrv_make_32 target)
  foreach(property COMPILE_OPTIONS LINK_OPTIONS)
    get_target_property(options ${target} ${property})
    if(options)
      list(FILTER options EXCLUDE REGEX "sanitize")
      set_target_properties(${target} PROPERTIES ${property} "${options}")
    endif()
  endforeach()
  target_compile_options(${target} PRIVATE -m32 -msse2 -mfpmath=sse -fno-omit-frame-pointer)
  target_compile_definitions(${target} PRIVATE _FILE_OFFSET_BITS=64 _TIME_BITS=64)
  target_link_options(${target} PRIVATE -m32)
endfunction()

# instdrv_twin_32(NAME SOURCES... LINK...): instdrv_NAME_32 of the sources of instdrv_NAME. The file
# src/i386/CMakeLists.txt makes it.
function(instdrv_twin_32 name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  set(sources)
  foreach(source IN LISTS arg_SOURCES)  # some are made in the build folder
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND sources ${source})
  endforeach()
  list(TRANSFORM arg_LINK REPLACE "^(instdrv_.+)$" "\\1_32")
  set_property(GLOBAL APPEND PROPERTY INSTDRV_TWINS_32 ${name})
  set_property(GLOBAL PROPERTY INSTDRV_TWIN_32_${name}_SOURCES ${sources})
  set_property(GLOBAL PROPERTY INSTDRV_TWIN_32_${name}_LINK ${arg_LINK})
endfunction()
