# What is installed: the programs, the public headers, and one shared library made of the static ones,
# with a CMake package (find_package(instdrv)) and a pkg-config file.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The objects that hold public functions; archives bring in what these need.
add_library(instdrv_shared SHARED
  $<TARGET_OBJECTS:instdrv_client> $<TARGET_OBJECTS:instdrv_host> $<TARGET_OBJECTS:instdrv_core>
  $<TARGET_OBJECTS:instdrv_base>)
target_link_libraries(instdrv_shared PRIVATE instdrv_client)
target_include_directories(instdrv_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(instdrv_shared INTERFACE cxx_std_20)
target_link_options(instdrv_shared PRIVATE
  LINKER:--version-script=${INSTDRV_EXPORTS} LINKER:--no-undefined
  LINKER:-z,nodelete) # what it does when a thread ends must be there then
if(INSTDRV_SANITIZE OR INSTDRV_TSAN)  # the sanitizers' runtime is in the program
  target_link_options(instdrv_shared PRIVATE LINKER:-z,undefs)
endif()
set_target_properties(instdrv_shared PROPERTIES
  OUTPUT_NAME instdrv
  EXPORT_NAME instdrv
  LINKER_LANGUAGE CXX
  LINK_DEPENDS ${INSTDRV_EXPORTS}
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

# For native drivers: they need the headers alone, and find the functions in the process that opens
# them.
add_library(instdrv_driver INTERFACE)
target_include_directories(instdrv_driver INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(instdrv_driver PROPERTIES EXPORT_NAME driver)

install(TARGETS instdrv RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS instdrv-session instdrv-worker instdrv-worker32 instdrv-parser
  RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/instdrv)
install(TARGETS instdrv_shared instdrv_driver EXPORT instdrv-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/instdrv DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/instdrv)
install(EXPORT instdrv-targets NAMESPACE instdrv:: DESTINATION ${package_folder})
configure_package_config_file(cmake/instdrv-config.cmake.in instdrv-config.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(instdrv-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/instdrv-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/instdrv-config-version.cmake
  DESTINATION ${package_folder})

file(RELATIVE_PATH prefix_from_pc_file /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/instdrv.pc.in instdrv.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/instdrv.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Manual pages and the completions of shells, which the program writes itself.
set(written ${CMAKE_CURRENT_BINARY_DIR}/written)
add_custom_command(
  OUTPUT ${written}.stamp
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${written}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${written}/man1
  COMMAND instdrv manual --into ${written}/man1
  COMMAND instdrv completions bash > ${written}/instdrv
  COMMAND instdrv completions zsh > ${written}/_instdrv
  COMMAND instdrv completions fish > ${written}/instdrv.fish
  COMMAND ${CMAKE_COMMAND} -E touch ${written}.stamp
  DEPENDS instdrv
  VERBATIM)
add_custom_target(instdrv_written ALL DEPENDS ${written}.stamp)
install(DIRECTORY ${written}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${written}/instdrv DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${written}/_instdrv DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${written}/instdrv.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The session service, for the user manager and for the system manager; see docs/session.md.
foreach(manager user system)
  set(unit ${CMAKE_CURRENT_BINARY_DIR}/packaging/${manager}/instdrv.service)
  configure_file(packaging/instdrv.${manager}.service.in ${unit} @ONLY)
  # A unit names the program by its full path, and `cmake --install` may be given another prefix.
  install(CODE "
    get_filename_component(CMAKE_INSTALL_FULL_BINDIR \"${CMAKE_INSTALL_BINDIR}\" ABSOLUTE
      BASE_DIR \"\${CMAKE_INSTALL_PREFIX}\")
    configure_file(\"${PROJECT_SOURCE_DIR}/packaging/instdrv.${manager}.service.in\" \"${unit}\" @ONLY)")
  install(FILES ${unit} DESTINATION lib/systemd/${manager})
endforeach()
install(FILES packaging/instdrv.sysusers.conf DESTINATION lib/sysusers.d RENAME instdrv.conf)
install(FILES packaging/org.instdrv.Host1.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/dbus-1/system.d)
