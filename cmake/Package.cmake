# The Debian package: `make package`. Included last, when all that is installed is known.
# Only the package has the unit and /etc: `cmake --install` leaves the system alone.
include(GNUInstallDirs)

install(FILES ${CMAKE_SOURCE_DIR}/packaging/marktwacht.service
        DESTINATION lib/systemd/system COMPONENT package EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_SOURCE_DIR}/config/marktwacht.toml
        DESTINATION /etc/marktwacht COMPONENT package EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_SOURCE_DIR}/config/links.toml ${CMAKE_SOURCE_DIR}/config/policy.toml
              ${CMAKE_SOURCE_DIR}/demo/exchange.ndjson
        DESTINATION share/doc/marktwacht/examples COMPONENT package EXCLUDE_FROM_ALL)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs
        DESTINATION share/doc/marktwacht COMPONENT package EXCLUDE_FROM_ALL
        PATTERN decisions EXCLUDE)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE RENAME copyright
        DESTINATION share/doc/marktwacht COMPONENT package EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};marktwacht;ALL;/"
                                 "${CMAKE_BINARY_DIR};marktwacht;package;/")
set(CPACK_PACKAGE_NAME marktwacht)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR Marktwacht)
if(NOT CPACK_PACKAGE_CONTACT)  # -DCPACK_PACKAGE_CONTACT= for who hands it on
  set(CPACK_PACKAGE_CONTACT "Marktwacht maintainers <maintainers@localhost>")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "real-time market surveillance for crypto exchanges")
set(CPACK_PACKAGE_DESCRIPTION
"Watches an exchange's whole order flow, finds abnormal trading, and carries
measures through to the account: one program with a journal, an HTTP API, a
console and a gate that an order gateway asks in nanoseconds.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)  # marktwacht_0.1.0_amd64.deb
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # needs dpkg-dev
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles
    ${CMAKE_SOURCE_DIR}/packaging/debian/triggers
    ${CMAKE_SOURCE_DIR}/packaging/debian/postinst
    ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
    ${CMAKE_SOURCE_DIR}/packaging/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
