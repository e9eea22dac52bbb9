// The recurrent part of a bidirectional LSTM over padded sequences, and its gradient; lstm.h says what the inputs are.
//
// The backward direction walks from the end; because a row is zero beyond its length it starts from zero at its own last
// word. Each direction is one thread. Gates and cells are kept for the gradient unless `keep` is empty.

#include <cstring>

#include "lstm.h"

namespace attention {

void cellForward(float* gates, const float* previousCell, float* cell, float* hidden, int64_t H) {
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

Layout paddedLayout(int64_t time, int64_t batch, const int32_t* lengths) {
  Layout layout{std::vector<int64_t>(time), std::vector<int64_t>(time, batch), lengths, time * batch};
  for (int64_t t = 0; t < time; ++t) layout.start[t] = t * batch;
  return layout;
}

Sizes checkedSizes(const Input& projected, const Input& rows, const Input& recurrent, const Input& lengths) {
  const Sizes n{rows.dim(0), rows.dim(1), recurrent.dim(1), projected.dim(0)};
  projected.expect("projected", {n.words, 8 * n.hidden});
  recurrent.expect("recurrent", {2, n.hidden, 4 * n.hidden});
  lengths.expect("lengths", {n.batch});
  expectRows(rows, n.words);
  return n;
}

namespace {

// Gradients of one cell: replaces the values of the gates by their gradients, and the cell's gradient by that of the
// cell before. `scratch` has room for 2H numbers.
void cellBackward(float* gates, const float* cell, const float* previousCell, const float* hiddenGradient,
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

}  // namespace

void bilstmForward(const Bilstm& lstm, int direction) {
  const int64_t H = lstm.hiddenSize, rows = lstm.at.rows;
  const Walk walk{lstm.at, direction};
  const int64_t batch = lstm.at.batch();
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

void bilstmBackward(const Bilstm& lstm, int direction, const float* hiddenGradient, float* projectedGradient,
                    float* recurrentGradient) {
  const int64_t H = lstm.hiddenSize, rows = lstm.at.rows;
  const Walk walk{lstm.at, direction};
  const int64_t batch = lstm.at.batch();
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

namespace {

void forward(TF_OpKernelContext* context) {
  const Input projected(context, 0), rows(context, 1), recurrent(context, 2), lengths(context, 3), keep(context, 4);
  const Sizes n = checkedSizes(projected, rows, recurrent, lengths);
  const bool kept = keep.size() > 0;
  float* hidden = output(context, 0, {n.time, n.batch, 2 * n.hidden});
  float* gates = output(context, 1, {2, kept ? n.time : 0, n.batch, 4 * n.hidden});
  float* cells = output(context, 2, {2, kept ? n.time : 0, n.batch, n.hidden});
  const Layout layout = paddedLayout(n.time, n.batch, lengths.ints());
  const Bilstm lstm{layout, n.hidden, rows.ints(), projected.floats(), recurrent.floats(), hidden,
                    kept ? gates : nullptr, kept ? cells : nullptr};
  inTwoThreads([&](int direction) { bilstmForward(lstm, direction); });
}

// The kept gates are overwritten by their gradients.
void backward(TF_OpKernelContext* context) {
  const Input hiddenGradient(context, 0), hidden(context, 1), gates(context, 2), cells(context, 3), projected(context, 4),
      recurrent(context, 5), rows(context, 6), lengths(context, 7);
  const Sizes n = checkedSizes(projected, rows, recurrent, lengths);
  hiddenGradient.expect("hiddenGradient", {n.time, n.batch, 2 * n.hidden});
  hidden.expect("hidden", {n.time, n.batch, 2 * n.hidden});
  gates.expect("gates", {2, n.time, n.batch, 4 * n.hidden});
  cells.expect("cells", {2, n.time, n.batch, n.hidden});
  float* projectedGradient = output(context, 0, {n.words, 8 * n.hidden}, true);
  float* recurrentGradient = output(context, 1, {2, n.hidden, 4 * n.hidden});
  const Layout layout = paddedLayout(n.time, n.batch, lengths.ints());
  const Bilstm lstm{layout, n.hidden, rows.ints(), projected.floats(), recurrent.floats(), hidden.floats(),
                    gates.floats(), cells.floats()};
  inTwoThreads([&](int direction) {
    bilstmBackward(lstm, direction, hiddenGradient.floats(), projectedGradient, recurrentGradient);
  });
}

const bool registered =
    registerOp<forward>("AttentionBilstm",
                        {"projected: float", "rows: int32", "recurrent: float", "lengths: int32", "keep: float"},
                        {"hidden: float", "gates: float", "cells: float"}) &&
    registerOp<backward>("AttentionBilstmGrad",
                         {"hidden_gradient: float", "hidden: float", "gates: float", "cells: float",
                          "projected: float", "recurrent: float", "rows: int32", "lengths: int32"},
                         {"projected_gradient: float", "recurrent_gradient: float"});

}  // namespace
}  // namespace attention
