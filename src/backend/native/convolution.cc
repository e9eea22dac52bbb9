// The op of convolution.h over a batch of padded sequences, and its gradient.
//
//   projected [W, C]   per distinct word and kernel of width k: its products with the k offsets' f filters; C = f * sum of k
//   rows      [T, B]   which row of `projected` stands at each position
//   bias      [K * f]  for K kernels
//   lengths   [B]      positions from lengths[b] on are padding: they are not read, and states there are exactly zero
//   widths    [K]      odd; a state sees (k - 1) / 2 words on each side

#include "convolution.h"

namespace attention {

Convolution::Convolution(const int32_t* widths, int64_t count, int64_t columns) : columns(columns) {
  int64_t offsets = 0;
  for (int64_t k = 0; k < count; ++k) {
    if (widths[k] < 1 || widths[k] % 2 == 0) throw std::invalid_argument("widths must be odd");
    offsets += widths[k];
  }
  if (offsets == 0 || columns % offsets != 0) throw std::invalid_argument("projected has the wrong number of columns");
  filters_ = columns / offsets;
  stateSize = count * filters_;
  int64_t column = 0;
  for (int64_t k = 0; k < count; ++k) {
    kernels_.push_back({widths[k], column, k * filters_});
    column += widths[k] * filters_;
  }
}

template <typename Visit>
void Convolution::eachState(int part, Half half, const Layout& at, const Visit& visit) const {
  const int64_t batch = at.batch();
  const auto [from, count] = half == Half::kOfTexts ? std::make_pair(int64_t{0}, columns) : columnsOf(part);
  for (int64_t b = 0; b < batch; ++b) {
    if (half == Half::kOfTexts && b % 2 != part) continue;
    for (int64_t t = 0; t < at.length(b); ++t) {
      for (const Kernel& kernel : kernels_) {
        if (kernel.column >= from && kernel.column < from + count) visit(kernel, b, t);
      }
    }
  }
}

template <typename Visit>
void Convolution::eachProduct(const Kernel& kernel, const Convolved& n, int64_t b, int64_t t, const Visit& visit) const {
  const int64_t end = n.at.length(b);
  for (int64_t j = 0; j < kernel.width; ++j) {
    const int64_t position = t + j - kernel.width / 2;
    if (position < 0 || position >= end) continue;
    visit(n.words[n.at.start[position] + b] * columns + kernel.column + j * filters_);
  }
}

void Convolution::forward(int part, Half half, const Convolved& n) const {
  eachState(part, half, n.at, [&](const Kernel& kernel, int64_t b, int64_t t) {
    Row state(n.states + (n.at.start[t] + b) * stateSize + kernel.state, filters_);
    state = ConstRow(n.bias + kernel.state, filters_);
    eachProduct(kernel, n, b, t, [&](int64_t place) { state += ConstRow(n.projected + place, filters_); });
    state = state.max(0.0f);
  });
}

void Convolution::backward(int part, const Convolved& n, const float* stateGradient, float* projectedGradient,
                           float* biasGradient) const {
  Eigen::Array<float, 1, Eigen::Dynamic> gradient(filters_);
  eachState(part, Half::kOfKernels, n.at, [&](const Kernel& kernel, int64_t b, int64_t t) {
    const int64_t place = (n.at.start[t] + b) * stateSize + kernel.state;
    gradient = (ConstRow(n.states + place, filters_) > 0.0f).select(ConstRow(stateGradient + place, filters_), 0.0f);
    Row(biasGradient + kernel.state, filters_) += gradient;
    eachProduct(kernel, n, b, t, [&](int64_t to) { Row(projectedGradient + to, filters_) += gradient; });
  });
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
  const Convolved convolved{layout, rows.ints(), projected.floats(), bias.floats(), states};
  inTwoThreads([&](int part) { n.forward(part, Half::kOfTexts, convolved); });
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
  const Convolved convolved{layout, rows.ints(), projected.floats(), bias.floats(), states.floats()};
  inTwoThreads([&](int part) { n.backward(part, convolved, stateGradient.floats(), projectedGradient, biasGradient); });
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
