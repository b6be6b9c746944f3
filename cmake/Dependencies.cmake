# What we take from elsewhere; docs/design.md section 9 says why. Headers of others are SYSTEM includes.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(Protobuf REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(Freetype REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)

# OpenBLAS: Debian keeps headers and library apart by thread flavour; the pkg-config file knows both.
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
add_library(OpenBLAS::OpenBLAS ALIAS PkgConfig::OPENBLAS)

# Video is left out where its libraries are not installed. libyuv comes with neither a CMake nor a pkg-config file.
pkg_check_modules(FFMPEG QUIET IMPORTED_TARGET libavformat libavcodec libavdevice libavutil libswscale)
pkg_check_modules(YAML QUIET IMPORTED_TARGET yaml-0.1)
pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
find_path(LIBYUV_INCLUDE_DIR libyuv.h)
find_library(LIBYUV_LIBRARY yuv)
if(SIXTOPS_VIDEO AND FFMPEG_FOUND AND YAML_FOUND AND HTTPLIB_FOUND AND LIBYUV_INCLUDE_DIR AND LIBYUV_LIBRARY)
  add_library(yuv::yuv INTERFACE IMPORTED)
  target_include_directories(yuv::yuv SYSTEM INTERFACE ${LIBYUV_INCLUDE_DIR})
  target_link_libraries(yuv::yuv INTERFACE ${LIBYUV_LIBRARY})
elseif(SIXTOPS_VIDEO)
  set(SIXTOPS_VIDEO OFF)
  message(STATUS "FFmpeg, libyuv, libyaml or cpp-httplib is not installed: 'sixtops watch' and video files are left out")
endif()

find_program(PROTOC_EXECUTABLE protoc REQUIRED)
find_program(FLATC_EXECUTABLE flatc REQUIRED)
find_path(FLATBUFFERS_INCLUDE_DIR flatbuffers/flatbuffers.h REQUIRED)

# A library of generated code, made at build time from one schema file; its headers are SYSTEM includes of its users.
function(sixtops_protobuf_library target schema)
  get_filename_component(stem ${schema} NAME_WE)
  get_filename_component(folder ${schema} DIRECTORY)
  set(out ${CMAKE_BINARY_DIR}/generated/${target})
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
    COMMAND ${PROTOC_EXECUTABLE} --cpp_out=${out} --proto_path=${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_SOURCE_DIR}/${schema}
    DEPENDS ${CMAKE_SOURCE_DIR}/${schema})
  add_library(${target} STATIC ${out}/${stem}.pb.cc)
  target_compile_options(${target} PRIVATE -w)
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf-lite)
endfunction()

function(sixtops_flatbuffers_library target schema)
  get_filename_component(stem ${schema} NAME_WE)
  set(out ${CMAKE_BINARY_DIR}/generated/${target})
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/${stem}_generated.h
    COMMAND ${FLATC_EXECUTABLE} --cpp --scoped-enums -o ${out} ${CMAKE_SOURCE_DIR}/${schema}
    DEPENDS ${CMAKE_SOURCE_DIR}/${schema})
  add_custom_target(${target}_generate DEPENDS ${out}/${stem}_generated.h)
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_generate)
  target_include_directories(${target} SYSTEM INTERFACE ${out} ${FLATBUFFERS_INCLUDE_DIR})
  # Headers only: the locale object lies in the library.
  target_compile_definitions(${target} INTERFACE FLATBUFFERS_LOCALE_INDEPENDENT=0)
endfunction()

sixtops_protobuf_library(sixtops_onnx_proto src/importer/onnx/onnx.proto)
sixtops_protobuf_library(sixtops_caffe_proto src/importer/caffe/caffe.proto)
sixtops_protobuf_library(sixtops_tensorflow_proto src/importer/tensorflow/tensorflow.proto)
sixtops_flatbuffers_library(sixtops_model_schema src/model/six.fbs)
sixtops_flatbuffers_library(sixtops_tflite_schema src/importer/tflite/tflite.fbs)
