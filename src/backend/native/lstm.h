// The recurrent part of a bidirectional LSTM (Hochreiter & Schmidhuber 1997) and its gradient, one direction at a time, so
// that the two can run side by side. The input projection is done before, once per distinct word and not once per position.
#pragma once

#include <algorithm>
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
void cellForward(float* gates, const float* previousCell, float* cell, float* hidden, int64_t H);

// Where the states of some sequences lie: sequence b at position t in row start[t] + b, for the first active[t] sequences.
// Of these a sequence that has ended before t is padding: hidden and cell are exactly zero there.
struct Layout {
  std::vector<int64_t> start, active;
  const int32_t* lengths;
  int64_t rows;

  int64_t time() const { return start.size(); }
  int64_t batch() const { return active.empty() ? 0 : *std::max_element(active.begin(), active.end()); }
  int64_t length(int64_t b) const { return std::min<int64_t>(time(), lengths[b]); }
};

// Every position has a row for each of the `batch` sequences.
Layout paddedLayout(int64_t time, int64_t batch, const int32_t* lengths);

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
Sizes checkedSizes(const Input& projected, const Input& rows, const Input& recurrent, const Input& lengths);

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

// The hidden states, and gates and cells where they are kept.
void bilstmForward(const Bilstm& lstm, int direction);

// Replaces the kept gates by their gradients, and from them adds to the gradient of `projected`, [words, 8H], zero at
// first, and writes that of `recurrent`.
void bilstmBackward(const Bilstm& lstm, int direction, const float* hiddenGradient, float* projectedGradient,
                    float* recurrentGradient);

}  // namespace attention
