# What programs link: librknnrt, shared and static, libsixtops_vision and libsixtops_video; with what they need to find
# them: headers, pkg-config and CMake package files.
include(GNUInstallDirs)

# Programs expect this name without a version.
set(version_script ${CMAKE_SOURCE_DIR}/src/capi/librknnrt.map)
add_library(rknnrt SHARED $<TARGET_OBJECTS:sixtops_capi>)
target_link_libraries(rknnrt PRIVATE sixtops_runtime)
target_link_options(rknnrt PRIVATE -Wl,--version-script=${version_script})
if(NOT SIXTOPS_SANITIZE) # the runtime of sanitizers comes with the program
  target_link_options(rknnrt PRIVATE -Wl,--no-undefined)
endif()
set_target_properties(rknnrt PROPERTIES LINK_DEPENDS ${version_script})
target_include_directories(rknnrt INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)

set(objects "")
foreach(room capi runtime model cpu graph base)
  list(APPEND objects $<TARGET_OBJECTS:sixtops_${room}>)
endforeach()
add_library(rknnrt_static STATIC ${objects})
set_target_properties(rknnrt_static PROPERTIES OUTPUT_NAME rknnrt)

# The functions of sixtops/vision.h; everything else of the room stays hidden.
add_library(sixtops_vision_public SHARED $<TARGET_OBJECTS:sixtops_vision>)
get_target_property(vision_libraries sixtops_vision LINK_LIBRARIES)
target_link_libraries(sixtops_vision_public PRIVATE ${vision_libraries})
target_include_directories(sixtops_vision_public
                           INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
set_target_properties(sixtops_vision_public PROPERTIES OUTPUT_NAME sixtops_vision EXPORT_NAME sixtops_vision)

install(TARGETS rknnrt sixtops_vision_public EXPORT rknnrt LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rknnrt)
install(TARGETS rknnrt_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rknnrt)
install(FILES include/rknn_api.h include/rknn_matmul_api.h include/rknn_custom_op.h TYPE INCLUDE COMPONENT rknnrt)
install(FILES include/sixtops/vision.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sixtops COMPONENT rknnrt)
install(EXPORT rknnrt FILE rknnrtConfig.cmake NAMESPACE rknnrt:: COMPONENT rknnrt
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rknnrt)
configure_file(cmake/rknnrt.pc.in rknnrt.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rknnrt.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT rknnrt)

# The functions of sixtops/video.h, where there is video. It links FFmpeg, so it stays apart from the others: a package of
# its own, with the pictures of sixtops/vision.h that its functions take.
if(SIXTOPS_VIDEO)
  add_library(sixtops_video_public SHARED $<TARGET_OBJECTS:sixtops_video>)
  target_link_libraries(sixtops_video_public PRIVATE sixtops_media sixtops_vision PkgConfig::HTTPLIB)
  target_include_directories(sixtops_video_public
                             INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  set_target_properties(sixtops_video_public PROPERTIES OUTPUT_NAME sixtops_video EXPORT_NAME sixtops_video)
  install(TARGETS sixtops_video_public sixtops_vision_public EXPORT sixtops_video
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sixtops_video)
  install(FILES include/sixtops/vision.h include/sixtops/video.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sixtops
          COMPONENT sixtops_video)
  install(EXPORT sixtops_video FILE sixtops_videoConfig.cmake NAMESPACE sixtops_video:: COMPONENT sixtops_video
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sixtops_video)
  configure_file(cmake/sixtops_video.pc.in sixtops_video.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sixtops_video.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
          COMPONENT sixtops_video)
endif()
