// Batched products of small float32 matrices for AVX-512.
//
// The batch is worked off matrix by matrix, so no member of a cohort can touch another. A product is cut into
// tiles of 8 rows by 32 columns whose sums stay in registers. What a column of tiles needs of the right
// matrix is copied into a panel first: aligned, turned over if need be, and filled up with zeros.

#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/util/Exception.h>

namespace {

using torch::stable::Tensor;

constexpr int64_t kLanes = 16;  // floats in a register
constexpr int64_t kRows = 8;    // rows in a tile; 16 sums, 2 columns and 1 factor fit into 32 registers

struct alignas(64) Lane {
  float value[kLanes];
};

struct Matrix {
  const float* data;
  int64_t rows, columns, row_stride, column_stride, batch_stride;

  const float* at(int64_t row, int64_t column) const {
    return data + row * row_stride + column * column_stride;
  }

  Matrix of_batch(int64_t index) const {
    Matrix other = *this;
    other.data += index * batch_stride;
    return other;
  }
};

Matrix first_of(const Tensor& batch) {
  return {batch.const_data_ptr<float>(), batch.size(1),   batch.size(2),
          batch.stride(1),               batch.stride(2), batch.stride(0)};
}

inline __mmask16 first(int64_t count) {
  return count >= kLanes ? 0xFFFF : static_cast<__mmask16>((1u << count) - 1);
}

// Exchange the quarters (eighths, ...) that lie on the wrong side of the diagonal of a 16 by 16 block.
template <int Half>
inline void exchange(__m512* rows) {
  alignas(64) int32_t upper[kLanes], lower[kLanes];
  for (int i = 0; i < kLanes; ++i) {
    upper[i] = i & Half ? kLanes + (i ^ Half) : i;
    lower[i] = i & Half ? kLanes + i : i ^ Half;
  }
  const __m512i to_upper = _mm512_load_si512(upper), to_lower = _mm512_load_si512(lower);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i) {
    if (i & Half) continue;
    const __m512 above = rows[i], below = rows[i + Half];
    rows[i] = _mm512_permutex2var_ps(above, to_upper, below);
    rows[i + Half] = _mm512_permutex2var_ps(above, to_lower, below);
  }
}

// Copy up to 16 rows and 16 columns of a matrix whose columns are contiguous.
inline void pack_block(const Matrix& right, int64_t row, int64_t column, Lane* panel, int64_t width) {
  const int64_t rows = std::min(kLanes, right.rows - row), columns = right.columns - column;
  __m512 block[kLanes];
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i)
    block[i] = i < columns ? _mm512_maskz_loadu_ps(first(rows), right.at(row, column + i))
                           : _mm512_setzero_ps();
  exchange<8>(block);
  exchange<4>(block);
  exchange<2>(block);
  exchange<1>(block);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i)
    if (i < rows) _mm512_store_ps(panel[i * width].value, block[i]);
}

// Copy 16 * width columns of the right matrix, from one on; the panel holds row after row.
void pack(const Matrix& right, int64_t column, Lane* panel, int64_t width) {
  for (int64_t j = 0; j < width; ++j, column += kLanes) {
    const int64_t columns = right.columns - column;
    Lane* lane = panel + j;
    if (right.column_stride == 1) {
      for (int64_t k = 0; k < right.rows; ++k, lane += width)
        _mm512_store_ps(lane->value, _mm512_maskz_loadu_ps(first(columns), right.at(k, column)));
    } else if (right.row_stride == 1) {
      for (int64_t k = 0; k < right.rows; k += kLanes, lane += kLanes * width)
        pack_block(right, k, column, lane, width);
    } else {
      for (int64_t k = 0; k < right.rows; ++k, lane += width)
        for (int64_t i = 0; i < kLanes; ++i)
          lane->value[i] = i < columns ? *right.at(k, column + i) : 0.0f;
    }
  }
}

// Bring what the next product of the batch reads and writes into the cache, a few lines per tile of this one.
struct Ahead {
  const float* next;
  const float* end;

  void bring(int64_t lines) {
    for (; lines > 0 && next < end; --lines, next += kLanes)
      _mm_prefetch(reinterpret_cast<const char*>(next), _MM_HINT_T1);
  }
};

struct Task {
  Matrix left, right;
  float* result;
  Ahead ahead[3];
  int64_t lines;
};

template <int Rows, int Width>
inline void multiply_tile(const Matrix& left, int64_t row, const Lane* panel, float* result, int64_t columns,
                          int64_t result_stride) {
  __m512 sums[Rows][Width];
  for (auto& of_row : sums)
    for (auto& sum : of_row) sum = _mm512_setzero_ps();
  const float* factors = left.at(row, 0);
  for (int64_t k = 0; k < left.columns; ++k, factors += left.column_stride, panel += Width) {
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i) {
      const __m512 factor = _mm512_set1_ps(factors[i * left.row_stride]);
#pragma GCC unroll 2
      for (int j = 0; j < Width; ++j)
        sums[i][j] = _mm512_fmadd_ps(factor, _mm512_load_ps(panel[j].value), sums[i][j]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 2
    for (int j = 0; j < Width; ++j)
      _mm512_mask_storeu_ps(result + i * result_stride + j * kLanes, first(columns - j * kLanes), sums[i][j]);
}

// All rows from one on; what is left after tiles of 8 rows goes to tiles of 4, 2 and 1.
template <int Rows, int Width>
void multiply_rows(Task& task, int64_t row, int64_t column, const Lane* panel) {
  const int64_t columns = task.right.columns;
  for (; row + Rows <= task.left.rows; row += Rows) {
    for (Ahead& ahead : task.ahead) ahead.bring(task.lines);
    float* result = task.result + row * columns + column;
    multiply_tile<Rows, Width>(task.left, row, panel, result, columns - column, columns);
  }
  if constexpr (Rows > 1)
    if (row < task.left.rows) multiply_rows<Rows / 2, Width>(task, row, column, panel);
}

void multiply(Task& task, Lane* panel) {
  for (int64_t column = 0; column < task.right.columns;) {
    const int64_t width = task.right.columns - column > kLanes ? 2 : 1;
    pack(task.right, column, panel, width);
    if (width == 2) multiply_rows<kRows, 2>(task, 0, column, panel);
    else multiply_rows<kRows, 1>(task, 0, column, panel);
    column += width * kLanes;
  }
}

Tensor bmm(const Tensor& left, const Tensor& right) {
  constexpr auto kFloat = torch::headeronly::ScalarType::Float;
  STD_TORCH_CHECK(left.scalar_type() == kFloat && right.scalar_type() == kFloat,
                  "gans::bmm: both factors must be float32, got others");
  STD_TORCH_CHECK(left.dim() == 3 && right.dim() == 3 && left.size(0) == right.size(0) &&
                      left.size(2) == right.size(1),
                  "gans::bmm: factors must be (batch, m, k) and (batch, k, n), got other shapes");
  const int64_t batch = left.size(0), m = left.size(1), k = left.size(2), n = right.size(2);
  Tensor result = torch::stable::new_empty(left, {batch, m, n});
  float* out = result.mutable_data_ptr<float>();
  const Matrix lefts = first_of(left), rights = first_of(right);
  const int64_t sizes[] = {m * k, k * n, m * n};
  const int64_t tiles = std::max<int64_t>(1, (m / kRows) * (n / (2 * kLanes)));
  const int64_t lines = *std::max_element(sizes, sizes + 3) / kLanes / tiles + 1;
  const int64_t enough_for_a_thread = 500'000 / (m * n * k + 1) + 1;
  torch::stable::parallel_for(0, batch, enough_for_a_thread, [&](int64_t begin, int64_t end) {
    std::vector<Lane> panel(2 * k);
    for (int64_t i = begin; i < end; ++i) {
      const int64_t next = std::min(i + 1, end - 1);
      const float* starts[] = {lefts.of_batch(next).data, rights.of_batch(next).data, out + next * m * n};
      Task task{lefts.of_batch(i), rights.of_batch(i), out + i * m * n, {}, lines};
      for (int part = 0; part < 3; ++part) task.ahead[part] = {starts[part], starts[part] + sizes[part]};
      multiply(task, panel.data());
    }
  });
  return result;
}

}  // namespace

STABLE_TORCH_LIBRARY_IMPL(gans, CPU, library) {
  library.impl("bmm", TORCH_BOX(&bmm));
}
