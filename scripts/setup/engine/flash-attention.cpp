// Attention over all keys, for CPUs with AVX-512: the encoder's, and the decoder's over what was encoded.
//
// Many queries: ggml's tiled function converts and transposes every key again for each 64 of them, which takes as long as
// the products themselves. Here that happens once a head, and all else stays in registers or in the first cache. The
// result is that of Dao et al., FlashAttention (2022), algorithm 1: scores are never stored but for one tile, and a running
// maximum and sum make the softmax.
//
// Few queries, as when words are found one by one: all scores, then their softmax, then the values, with sums of floats
// that stay in registers. ggml goes key by key, with a sum of half-precision numbers in memory.
//
// ggml's function is compiled under another name (see whisper-build.cmake) and gets everything that is not for this.

#include "ggml-impl.h"
#include "ggml-cpu-impl.h"
#include "ops.h"
#include "vec.h"

extern "C" void ggml_tiled_flash_attn_ext(const ggml_compute_params * params, ggml_tensor * dst);

#if defined(__AVX512F__) && defined(__AVX512DQ__)

#include <immintrin.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace {

constexpr int64_t SIZE = 64;         // of a head: all whisper models have this
constexpr int64_t TILE = 64;         // keys at a time
constexpr int ROWS = 6;              // queries at a time: 6 x 4 accumulators of 32 registers
constexpr int64_t BLOCK = 8 * ROWS;  // queries that share a tile while it is in the cache
constexpr int64_t MANY = 16;         // queries: below, converting the keys costs more than it saves

// 64 keys and their values as floats; of the keys, the column is the key.
struct alignas(64) Tile {
    float keys[SIZE][TILE];
    float values[TILE][SIZE];
};

struct alignas(64) Queries {
    float q[BLOCK][SIZE];
    float sums[BLOCK][SIZE]; // of values, each times exp(score - maximum)
    float weights[BLOCK];    // sum of the exp(score - maximum)
    float maxima[BLOCK];
};

bool is_for_this(const ggml_tensor * dst) {
    const ggml_tensor * q = dst->src[0];
    const ggml_tensor * k = dst->src[1];
    const ggml_tensor * v = dst->src[2];
    float max_bias;
    float softcap;
    memcpy(&max_bias, (const float *) dst->op_params + 1, sizeof max_bias);
    memcpy(&softcap, (const float *) dst->op_params + 2, sizeof softcap);
    return dst->src[3] == nullptr && dst->src[4] == nullptr && max_bias == 0.0f && softcap == 0.0f &&
           q->type == GGML_TYPE_F32 && k->type == GGML_TYPE_F16 && v->type == GGML_TYPE_F16 &&
           q->ne[0] == SIZE && k->ne[0] == SIZE && v->ne[0] == SIZE &&
           k->ne[1] % TILE == 0 && q->ne[2] == k->ne[2] && q->ne[2] == v->ne[2] && q->ne[3] == 1 &&
           q->nb[0] == sizeof(float) && k->nb[0] == sizeof(ggml_fp16_t) && v->nb[0] == sizeof(ggml_fp16_t);
}

__m512 load_halves(const char * row, int64_t at) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) (row + 2 * at)));
}

void to_floats(const char * halves, float * out) {
    for (int64_t d = 0; d < SIZE; d += 16) {
        _mm512_store_ps(out + d, load_halves(halves, d));
    }
}

void convert(const ggml_tensor * k, const ggml_tensor * v, int64_t head, Tile * tiles) {
    alignas(64) float key[SIZE];
    for (int64_t i = 0; i < k->ne[1]; i++) {
        Tile & tile = tiles[i / TILE];
        to_floats((const char *) k->data + i * k->nb[1] + head * k->nb[2], key);
        for (int64_t d = 0; d < SIZE; d++) {
            tile.keys[d][i % TILE] = key[d];
        }
        to_floats((const char *) v->data + i * v->nb[1] + head * v->nb[2], tile.values[i % TILE]);
    }
}

// C += A B, where A has 6 rows and B is a half of a tile.
inline void add_product(const float (*A)[64], const float (*B)[64], __m512 (&C)[ROWS][4]) {
    for (int i = 0; i < 64; i++) {
        const __m512 b0 = _mm512_load_ps(B[i]);
        const __m512 b1 = _mm512_load_ps(B[i] + 16);
        const __m512 b2 = _mm512_load_ps(B[i] + 32);
        const __m512 b3 = _mm512_load_ps(B[i] + 48);
        for (int r = 0; r < ROWS; r++) {
            const __m512 a = _mm512_set1_ps(A[r][i]);
            C[r][0] = _mm512_fmadd_ps(a, b0, C[r][0]);
            C[r][1] = _mm512_fmadd_ps(a, b1, C[r][1]);
            C[r][2] = _mm512_fmadd_ps(a, b2, C[r][2]);
            C[r][3] = _mm512_fmadd_ps(a, b3, C[r][3]);
        }
    }
}

void attend(Queries & block, int64_t first, const Tile & tile) {
    __m512 scores[ROWS][4] = {};
    add_product(block.q + first, tile.keys, scores);
    alignas(64) float shares[ROWS][TILE];
    float fading[ROWS];
    for (int r = 0; r < ROWS; r++) {
        __m512 (&s)[4] = scores[r];
        const float highest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_max_ps(s[0], s[1]), _mm512_max_ps(s[2], s[3])));
        const float before = block.maxima[first + r];
        const float now = std::max(before, highest);
        fading[r] = now > before ? expf(before - now) : 1.0f;
        block.maxima[first + r] = now;
        __m512 total = _mm512_setzero_ps();
        for (int c = 0; c < 4; c++) {
            const __m512 share = ggml_v_expf(_mm512_sub_ps(s[c], _mm512_set1_ps(now)));
            _mm512_store_ps(shares[r] + 16 * c, share);
            total = _mm512_add_ps(total, share);
        }
        block.weights[first + r] = block.weights[first + r] * fading[r] + _mm512_reduce_add_ps(total);
    }
    __m512 sums[ROWS][4];
    for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < 4; c++) {
            sums[r][c] = _mm512_mul_ps(_mm512_load_ps(block.sums[first + r] + 16 * c), _mm512_set1_ps(fading[r]));
        }
    }
    add_product(shares, tile.values, sums);
    for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < 4; c++) {
            _mm512_store_ps(block.sums[first + r] + 16 * c, sums[r][c]);
        }
    }
}

float * result(ggml_tensor * dst, int64_t query, int64_t head) {
    return (float *) ((char *) dst->data + (head + query * dst->ne[1]) * dst->nb[1]);
}

// The queries from `begin` to `end` of one head.
void attend_many(const ggml_tensor * q, int64_t head, int64_t begin, int64_t end, float scale,
                const std::vector<Tile> & tiles, ggml_tensor * dst) {
    static thread_local Queries block;
    for (int64_t at = begin; at < end; at += BLOCK) {
        const int64_t count = std::min(BLOCK, end - at);
        for (int64_t i = 0; i < BLOCK; i++) {
            const int64_t from = at + std::min(i, count - 1);
            const float * query = (const float *) ((const char *) q->data + from * q->nb[1] + head * q->nb[2]);
            for (int64_t d = 0; d < SIZE; d++) {
                block.q[i][d] = query[d] * scale;
                block.sums[i][d] = 0.0f;
            }
            block.weights[i] = 0.0f;
            block.maxima[i] = -INFINITY;
        }
        for (const Tile & tile : tiles) {
            for (int64_t first = 0; first < count; first += ROWS) {
                attend(block, first, tile);
            }
        }
        for (int64_t i = 0; i < count; i++) {
            float * out = result(dst, at + i, head);
            for (int64_t d = 0; d < SIZE; d++) {
                out[d] = block.sums[i][d] / block.weights[i];
            }
        }
    }
}

// A thread's share of the queries, of all heads.
void attend_share(const ggml_tensor * q, const ggml_tensor * k, const ggml_tensor * v, float scale, ggml_tensor * dst,
                  int ith, int nth) {
    static thread_local std::vector<Tile> tiles;
    tiles.resize(k->ne[1] / TILE);
    const int64_t share = (q->ne[1] + nth - 1) / nth;
    const int64_t begin = share * ith;
    const int64_t end = std::min(begin + share, q->ne[1]);
    for (int64_t head = 0; head < q->ne[2] && begin < end; head++) {
        convert(k, v, head, tiles.data());
        attend_many(q, head, begin, end, scale, tiles, dst);
    }
}

void attend_one(const ggml_tensor * q, const ggml_tensor * k, const ggml_tensor * v, int64_t query, int64_t head,
                float scale, float * out) {
    const int64_t n = k->ne[1];
    static thread_local std::vector<float> scores;
    scores.resize(n);

    const float * row = (const float *) ((const char *) q->data + query * q->nb[1] + head * q->nb[2]);
    __m512 parts[4];
    for (int c = 0; c < 4; c++) {
        parts[c] = _mm512_mul_ps(_mm512_loadu_ps(row + 16 * c), _mm512_set1_ps(scale));
    }
    for (int64_t i = 0; i < n; i++) {
        const char * key = (const char *) k->data + i * k->nb[1] + head * k->nb[2];
        __m512 dot = _mm512_mul_ps(parts[0], load_halves(key, 0));
        for (int c = 1; c < 4; c++) {
            dot = _mm512_fmadd_ps(parts[c], load_halves(key, 16 * c), dot);
        }
        scores[i] = _mm512_reduce_add_ps(dot);
    }

    __m512 highest = _mm512_set1_ps(-INFINITY);
    for (int64_t i = 0; i < n; i += 16) {
        highest = _mm512_max_ps(highest, _mm512_loadu_ps(&scores[i]));
    }
    const __m512 maximum = _mm512_set1_ps(_mm512_reduce_max_ps(highest));
    __m512 total = _mm512_setzero_ps();
    for (int64_t i = 0; i < n; i += 16) {
        const __m512 share = ggml_v_expf(_mm512_sub_ps(_mm512_loadu_ps(&scores[i]), maximum));
        _mm512_storeu_ps(&scores[i], share);
        total = _mm512_add_ps(total, share);
    }

    __m512 sums[4] = {};
    for (int64_t i = 0; i < n; i++) {
        const char * value = (const char *) v->data + i * v->nb[1] + head * v->nb[2];
        for (int c = 0; c < 4; c++) {
            sums[c] = _mm512_fmadd_ps(_mm512_set1_ps(scores[i]), load_halves(value, 16 * c), sums[c]);
        }
    }
    const __m512 weight = _mm512_set1_ps(_mm512_reduce_add_ps(total));
    for (int c = 0; c < 4; c++) {
        _mm512_storeu_ps(out + 16 * c, _mm512_div_ps(sums[c], weight));
    }
}

} // namespace

#endif

extern "C" void ggml_compute_forward_flash_attn_ext(const ggml_compute_params * params, ggml_tensor * dst) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    if (is_for_this(dst)) {
        const ggml_tensor * q = dst->src[0];
        const ggml_tensor * k = dst->src[1];
        const ggml_tensor * v = dst->src[2];
        float scale;
        memcpy(&scale, dst->op_params, sizeof scale);
        if (q->ne[1] >= MANY) {
            attend_share(q, k, v, scale, dst, params->ith, params->nth);
        } else {
            for (int64_t i = params->ith; i < q->ne[1] * q->ne[2]; i += params->nth) {
                const int64_t query = i / q->ne[2];
                const int64_t head = i % q->ne[2];
                attend_one(q, k, v, query, head, scale, result(dst, query, head));
            }
        }
        return;
    }
#endif
    ggml_tiled_flash_attn_ext(params, dst);
}
