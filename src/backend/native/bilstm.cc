// The recurrent part of a bidirectional LSTM over a batch of sequences of word rows, and its gradient; see lstm.h.
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
    float* hidden = output(context, 0, {n.time, n.batch, 2 * n.hidden});
    float* gates = output(context, 1, {2, keep ? n.time : 0, n.batch, 4 * n.hidden});
    float* cells = output(context, 2, {2, keep ? n.time : 0, n.batch, n.hidden});
    const Layout layout = paddedLayout(n.time, n.batch, lengths.ints());
    const Bilstm lstm{layout, n.hidden, rows.ints(), projected.floats(), recurrent.floats(), hidden,
                      keep ? gates : nullptr, keep ? cells : nullptr};
    inTwoThreads([&](int direction) { bilstmForward(lstm, direction); });
  });
}

// The kept gates are overwritten by their gradients.
void computeBackward(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionBilstmGrad", [&] {
    const Input hiddenGradient(context, 0), hidden(context, 1), gates(context, 2), cells(context, 3),
        projected(context, 4), rows(context, 5), recurrent(context, 6), lengths(context, 7);
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
