# ThreadSanitizer is in what hosts are made of, and in tests. It is neither in drivers nor in the worker
# programs that load them: its runtime wants more memory and other system calls than a sandbox gives. So
# what a worker is made of is built twice, the second time as instdrv_NAME_plain, with the flags of the
# debug preset, whose objects the compiler cache has.
if(INSTDRV_TSAN)
  add_compile_options(-O1 -g1 -fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()

# What loads and serves the code of Windows drivers, where ThreadSanitizer follows no thread: hosts have
# the plain objects too.
set(INSTDRV_PLAIN_FOR_HOSTS image winapi_functions)

# instdrv_without_tsan(TARGET): compiled and linked as in the debug preset.
function(instdrv_without_tsan target)
  foreach(property COMPILE_OPTIONS LINK_OPTIONS)
    get_target_property(options ${target} ${property})
    if(INSTDRV_TSAN AND options)
      list(FILTER options EXCLUDE REGEX "sanitize|^-O1$|^-g1$|frame-pointer")
      set_target_properties(${target} PROPERTIES ${property} "${options}")
    endif()
  endforeach()
endfunction()

# instdrv_twin_plain(NAME SOURCES... LINK...): instdrv_NAME_plain of the sources of instdrv_NAME.
function(instdrv_twin_plain name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  list(TRANSFORM arg_LINK REPLACE "^(instdrv_.+)$" "\\1_plain")
  instdrv_add_library(instdrv_${name}_plain SOURCES ${arg_SOURCES} LINK ${arg_LINK})
  set_target_properties(instdrv_${name}_plain PROPERTIES EXCLUDE_FROM_ALL ON)
  instdrv_without_tsan(instdrv_${name}_plain)
endfunction()
