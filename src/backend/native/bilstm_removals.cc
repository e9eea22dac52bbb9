// States of texts without one of their words, for many removed words at once: what a bidirectional LSTM computes for the
// shortened text, though each direction is walked once and only what lies behind the removed word is computed anew.
//
//   projected [W, 8H]     per distinct word: gates i, f, g, o of the forward direction, then of the backward one
//   rows      [T, B]      which row of `projected` stands at each position of B texts of equal length, start and end
//                         included
//   recurrent [2, H, 4H]
//   hidden    [T, B, 2H]  states of the whole texts
//   cells     [2, T, B, H] and their cells, by direction
//   removed   [R]         positions to remove, ascending, from 1 to T - 2
//
// The output, [T - 3, R * B, 2H], has the states of the words that are left, without start and end: column r * B + b is
// text b without the word at removed[r]. Before the removed word the forward states are those of the whole text, and
// behind it the backward ones. At each position all texts whose removed word has been passed advance as one matrix
// product. Each direction is one thread.

#include "lstm.h"
#include "op.h"

namespace attention {
namespace {

struct Sizes {
  int64_t time, batch, hidden, words, removals;
};

Sizes checkedSizes(const Input& projected, const Input& rows, const Input& recurrent, const Input& hidden,
                   const Input& cells, const Input& removed) {
  const Sizes n{rows.dim(0), rows.dim(1), recurrent.dim(1), projected.dim(0), removed.dim(0)};
  projected.expect("projected", {n.words, 8 * n.hidden});
  recurrent.expect("recurrent", {2, n.hidden, 4 * n.hidden});
  hidden.expect("hidden", {n.time, n.batch, 2 * n.hidden});
  cells.expect("cells", {2, n.time, n.batch, n.hidden});
  removed.expect("removed", {n.removals});
  if (n.time < 4) throw std::invalid_argument("a text needs two words for one to be left");
  expectRows(rows, n.words);
  for (int64_t r = 0; r < n.removals; ++r) {
    const int32_t position = removed.ints()[r];
    if (position < 1 || position > n.time - 2) throw std::invalid_argument("removed names a position without a word");
    if (r > 0 && position <= removed.ints()[r - 1]) throw std::invalid_argument("removed is not in ascending order");
  }
  return n;
}

struct Buffers {
  const float* projected;
  const int32_t* rows;
  const float* recurrent;
  const float* hidden;
  const float* cells;
  const int32_t* removed;
  float* states;
};

void copyRows(const float* from, int64_t fromStride, float* to, int64_t toStride, int64_t rows, int64_t columns) {
  for (int64_t row = 0; row < rows; ++row) std::memcpy(to + row * toStride, from + row * fromStride, columns * sizeof(float));
}

void walk(const Sizes& n, const Buffers& buffers, int direction) {
  const int64_t H = n.hidden, B = n.batch, R = n.removals, half = direction * H;
  const Eigen::Map<const Matrix> recurrent(buffers.recurrent + direction * H * 4 * H, H, 4 * H);
  Matrix hidden(R * B, H), cells(R * B, H), gates(R * B, 4 * H);
  int64_t passed = 0;
  for (int64_t step = 1; step <= n.time - 2; ++step) {
    const int64_t p = direction == 0 ? step : n.time - 1 - step;
    const int64_t first = (direction == 0 ? 0 : R - passed) * B, count = passed * B;
    for (int64_t row = first; row < first + count; ++row) {
      const float* source = buffers.projected + buffers.rows[p * B + row % B] * 8 * H + 4 * half;
      std::memcpy(gates.data() + row * 4 * H, source, 4 * H * sizeof(float));
    }
    gates.middleRows(first, count).noalias() += hidden.middleRows(first, count) * recurrent;
    for (int64_t row = first; row < first + count; ++row) {
      float* cell = cells.data() + row * H;
      cellForward(gates.data() + row * 4 * H, cell, cell, hidden.data() + row * H, H);
    }
    for (int64_t r = 0; r < R; ++r) {
      const int64_t removed = buffers.removed[r];
      if (removed == p) {
        const int64_t before = (direction == 0 ? p - 1 : p + 1) * B;
        copyRows(buffers.hidden + before * 2 * H + half, 2 * H, hidden.data() + r * B * H, H, B, H);
        copyRows(buffers.cells + (direction * n.time * B + before) * H, H, cells.data() + r * B * H, H, B, H);
        ++passed;
        continue;
      }
      float* state = buffers.states + ((removed < p ? p - 2 : p - 1) * R + r) * B * 2 * H + half;
      const bool changed = direction == 0 ? removed < p : removed > p;
      if (changed) {
        copyRows(hidden.data() + r * B * H, H, state, 2 * H, B, H);
      } else {
        copyRows(buffers.hidden + p * B * 2 * H + half, 2 * H, state, 2 * H, B, H);
      }
    }
  }
}

void compute(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionBilstmRemovals", [&] {
    const Input projected(context, 0), rows(context, 1), recurrent(context, 2), hidden(context, 3), cells(context, 4),
        removed(context, 5);
    const Sizes n = checkedSizes(projected, rows, recurrent, hidden, cells, removed);
    float* states = output(context, 0, {n.time - 3, n.removals * n.batch, 2 * n.hidden});
    const Buffers buffers{projected.floats(), rows.ints(), recurrent.floats(), hidden.floats(), cells.floats(), removed.ints(), states};
    inTwoThreads([&](int direction) { walk(n, buffers, direction); });
  });
}

const bool registered = registerOp(
    "AttentionBilstmRemovals",
    {"projected: float", "rows: int32", "recurrent: float", "hidden: float", "cells: float", "removed: int32"},
    {"states: float"}, {}, nullptr, compute, nullptr);

}  // namespace
}  // namespace attention
