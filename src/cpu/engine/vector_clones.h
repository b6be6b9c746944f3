// SIXTOPS_VECTOR_CLONES in front of a function compiles it for two vector widths of x86-64; the loader takes the widest
// that the machine has. The code stays plain loops, and results are equal at every width: nothing is contracted
// (-ffp-contract=off) and loops keep the order of additions.
//
// Sanitizers instrument the resolver functions that run before they are ready, so their builds have one version.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SIXTOPS_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SIXTOPS_SANITIZED
#endif

#if defined(__x86_64__) && !defined(SIXTOPS_SANITIZED)
#define SIXTOPS_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SIXTOPS_VECTOR_CLONES
#endif
