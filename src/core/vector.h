/// Kernels compiled for several vector widths, the widest that the machine has chosen at run time.
/// Widths change no result: sums keep their order and products are never fused with sums.
#ifndef CORE_VECTOR_H
#define CORE_VECTOR_H

/// Before a function with loops worth it. (Sanitizers run before the choice is made, so they get
/// the plain function, as do other compilers; tests/bits defines VECTOR_PLAIN and compiles for one
/// width at a time.) VECTOR_CHOICE is defined where the choice is made.
#if !defined(VECTOR_PLAIN) && defined(__x86_64__) && defined(__gnu_linux__) &&                     \
    defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                  \
    !defined(__SANITIZE_THREAD__)
#define VECTOR_CHOICE
#define VECTOR_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define VECTOR_CLONES
#endif

#endif
