// The recurrent part of a bidirectional LSTM (Hochreiter & Schmidhuber 1997) over a batch of sequences of word rows,
// and its gradient. The input projection is done by the caller, once per distinct word and not once per position.
//
//   projected [W, 8H]   per distinct word: gates i, f, g, o of the forward direction, then of the backward one
//   rows      [T, B]    which row of `projected` stands at each position
//   recurrent [2, H, 4H]
//   lengths   [B]       positions from lengths[b] on are padding: hidden and cell stay exactly zero there
//
// The backward direction walks from the end; because a row is zero beyond its length it starts from zero at its own last
// word. Each direction is one thread.

#include "lstm.h"
#include "op.h"

namespace attention {
namespace {

struct Sizes {
  int64_t time, batch, hidden, words;
};

Sizes checkedSizes(const Input& projected, const Input& rows, const Input& recurrent, const Input& lengths) {
  const Sizes n{rows.dim(0), rows.dim(1), recurrent.dim(1), projected.dim(0)};
  projected.expect("projected", {n.words, 8 * n.hidden});
  recurrent.expect("recurrent", {2, n.hidden, 4 * n.hidden});
  lengths.expect("lengths", {n.batch});
  expectRows(rows, n.words);
  return n;
}

struct ForwardBuffers {
  const float* projected;
  const float* recurrent;
  const int32_t* rows;
  const int32_t* lengths;
  float* hidden;  // [T, B, 2H]
  float* gates;   // [T, B, 8H], or null when nothing is kept for the gradient
  float* cells;   // [T, B, 2H], or null
};

void forwardDirection(const Sizes& n, const ForwardBuffers& buffers, int direction) {
  const int64_t H = n.hidden, B = n.batch;
  const bool keep = buffers.gates != nullptr;
  Matrix scratchGates(keep ? 0 : B, keep ? 0 : 4 * H);
  Matrix scratchCells(keep ? 0 : B, keep ? 0 : H);
  const Eigen::Map<const Matrix> recurrent(buffers.recurrent + direction * H * 4 * H, H, 4 * H);
  for (int64_t step = 0; step < n.time; ++step) {
    const int64_t t = direction == 0 ? step : n.time - 1 - step;
    const int64_t previous = direction == 0 ? t - 1 : t + 1;
    float* gateStart = keep ? buffers.gates + t * B * 8 * H + direction * 4 * H : scratchGates.data();
    const int64_t gateStride = keep ? 8 * H : 4 * H;
    for (int64_t b = 0; b < B; ++b) {
      const float* source = buffers.projected + buffers.rows[t * B + b] * 8 * H + direction * 4 * H;
      std::memcpy(gateStart + b * gateStride, source, 4 * H * sizeof(float));
    }
    if (step > 0) {
      Strided gates(gateStart, B, 4 * H, Eigen::OuterStride<>(gateStride));
      ConstStrided hidden(buffers.hidden + previous * B * 2 * H + direction * H, B, H, Eigen::OuterStride<>(2 * H));
      gates.noalias() += hidden * recurrent;
    }
    for (int64_t b = 0; b < B; ++b) {
      float* gates = gateStart + b * gateStride;
      float* hidden = buffers.hidden + (t * B + b) * 2 * H + direction * H;
      float* cell = keep ? buffers.cells + (t * B + b) * 2 * H + direction * H : scratchCells.data() + b * H;
      if (t >= buffers.lengths[b]) {
        std::memset(gates, 0, 4 * H * sizeof(float));
        std::memset(hidden, 0, H * sizeof(float));
        std::memset(cell, 0, H * sizeof(float));
        continue;
      }
      const float* previousCell = nullptr;
      if (step > 0) previousCell = keep ? buffers.cells + (previous * B + b) * 2 * H + direction * H : cell;
      cellForward(gates, previousCell, cell, hidden, H);
    }
  }
}

struct BackwardBuffers {
  const float* hiddenGradient;  // [T, B, 2H]
  const float* hidden;
  const float* gates;
  const float* cells;
  const float* recurrent;
  const int32_t* rows;
  const int32_t* lengths;
  float* projectedGradient;  // [W, 8H], zeroed
  float* recurrentGradient;  // [2, H, 4H]
};

// Gradients of one cell: reads the gradient of hidden, updates the cell's gradient in place, writes those of the gates.
void cellBackward(const float* gates, const float* cell, const float* previousCell, const ConstRow& hiddenGradient,
                  float* cellGradient, float* gateGradient, int64_t H) {
  const ConstRow i(gates, H), f(gates + H, H), g(gates + 2 * H, H), o(gates + 3 * H, H);
  Row di(gateGradient, H), df(gateGradient + H, H), dg(gateGradient + 2 * H, H), dO(gateGradient + 3 * H, H);
  Row dc(cellGradient, H);
  dg = ConstRow(cell, H).tanh();
  dO = hiddenGradient * dg * o * (1.0f - o);
  dc += hiddenGradient * o * (1.0f - dg * dg);
  di = dc * g * i * (1.0f - i);
  dg = dc * i * (1.0f - g * g);
  if (previousCell) {
    df = dc * ConstRow(previousCell, H) * f * (1.0f - f);
  } else {
    df.setZero();
  }
  dc *= f;
}

void backwardDirection(const Sizes& n, const BackwardBuffers& buffers, int direction) {
  const int64_t H = n.hidden, B = n.batch, T = n.time;
  const Eigen::Map<const Matrix> recurrent(buffers.recurrent + direction * H * 4 * H, H, 4 * H);
  Matrix gateGradient(T * B, 4 * H);
  Matrix hiddenGradient = Matrix::Zero(B, H);
  Matrix cellGradient = Matrix::Zero(B, H);
  for (int64_t step = T - 1; step >= 0; --step) {
    const int64_t t = direction == 0 ? step : T - 1 - step;
    const int64_t previous = direction == 0 ? t - 1 : t + 1;
    hiddenGradient +=
        ConstStrided(buffers.hiddenGradient + t * B * 2 * H + direction * H, B, H, Eigen::OuterStride<>(2 * H));
    for (int64_t b = 0; b < B; ++b) {
      const int64_t position = t * B + b;
      float* gradient = gateGradient.data() + position * 4 * H;
      if (t >= buffers.lengths[b]) {
        std::memset(gradient, 0, 4 * H * sizeof(float));
        continue;
      }
      const float* previousCell =
          step > 0 ? buffers.cells + (previous * B + b) * 2 * H + direction * H : nullptr;
      cellBackward(buffers.gates + position * 8 * H + direction * 4 * H,
                   buffers.cells + position * 2 * H + direction * H, previousCell,
                   ConstRow(hiddenGradient.data() + b * H, H), cellGradient.data() + b * H, gradient, H);
      Row(buffers.projectedGradient + buffers.rows[position] * 8 * H + direction * 4 * H, 4 * H) +=
          ConstRow(gradient, 4 * H);
    }
    if (step > 0) hiddenGradient.noalias() = gateGradient.middleRows(t * B, B) * recurrent.transpose();
  }
  Eigen::Map<Matrix> recurrentGradient(buffers.recurrentGradient + direction * H * 4 * H, H, 4 * H);
  const int64_t pairs = (T - 1) * B;
  const float* before = buffers.hidden + (direction == 0 ? 0 : B * 2 * H) + direction * H;
  ConstStrided hidden(before, pairs, H, Eigen::OuterStride<>(2 * H));
  recurrentGradient.noalias() = hidden.transpose() * gateGradient.middleRows(direction == 0 ? B : 0, pairs);
}

struct ForwardOptions {
  bool keep;
};

void* createForward(TF_OpKernelConstruction* construction) {
  TF_Status* status = TF_NewStatus();
  unsigned char keep = 1;
  TF_OpKernelConstruction_GetAttrBool(construction, "keep", &keep, status);
  TF_DeleteStatus(status);
  return new ForwardOptions{keep != 0};
}

void deleteForward(void* options) { delete static_cast<ForwardOptions*>(options); }

void computeForward(void* options, TF_OpKernelContext* context) {
  guarded(context, "AttentionBilstm", [&] {
    const Input projected(context, 0), rows(context, 1), recurrent(context, 2), lengths(context, 3);
    const Sizes n = checkedSizes(projected, rows, recurrent, lengths);
    const bool keep = static_cast<ForwardOptions*>(options)->keep;
    ForwardBuffers buffers{projected.floats(), recurrent.floats(), rows.ints(), lengths.ints(), nullptr, nullptr, nullptr};
    buffers.hidden = output(context, 0, {n.time, n.batch, 2 * n.hidden});
    float* gates = output(context, 1, {keep ? n.time : 0, n.batch, 8 * n.hidden});
    float* cells = output(context, 2, {keep ? n.time : 0, n.batch, 2 * n.hidden});
    if (keep) {
      buffers.gates = gates;
      buffers.cells = cells;
    }
    inTwoThreads([&](int direction) { forwardDirection(n, buffers, direction); });
  });
}

void computeBackward(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionBilstmGrad", [&] {
    const Input hiddenGradient(context, 0), hidden(context, 1), gates(context, 2), cells(context, 3),
        projected(context, 4), rows(context, 5), recurrent(context, 6), lengths(context, 7);
    const Sizes n = checkedSizes(projected, rows, recurrent, lengths);
    hiddenGradient.expect("hiddenGradient", {n.time, n.batch, 2 * n.hidden});
    hidden.expect("hidden", {n.time, n.batch, 2 * n.hidden});
    gates.expect("gates", {n.time, n.batch, 8 * n.hidden});
    cells.expect("cells", {n.time, n.batch, 2 * n.hidden});
    BackwardBuffers buffers{hiddenGradient.floats(), hidden.floats(), gates.floats(), cells.floats(),
                            recurrent.floats(), rows.ints(), lengths.ints(), nullptr, nullptr};
    buffers.projectedGradient = output(context, 0, {n.words, 8 * n.hidden}, true);
    buffers.recurrentGradient = output(context, 1, {2, n.hidden, 4 * n.hidden});
    inTwoThreads([&](int direction) { backwardDirection(n, buffers, direction); });
  });
}

const bool registered =
    registerOp("AttentionBilstm", {"projected: float", "rows: int32", "recurrent: float", "lengths: int32"},
               {"hidden: float", "gates: float", "cells: float"}, {"keep: bool"}, createForward, computeForward,
               deleteForward) &&
    registerOp("AttentionBilstmGrad",
               {"hidden_gradient: float", "hidden: float", "gates: float", "cells: float", "projected: float",
                "rows: int32", "recurrent: float", "lengths: int32"},
               {"projected_gradient: float", "recurrent_gradient: float"}, {}, nullptr, computeBackward, nullptr);

}  // namespace
}  // namespace attention
