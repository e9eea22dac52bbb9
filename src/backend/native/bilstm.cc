// The recurrent part of a bidirectional LSTM over padded sequences, and its gradient; lstm.h says what the inputs are.
//
// The backward direction walks from the end; because a row is zero beyond its length it starts from zero at its own last
// word. Each direction is one thread. Gates and cells are kept for the gradient unless `keep` is empty.

#include "lstm.h"

namespace attention {
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
