# Included by CMake right after whisper.cpp's own project() call (CMAKE_PROJECT_<name>_INCLUDE). The targets do not exist
# yet at that point, so every change waits until the top directory has been read.

include(CheckCCompilerFlag)

# Where a CPU has AMX, some compilers (Debian 12's gcc 12.2 is one) make a build that faults on its first tile
# instruction. The compiler's "native" would use it, so it is taken out again.
check_c_compiler_flag(-mno-amx-tile PODLINE_COMPILER_KNOWS_AMX)
if(PODLINE_COMPILER_KNOWS_AMX AND NOT GGML_BACKEND_DL)
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL
    target_compile_options ggml-cpu PRIVATE -mno-amx-tile -mno-amx-int8 -mno-amx-bf16)
endif()

# Reading audio files and speaking HTTP is no hot path, and optimising it fully takes a third of the whole build.
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL target_compile_options common PRIVATE -O1)
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL target_compile_options whisper-server PRIVATE -O1)
