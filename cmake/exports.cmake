# How programs are linked, and what programs and libraries show of themselves: visibility attributes
# choose, and the version script keeps out what the C++ library's own templates would add.
set(INSTDRV_EXPORTS ${PROJECT_SOURCE_DIR}/cmake/exports.map)

# instdrv_serve_native_drivers(TARGET): native drivers find the C functions in a program.
function(instdrv_serve_native_drivers target)
  target_link_options(${target} PRIVATE
    LINKER:--undefined=OpenDriver LINKER:--version-script=${INSTDRV_EXPORTS})
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON LINK_DEPENDS ${INSTDRV_EXPORTS})
endfunction()

# instdrv_program(TARGET): a program that is installed. The C++ library is in it, because looking its
# symbols up takes longer at each start than much of what the programs do; a native driver brings its own.
function(instdrv_program target)
  instdrv_serve_native_drivers(${target})
  get_target_property(options ${target} LINK_OPTIONS)
  if(NOT INSTDRV_SANITIZE AND NOT "${options}" MATCHES sanitize)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
  target_link_options(${target} PRIVATE $<$<CONFIG:Release>:LINKER:--strip-debug>)
endfunction()
