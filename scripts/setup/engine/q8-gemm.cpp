// Products of Q8_0 matrices for CPUs with AVX-512 VNNI. The encoder of whisper spends most of its time in them.
//
// ggml's own kernel works on one 32-byte block of each of 4 x 4 rows at a time: about 7 instructions for 32
// multiplications. Here a lane of a register belongs to one row of A, so that a block's 32 products stay within the
// lane: 8 instructions for 16 x 32 multiplications, and nothing to add up across lanes at the end.
//
// ggml's function is compiled under another name (see whisper-build.cmake) and gets everything that is not for this.

#include "ggml-impl.h"
#include "ggml-cpu-impl.h"
#define GGML_COMMON_DECL_CPP
#include "ggml-common.h"
#include "llamafile/sgemm.h"

extern "C" bool ggml_llamafile_sgemm(const ggml_compute_params *, int64_t, int64_t, int64_t, const void *, int64_t,
                                     const void *, int64_t, void *, int64_t, int, int, int);

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__AVX512VNNI__)
#define PODLINE_VNNI

#include <immintrin.h>
#include <cstring>
#include <vector>

namespace {

constexpr int64_t ROWS = 32;        // of A in a panel: two registers of 16
constexpr int COLUMNS = 6;          // of B at a time: 2 x 6 integer and 2 x 6 float accumulators of 32 registers
constexpr int64_t MIN_COLUMNS = 16; // below, packing A costs more than it saves

// One block of 32 along k, for 32 rows of A. `q[s][h]` holds the bytes 4 s to 4 s + 3 of 16 rows, offset by 128: the
// instruction multiplies unsigned by signed bytes.
struct alignas(64) PackedBlock {
    uint32_t q[8][2][16];
    float d[ROWS];
};

// Of one block of B: its scale, and what the offset of A adds to each of its products, to start from its negative.
struct ColumnBlock {
    int32_t correction;
    float d;
};

void pack(const block_q8_0 * A, int64_t lda, int64_t k, PackedBlock * out) {
    for (int64_t l = 0; l < k; l++) {
        for (int64_t r = 0; r < ROWS; r++) {
            const block_q8_0 & block = A[lda * r + l];
            uint32_t words[8];
            memcpy(words, block.qs, sizeof words);
            for (int s = 0; s < 8; s++) {
                out[l].q[s][r / 16][r % 16] = words[s] ^ 0x80808080u;
            }
            out[l].d[r] = _cvtsh_ss(block.d);
        }
    }
}

void describe(const block_q8_0 * B, int64_t ldb, int64_t k, int64_t n, ColumnBlock * out) {
    for (int64_t j = 0; j < n; j++) {
        for (int64_t l = 0; l < k; l++) {
            const block_q8_0 & block = B[ldb * j + l];
            const __m256i q = _mm256_loadu_si256((const __m256i *) block.qs);
            const __m256i s = _mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_set1_epi8(1), q);
            __m128i t = _mm_add_epi32(_mm256_castsi256_si128(s), _mm256_extracti128_si256(s, 1));
            t = _mm_add_epi32(t, _mm_shuffle_epi32(t, 0x4e));
            t = _mm_add_epi32(t, _mm_shuffle_epi32(t, 0xb1));
            out[k * j + l] = { -128 * _mm_cvtsi128_si32(t), _cvtsh_ss(block.d) };
        }
    }
}

// C[j][0..31] = sum over l of d(A) d(B) (A . B), for N columns j.
template <int N>
void multiply(const PackedBlock * A, int64_t k, const block_q8_0 * B, int64_t ldb, const ColumnBlock * columns,
              float * C, int64_t ldc) {
    __m512 sums[N][2] = {};
    for (int64_t l = 0; l < k; l++) {
        __m512i dots[N][2];
        for (int j = 0; j < N; j++) {
            dots[j][0] = dots[j][1] = _mm512_set1_epi32(columns[k * j + l].correction);
        }
        for (int s = 0; s < 8; s++) {
            const __m512i a0 = _mm512_load_si512(A[l].q[s][0]);
            const __m512i a1 = _mm512_load_si512(A[l].q[s][1]);
            for (int j = 0; j < N; j++) {
                int32_t word;
                memcpy(&word, B[ldb * j + l].qs + 4 * s, sizeof word);
                const __m512i b = _mm512_set1_epi32(word);
                dots[j][0] = _mm512_dpbusd_epi32(dots[j][0], a0, b);
                dots[j][1] = _mm512_dpbusd_epi32(dots[j][1], a1, b);
            }
        }
        const __m512 d0 = _mm512_load_ps(A[l].d);
        const __m512 d1 = _mm512_load_ps(A[l].d + 16);
        for (int j = 0; j < N; j++) {
            const __m512 d = _mm512_set1_ps(columns[k * j + l].d);
            sums[j][0] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[j][0]), _mm512_mul_ps(d0, d), sums[j][0]);
            sums[j][1] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[j][1]), _mm512_mul_ps(d1, d), sums[j][1]);
        }
    }
    for (int j = 0; j < N; j++) {
        _mm512_storeu_ps(C + ldc * j, sums[j][0]);
        _mm512_storeu_ps(C + ldc * j + 16, sums[j][1]);
    }
}

// The columns that are left when they don't come out even.
template <int N>
void multiply_rest(int64_t n, const PackedBlock * A, int64_t k, const block_q8_0 * B, int64_t ldb,
                   const ColumnBlock * columns, float * C, int64_t ldc) {
    if constexpr (N > 0) {
        if (n == N) {
            multiply<N>(A, k, B, ldb, columns, C, ldc);
        } else {
            multiply_rest<N - 1>(n, A, k, B, ldb, columns, C, ldc);
        }
    }
}

// The panels are dealt to the threads in turn.
void multiply_panels(int64_t m, int64_t n, int64_t k, const block_q8_0 * A, int64_t lda, const block_q8_0 * B,
                     int64_t ldb, float * C, int64_t ldc, int ith, int nth) {
    static thread_local std::vector<PackedBlock> panel;
    static thread_local std::vector<ColumnBlock> columns;
    panel.resize(k);
    columns.resize(n * k);
    describe(B, ldb, k, n, columns.data());
    for (int64_t i = ROWS * ith; i + ROWS <= m; i += ROWS * nth) {
        pack(A + lda * i, lda, k, panel.data());
        int64_t j = 0;
        for (; j + COLUMNS <= n; j += COLUMNS) {
            multiply<COLUMNS>(panel.data(), k, B + ldb * j, ldb, columns.data() + k * j, C + ldc * j + i, ldc);
        }
        multiply_rest<COLUMNS - 1>(n - j, panel.data(), k, B + ldb * j, ldb, columns.data() + k * j, C + ldc * j + i, ldc);
    }
}

} // namespace

#endif

extern "C" bool llamafile_sgemm(const ggml_compute_params * params, int64_t m, int64_t n, int64_t k, const void * A,
                                int64_t lda, const void * B, int64_t ldb, void * C, int64_t ldc, int Atype, int Btype,
                                int Ctype) {
#ifdef PODLINE_VNNI
    if (Atype == GGML_TYPE_Q8_0 && Btype == GGML_TYPE_Q8_0 && Ctype == GGML_TYPE_F32 && m >= ROWS && n >= MIN_COLUMNS) {
        multiply_panels(m, n, k, (const block_q8_0 *) A, lda, (const block_q8_0 *) B, ldb, (float *) C, ldc,
                        params->ith, params->nth);
        const int64_t done = m / ROWS * ROWS;
        return done == m || ggml_llamafile_sgemm(params, m - done, n, k, (const block_q8_0 *) A + lda * done, lda, B,
                                                 ldb, (float *) C + done, ldc, Atype, Btype, Ctype);
    }
#endif
    return ggml_llamafile_sgemm(params, m, n, k, A, lda, B, ldb, C, ldc, Atype, Btype, Ctype);
}
