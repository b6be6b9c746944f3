# sixtops_room(name [ROOMS room...] [LIBRARIES target...] [EXCLUDE regex])
#
# A folder of src/ becomes the static library sixtops_<name> of its *.cc, and its *_test.cc become the test program
# <name>_test. main.cc stays out: it belongs to an executable; so does what EXCLUDE matches.
function(sixtops_room name)
  cmake_parse_arguments(ROOM "" "EXCLUDE" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  if(ROOM_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${ROOM_EXCLUDE}")
  endif()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")

  add_library(sixtops_${name} STATIC ${sources})
  target_include_directories(sixtops_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_ROOMS PREPEND sixtops_)
  target_link_libraries(sixtops_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBRARIES})

  if(SIXTOPS_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE sixtops_${name} sixtops_testing)
    target_precompile_headers(${name}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h>)  # a second of each test file
    set_property(GLOBAL APPEND PROPERTY SIXTOPS_TEST_PROGRAMS ${name}_test)
  endif()
endfunction()
