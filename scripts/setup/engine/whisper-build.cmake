# Included by CMake right after whisper.cpp's own project() call (CMAKE_PROJECT_<name>_INCLUDE). The targets do not exist
# yet at that point, so every change waits until the top directory has been read.

include(CheckCCompilerFlag)

# Where a CPU has AMX, some compilers (Debian 12's gcc 12.2 is one) make a build that faults on its first tile
# instruction. The compiler's "native" would use it, so it is taken out again.
check_c_compiler_flag(-mno-amx-tile PODLINE_COMPILER_KNOWS_AMX)
if(PODLINE_COMPILER_KNOWS_AMX)
  set(PODLINE_NO_AMX -mno-amx-tile -mno-amx-int8 -mno-amx-bf16)
endif()
if(PODLINE_NO_AMX AND NOT GGML_BACKEND_DL)
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL target_compile_options ggml-cpu PRIVATE ${PODLINE_NO_AMX})
endif()

# Reading audio files and speaking HTTP is no hot path, and optimising it fully takes a third of the whole build.
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL target_compile_options common PRIVATE -O1)
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL target_compile_options whisper-server PRIVATE -O1)

option(PODLINE_KERNELS "podline's own kernels" ON)

# What the encoder spends its time in, written for AVX-512. Each file defines a function of ggml's; ggml's own gets another
# name and is called where the file has nothing to offer.
set(PODLINE_ENGINE_SOURCES "${CMAKE_CURRENT_LIST_DIR}/q8-gemm.cpp" "${CMAKE_CURRENT_LIST_DIR}/flash-attention.cpp")

function(podline_rename file name other)
  set(path "${CMAKE_SOURCE_DIR}/ggml/src/ggml-cpu/${file}")
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "${path} is not there: whisper-build.cmake is for another version of whisper.cpp.")
  endif()
  set_source_files_properties("${path}" DIRECTORY "${CMAKE_SOURCE_DIR}/ggml/src"
    PROPERTIES COMPILE_DEFINITIONS "${name}=${other}")
endfunction()

function(podline_add_kernels)
  podline_rename(llamafile/sgemm.cpp llamafile_sgemm ggml_llamafile_sgemm)
  podline_rename(ops.cpp ggml_compute_forward_flash_attn_ext ggml_tiled_flash_attn_ext)
  get_property(targets DIRECTORY "${CMAKE_SOURCE_DIR}/ggml/src" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    # One library, or one for each kind of CPU.
    if(target MATCHES "^ggml-cpu" AND NOT target MATCHES "-feats$")
      target_sources(${target} PRIVATE ${PODLINE_ENGINE_SOURCES})
    endif()
  endforeach()
endfunction()
if(PODLINE_KERNELS)
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL podline_add_kernels)
endif()

# Only ggml is compiled for this very CPU, as whisper.cpp stands; but sound becomes a spectrum outside of it.
if(PODLINE_KERNELS AND PODLINE_NO_AMX AND NOT GGML_BACKEND_DL)
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL
    target_compile_options whisper PRIVATE -march=native ${PODLINE_NO_AMX})
endif()
