# cmake --install: the library, its headers, the command, and what find_package(tsrun) and pkg-config read.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tsrun)

install(TARGETS tsrun EXPORT tsrun COMPONENT library)
install(DIRECTORY include/tsrun DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT tsrun NAMESPACE tsrun:: FILE tsrunTargets.cmake DESTINATION ${package_folder} COMPONENT library)
configure_package_config_file(cmake/tsrunConfig.cmake.in ${PROJECT_BINARY_DIR}/tsrunConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tsrunConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tsrunConfig.cmake ${PROJECT_BINARY_DIR}/tsrunConfigVersion.cmake DESTINATION ${package_folder}
        COMPONENT library)

if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  return()  # the .pc file says where it is by paths relative to itself
endif()
configure_file(cmake/tsrun.pc.in ${PROJECT_BINARY_DIR}/tsrun.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tsrun.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
