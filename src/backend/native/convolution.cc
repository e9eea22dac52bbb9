// The op of convolution.h over a batch of padded sequences, and its gradient.
//
//   projected [W, C]   per distinct word and kernel of width k: its products with the k offsets' f filters; C = f * sum of k
//   rows      [T, B]   which row of `projected` stands at each position
//   bias      [K * f]  for K kernels
//   lengths   [B]      positions from lengths[b] on are padding: they are not read, and states there are exactly zero
//   widths    [K]      odd; a state sees (k - 1) / 2 words on each side
//
// The gradient adds to the rows of `projected`, so its two threads take kernels, which have columns of their own.

#include "convolution.h"

namespace attention {
namespace {

// Calls visit(place in projected) for every product that enters the state at t.
template <typename Visit>
void eachProduct(const Convolution& n, const Convolution::Kernel& kernel, const Layout& at, int64_t t, int64_t b,
                 const int32_t* words, const Visit& visit) {
  for (int64_t j = 0; j < kernel.width; ++j) {
    const int64_t position = t + j - kernel.width / 2;
    if (position < 0 || position >= at.length(b)) continue;
    visit(words[at.start[position] + b] * n.columns + kernel.column + j * n.filters);
  }
}

}  // namespace

void Convolution::forward(const Kernel& kernel, const Layout& at, int64_t b, const int32_t* words, const float* projected,
                          const float* bias, float* states) const {
  for (int64_t t = 0; t < at.length(b); ++t) {
    Row state(states + (at.start[t] + b) * stateSize + kernel.state, filters);
    state = ConstRow(bias + kernel.state, filters);
    eachProduct(*this, kernel, at, t, b, words, [&](int64_t place) { state += ConstRow(projected + place, filters); });
    state = state.max(0.0f);
  }
}

void Convolution::backward(const Kernel& kernel, const Layout& at, const int32_t* words, const float* states,
                           const float* stateGradient, float* projectedGradient, float* biasGradient) const {
  Eigen::Array<float, 1, Eigen::Dynamic> gradient(filters);
  Row ofBias(biasGradient + kernel.state, filters);
  for (int64_t b = 0; b < at.batch(); ++b) {
    for (int64_t t = 0; t < at.length(b); ++t) {
      const int64_t place = (at.start[t] + b) * stateSize + kernel.state;
      gradient = (ConstRow(states + place, filters) > 0.0f).select(ConstRow(stateGradient + place, filters), 0.0f);
      ofBias += gradient;
      eachProduct(*this, kernel, at, t, b, words, [&](int64_t to) { Row(projectedGradient + to, filters) += gradient; });
    }
  }
}

namespace {

// Throws unless the inputs fit.
Layout checked(const Convolution& n, const Input& projected, const Input& rows, const Input& bias, const Input& lengths) {
  bias.expect("bias", {n.stateSize});
  lengths.expect("lengths", {rows.dim(1)});
  expectRows(rows, projected.dim(0));
  return paddedLayout(rows.dim(0), rows.dim(1), lengths.ints());
}

void forward(TF_OpKernelContext* context) {
  const Input projected(context, 0), rows(context, 1), bias(context, 2), lengths(context, 3), widths(context, 4);
  const Convolution n(widths.ints(), widths.size(), projected.dim(1));
  const Layout layout = checked(n, projected, rows, bias, lengths);
  float* states = output(context, 0, {rows.dim(0), rows.dim(1), n.stateSize}, true);
  inTwoThreads([&](int part) {
    for (int64_t b = part; b < rows.dim(1); b += 2) {
      for (const auto& kernel : n.kernels) n.forward(kernel, layout, b, rows.ints(), projected.floats(), bias.floats(), states);
    }
  });
}

void backward(TF_OpKernelContext* context) {
  const Input stateGradient(context, 0), states(context, 1), projected(context, 2), bias(context, 3),
      widths(context, 4), rows(context, 5), lengths(context, 6);
  const Convolution n(widths.ints(), widths.size(), projected.dim(1));
  const Layout layout = checked(n, projected, rows, bias, lengths);
  stateGradient.expect("stateGradient", {rows.dim(0), rows.dim(1), n.stateSize});
  states.expect("states", {rows.dim(0), rows.dim(1), n.stateSize});
  float* projectedGradient = output(context, 0, {projected.dim(0), n.columns}, true);
  float* biasGradient = output(context, 1, {n.stateSize}, true);
  inTwoThreads([&](int part) {
    for (auto [k, end] = n.ofPart(part); k < end; ++k) {
      n.backward(n.kernels[k], layout, rows.ints(), states.floats(), stateGradient.floats(), projectedGradient, biasGradient);
    }
  });
}

const bool registered =
    registerOp<forward>("AttentionConvolution",
                        {"projected: float", "rows: int32", "bias: float", "lengths: int32", "widths: int32"},
                        {"states: float"}) &&
    registerOp<backward>("AttentionConvolutionGrad",
                         {"state_gradient: float", "states: float", "projected: float", "bias: float", "widths: int32",
                          "rows: int32", "lengths: int32"},
                         {"projected_gradient: float", "bias_gradient: float"});

}  // namespace
}  // namespace attention
