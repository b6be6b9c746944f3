# sixtops_precompiled_headers(target first PRIVATE header...): the headers of others, read once for all targets that are
# called like this; `first` is the one that compiles them.
function(sixtops_precompiled_headers target first)
  if(target STREQUAL first)
    target_precompile_headers(${target} ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${first})
  endif()
endfunction()

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
  # A quarter of each file's compilation under ASan. Other builds go without: GCC 12 forgets whose headers they are and
  # warns about std::string when it optimizes and about std::shared_ptr under TSan. Clang proves that each file includes
  # what it uses.
  if(SIXTOPS_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    sixtops_precompiled_headers(sixtops_${name} sixtops_base PRIVATE <algorithm> <array> <cmath> <cstdint> <cstring> <functional>
      <limits> <map> <memory> <optional> <span> <string> <string_view> <unordered_map> <utility> <vector> <fmt/format.h>)
  endif()

  if(SIXTOPS_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE sixtops_${name} sixtops_testing)
    sixtops_precompiled_headers(${name}_test base_test PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    set_property(GLOBAL APPEND PROPERTY SIXTOPS_TEST_PROGRAMS ${name}_test)
  endif()
endfunction()
