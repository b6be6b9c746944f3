# librknnrt, shared and static, with what programs need to find it: headers, pkg-config and CMake package files.
include(GNUInstallDirs)

# Programs expect this name without a version.
set(version_script ${CMAKE_SOURCE_DIR}/src/capi/librknnrt.map)
add_library(rknnrt SHARED $<TARGET_OBJECTS:sixtops_capi>)
target_link_libraries(rknnrt PRIVATE sixtops_runtime)
target_link_options(rknnrt PRIVATE -Wl,--version-script=${version_script} -Wl,--no-undefined)
set_target_properties(rknnrt PROPERTIES LINK_DEPENDS ${version_script})
target_include_directories(rknnrt INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)

set(objects "")
foreach(room capi runtime model cpu graph base)
  list(APPEND objects $<TARGET_OBJECTS:sixtops_${room}>)
endforeach()
add_library(rknnrt_static STATIC ${objects})
set_target_properties(rknnrt_static PROPERTIES OUTPUT_NAME rknnrt)

install(TARGETS rknnrt EXPORT rknnrt LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rknnrt)
install(TARGETS rknnrt_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rknnrt)
install(FILES include/rknn_api.h include/rknn_matmul_api.h include/rknn_custom_op.h TYPE INCLUDE COMPONENT rknnrt)
install(EXPORT rknnrt FILE rknnrtConfig.cmake NAMESPACE rknnrt:: COMPONENT rknnrt
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rknnrt)
configure_file(cmake/rknnrt.pc.in rknnrt.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rknnrt.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT rknnrt)
