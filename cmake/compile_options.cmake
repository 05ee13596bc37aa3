# Compiler options that every target of the project shares.
add_library(spanlab_options INTERFACE)
target_include_directories(spanlab_options INTERFACE ${PROJECT_SOURCE_DIR})
# In a unity build every file is an included one, so to g++ a local type in a private struct looks
# shared.
# No contraction: a scalar expression compiled in two places must give the same bits.
target_compile_options(spanlab_options INTERFACE -Wall -Wextra -Wshadow -Wconversion
                       -Wno-sign-conversion -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(spanlab_options INTERFACE -Wno-subobject-linkage)
endif()
if(SPANLAB_WERROR)
  target_compile_options(spanlab_options INTERFACE -Werror)
endif()
if(SPANLAB_SANITIZE)
  target_compile_options(spanlab_options INTERFACE -fsanitize=${SPANLAB_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(spanlab_options INTERFACE -fsanitize=${SPANLAB_SANITIZE})
endif()
