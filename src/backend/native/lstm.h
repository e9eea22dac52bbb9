// The recurrent part of a bidirectional LSTM (Hochreiter & Schmidhuber 1997) and its gradient, one direction at a time, so
// that the two can run side by side. The input projection is done before, once per distinct word and not once per position.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "op.h"
#include "product.h"

namespace attention {

using MatrixMap = Eigen::Map<Matrix>;
using ConstMatrixMap = Eigen::Map<const Matrix>;
using Strided = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
using ConstStrided = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
using Row = Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>>;
using ConstRow = Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>>;

// One LSTM cell. `gates` comes as the sums for i, f, g, o and leaves as their values; `previousCell` is null where the
// cell before is zero, and may be `cell` itself.
inline void cellForward(float* gates, const float* previousCell, float* cell, float* hidden, int64_t H) {
  Row i(gates, H), f(gates + H, H), g(gates + 2 * H, H), o(gates + 3 * H, H);
  i = i.logistic();
  f = f.logistic();
  g = g.tanh();
  o = o.logistic();
  Row c(cell, H);
  if (previousCell) {
    c = f * ConstRow(previousCell, H) + i * g;
  } else {
    c = i * g;
  }
  Row(hidden, H) = o * c.tanh();
}

// Gradients of one cell: replaces the values of the gates by their gradients, and the cell's gradient by that of the
// cell before. `scratch` has room for 2H numbers.
inline void cellBackward(float* gates, const float* cell, const float* previousCell, const float* hiddenGradient,
                         float* cellGradient, float* scratch, int64_t H) {
  Row i(gates, H), f(gates + H, H), g(gates + 2 * H, H), o(gates + 3 * H, H), dc(cellGradient, H), th(scratch, H),
      forget(scratch + H, H);
  const ConstRow dh(hiddenGradient, H);
  th = ConstRow(cell, H).tanh();
  forget = f;
  dc += dh * o * (1.0f - th * th);
  o = dh * th * o * (1.0f - o);
  if (previousCell) {
    f = dc * ConstRow(previousCell, H) * f * (1.0f - f);
  } else {
    f.setZero();
  }
  th = dc * g * i * (1.0f - i);
  g = dc * i * (1.0f - g * g);
  i = th;
  dc *= forget;
}

// Where the states of some sequences lie: sequence b at position t in row start[t] + b, for the first active[t] sequences.
// Of these a sequence that has ended before t is padding: hidden and cell are exactly zero there.
struct Layout {
  std::vector<int64_t> start, active;
  const int32_t* lengths;
  int64_t rows;

  int64_t time() const { return start.size(); }
};

// Every position has a row for each of the `batch` sequences.
inline Layout paddedLayout(int64_t time, int64_t batch, const int32_t* lengths) {
  Layout layout{std::vector<int64_t>(time), std::vector<int64_t>(time, batch), lengths, time * batch};
  for (int64_t t = 0; t < time; ++t) layout.start[t] = t * batch;
  return layout;
}

// Of the inputs of an op that reads padded sequences: positions, sequences, units of a direction, distinct words.
//
//   projected [W, 8H]   per distinct word: gates i, f, g, o of the forward direction, then of the backward one
//   rows      [T, B]    which row of `projected` stands at each position
//   recurrent [2, H, 4H]
//   lengths   [B]       positions from lengths[b] on are padding: hidden and cell stay exactly zero there
struct Sizes {
  int64_t time, batch, hidden, words;
};

// Throws unless they fit.
inline Sizes checkedSizes(const Input& projected, const Input& rows, const Input& recurrent, const Input& lengths) {
  const Sizes n{rows.dim(0), rows.dim(1), recurrent.dim(1), projected.dim(0)};
  projected.expect("projected", {n.words, 8 * n.hidden});
  recurrent.expect("recurrent", {2, n.hidden, 4 * n.hidden});
  lengths.expect("lengths", {n.batch});
  expectRows(rows, n.words);
  return n;
}

// What a direction walks over: the position of step s, and how many of its sequences have a state before it.
struct Walk {
  const Layout& at;
  int direction;

  int64_t position(int64_t step) const { return direction == 0 ? step : at.time() - 1 - step; }
  int64_t before(int64_t position) const { return direction == 0 ? position - 1 : position + 1; }
  int64_t continued(int64_t step) const {
    const int64_t t = position(step);
    return step == 0 ? 0 : std::min(at.active[t], at.active[before(t)]);
  }
};

struct Bilstm {
  const Layout& at;
  int64_t hiddenSize;
  const int32_t* words;    // [rows] which row of `projected` stands there
  const float* projected;  // [words, 8H] gates i, f, g, o of the forward direction, then of the backward one
  const float* recurrent;  // [2, H, 4H]
  float* hidden;           // [rows, 2H] forward, then backward
  float* gates;            // [2, rows, 4H] values of the gates, or null when they are not kept
  float* cells;            // [2, rows, H], or null
  float* products = nullptr;  // [2, rows, 4H] the hidden state before, times the recurrent weights, where they are wanted
};

inline void bilstmForward(const Bilstm& lstm, int direction) {
  const int64_t H = lstm.hiddenSize, rows = lstm.at.rows;
  const Walk walk{lstm.at, direction};
  const int64_t batch = *std::max_element(lstm.at.active.begin(), lstm.at.active.end());
  Matrix scratchGates(lstm.gates ? 0 : batch, 4 * H), scratchCells(lstm.cells ? 0 : batch, H);
  const ConstMatrixMap recurrent(lstm.recurrent + direction * H * 4 * H, H, 4 * H);
  const auto cellsOf = [&](int64_t row) {
    return lstm.cells ? lstm.cells + (direction * rows + row) * H : scratchCells.data();
  };
  for (int64_t step = 0; step < lstm.at.time(); ++step) {
    const int64_t t = walk.position(step), start = lstm.at.start[t], active = lstm.at.active[t];
    const int64_t continued = walk.continued(step), before = continued > 0 ? lstm.at.start[walk.before(t)] : 0;
    float* gates = lstm.gates ? lstm.gates + (direction * rows + start) * 4 * H : scratchGates.data();
    for (int64_t b = 0; b < active; ++b) {
      std::memcpy(gates + b * 4 * H, lstm.projected + (lstm.words[start + b] * 2 + direction) * 4 * H, 4 * H * sizeof(float));
    }
    if (continued > 0) {
      const ConstStrided hidden(lstm.hidden + before * 2 * H + direction * H, continued, H, Eigen::OuterStride<>(2 * H));
      MatrixMap sums(gates, continued, 4 * H);
      if (lstm.products) {
        MatrixMap product(lstm.products + (direction * rows + start) * 4 * H, continued, 4 * H);
        multiply(product, hidden, recurrent);
        sums += product;
      } else {
        addProduct(sums, hidden, recurrent);
      }
    }
    for (int64_t b = 0; b < active; ++b) {
      float* hidden = lstm.hidden + (start + b) * 2 * H + direction * H;
      float* cell = cellsOf(start) + b * H;
      if (t >= lstm.at.lengths[b]) {
        std::memset(hidden, 0, H * sizeof(float));
        std::memset(cell, 0, H * sizeof(float));
        continue;
      }
      cellForward(gates + b * 4 * H, b < continued ? cellsOf(before) + b * H : nullptr, cell, hidden, H);
    }
  }
}

// Replaces the kept gates by their gradients, and from them adds to the gradient of `projected`, [words, 8H], zero at
// first, and writes that of `recurrent`.
inline void bilstmBackward(const Bilstm& lstm, int direction, const float* hiddenGradient, float* projectedGradient,
                           float* recurrentGradient) {
  const int64_t H = lstm.hiddenSize, rows = lstm.at.rows;
  const Walk walk{lstm.at, direction};
  const int64_t batch = *std::max_element(lstm.at.active.begin(), lstm.at.active.end());
  const Matrix transposed = ConstMatrixMap(lstm.recurrent + direction * H * 4 * H, H, 4 * H).transpose();
  float* const allGates = lstm.gates + direction * rows * 4 * H;
  const float* const allCells = lstm.cells + direction * rows * H;
  Matrix fromNext = Matrix::Zero(batch, H), cellGradient = Matrix::Zero(batch, H), hiddenBefore(rows, H), scratch(1, 2 * H);
  for (int64_t step = lstm.at.time() - 1; step >= 0; --step) {
    const int64_t t = walk.position(step), start = lstm.at.start[t], active = lstm.at.active[t];
    const int64_t continued = walk.continued(step), before = continued > 0 ? lstm.at.start[walk.before(t)] : 0;
    float* gates = allGates + start * 4 * H;
    for (int64_t b = 0; b < active; ++b) {
      const int64_t row = start + b;
      const bool isContinued = b < continued;
      if (isContinued) {
        std::memcpy(hiddenBefore.data() + row * H, lstm.hidden + (before + b) * 2 * H + direction * H, H * sizeof(float));
      } else {
        hiddenBefore.row(row).setZero();
      }
      if (t >= lstm.at.lengths[b]) {
        std::memset(gates + b * 4 * H, 0, 4 * H * sizeof(float));
        continue;
      }
      Row(fromNext.data() + b * H, H) += ConstRow(hiddenGradient + row * 2 * H + direction * H, H);
      cellBackward(gates + b * 4 * H, allCells + row * H, isContinued ? allCells + (before + b) * H : nullptr,
                   fromNext.data() + b * H, cellGradient.data() + b * H, scratch.data(), H);
      Row(projectedGradient + (lstm.words[row] * 2 + direction) * 4 * H, 4 * H) += ConstRow(gates + b * 4 * H, 4 * H);
    }
    if (continued > 0) multiply(fromNext.topRows(continued), ConstMatrixMap(gates, continued, 4 * H), transposed);
  }
  multiplyTransposed(MatrixMap(recurrentGradient + direction * H * 4 * H, H, 4 * H), hiddenBefore,
                     ConstMatrixMap(allGates, rows, 4 * H));
}

}  // namespace attention
