# What programs and libraries show of themselves: visibility attributes choose, and the version script
# keeps out what the C++ library's own templates would add.
set(INSTDRV_EXPORTS ${PROJECT_SOURCE_DIR}/cmake/exports.map)

# instdrv_serve_native_drivers(TARGET): native drivers find the C functions in a program.
function(instdrv_serve_native_drivers target)
  target_link_options(${target} PRIVATE
    LINKER:--undefined=OpenDriver LINKER:--version-script=${INSTDRV_EXPORTS})
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON LINK_DEPENDS ${INSTDRV_EXPORTS})
endfunction()
