# cmake --install: program, library, headers, and what find_package(spanlab) needs.
include(CMakePackageConfigHelpers)
include(cmake/public_headers.cmake)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/spanlab)

install(TARGETS spanlab_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS spanlab EXPORT spanlab_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(header ${SPANLAB_PUBLIC_HEADERS})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/recipes DESTINATION ${CMAKE_INSTALL_DATADIR}/spanlab)

install(EXPORT spanlab_targets NAMESPACE spanlab:: FILE spanlabTargets.cmake
        DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/spanlabConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/spanlabConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/spanlabConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/spanlabConfig.cmake
        ${PROJECT_BINARY_DIR}/spanlabConfigVersion.cmake DESTINATION ${package_folder})
