# Installs headers (those of tablegen and the .td files too), and what
# find_package(LinRec CONFIG) reads. Libraries and tools are installed where
# they are defined. test/Install proves it.

include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/LinRec")

install(DIRECTORY include/linrec DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
install(DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/include/linrec"
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.inc" PATTERN "CMakeFiles" EXCLUDE)

get_property(LINREC_LIBRARIES GLOBAL PROPERTY LINREC_LIBRARIES)
string(REPLACE ";" " " LINREC_LIBRARIES "${LINREC_LIBRARIES}")
set(LINREC_CONFIG_DEPENDENCIES "find_dependency(Threads)") # LinRec::PTXSim
configure_package_config_file(cmake/LinRecConfig.cmake.in
  "${CMAKE_CURRENT_BINARY_DIR}/package/LinRecConfig.cmake"
  INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(
  "${CMAKE_CURRENT_BINARY_DIR}/package/LinRecConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/package/LinRecConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/package/LinRecConfigVersion.cmake"
        DESTINATION ${package_dir})
install(EXPORT LinRecTargets NAMESPACE LinRec:: DESTINATION ${package_dir})
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
