#!/bin/sh
# Takes CPU variants out of ggml's list: sh whisper-variants.sh ggml/src/CMakeLists.txt
#
# On x86-64 there remain x64 (any), haswell (AVX2), alderlake (AVX-VNNI), skylakex (AVX-512) and cascadelake (AVX-512
# with VNNI): the steps that make whisper faster. Each variant costs half a minute to compile. Of the others,
#   icelake, zen4, cannonlake, cooperlake   add VBMI, which this ggml asks for and never uses, or BF16, which only models
#                                           in that format use; such CPUs run the next of the rest
#   sandybridge, ivybridge, piledriver,
#   sse42                                   are for CPUs from before 2013
#   sapphirerapids                          uses AMX: Debian 12's gcc 12.2 makes a build that faults on its first tile
#                                           instruction
#   armv9.2_*                               use SME, which gcc 12 does not know
set -eu
file=$1
for variant in sse42 sandybridge ivybridge piledriver cannonlake icelake cooperlake zen4 sapphirerapids armv9.2_1 armv9.2_2; do
  grep -q "variant($variant " "$file" || { echo "$file has no variant $variant" >&2; exit 1; }
  sed -i "/variant($variant /d" "$file"
done
