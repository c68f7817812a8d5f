#!/bin/sh
# Takes CPU variants out of ggml's list: sh whisper-variants.sh ggml/src/CMakeLists.txt
#   sapphirerapids      AMX: Debian 12's gcc 12.2 makes a build that faults on its first tile instruction; such a CPU
#                       runs the zen4 variant (AVX-512 with BF16), which it has all of
#   armv9.2_*           SME: gcc 12 does not know it
#   the others          rare, and one of the rest runs there too; each costs half a minute to compile
set -eu
file=$1
for variant in sapphirerapids armv9.2_1 armv9.2_2 sse42 ivybridge piledriver cannonlake cooperlake; do
  grep -q "variant($variant " "$file" || { echo "$file has no variant $variant" >&2; exit 1; }
  sed -i "/variant($variant /d" "$file"
done
