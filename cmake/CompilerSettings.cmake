# One set of flags for every target of ours.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# -ffp-contract=off: float regions give the same numbers on machines with and without fused multiply-add.
add_compile_options(-Wall -Wextra -Wconversion -Werror -ffp-contract=off -fvisibility=hidden)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)

# GCC 12 reports an overlap inside std::string's own operator+ at -O3 (its bug 105651, fixed in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)
endif()

# assert() states invariants of ours; in release builds the verifier has already proved them for untrusted data.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

# Null pointers stop ASan anyway, and few classes here have virtual functions; checking both takes a fifth of the
# compiler's time.
if(SIXTOPS_SANITIZE)
  add_compile_options(-fsanitize=${SIXTOPS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  if(SIXTOPS_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize=null,vptr)
  endif()
  add_link_options(-fsanitize=${SIXTOPS_SANITIZE})
endif()

# Coverage that guides libFuzzer; only its targets link the fuzzer itself.
if(SIXTOPS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(SIXTOPS_CCACHE ccache)
if(SIXTOPS_CCACHE)
  # The sloppiness that ccache asks for before it caches what includes precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${SIXTOPS_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SIXTOPS_CCACHE})
endif()

# A cross compiler looks for a mold of its own.
find_program(SIXTOPS_MOLD mold)
if(SIXTOPS_MOLD AND NOT CMAKE_CROSSCOMPILING)
  add_link_options(-fuse-ld=mold)
endif()
