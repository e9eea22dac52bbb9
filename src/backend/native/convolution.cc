// Convolutions of several widths over a batch of sequences of word rows, with bias and ReLU, and their gradient. The
// products of words and filters are done by the caller, once per distinct word; what is left is to add them up.
//
//   projected [W, C]   per distinct word and kernel of width k: its products with the k offsets' f filters; C = f * sum of k
//   rows      [T, B]   which row of `projected` stands at each position
//   bias      [K * f]  for K kernels
//   lengths   [B]      positions from lengths[b] on are padding: they are not read, and states there are exactly zero
//   widths    [K]      odd; a state sees (k - 1) / 2 words on each side
//
// The gradient adds to the rows of `projected`, so its two threads take kernels, which have columns of their own.

#include "lstm.h"

namespace attention {
namespace {

struct Kernel {
  int64_t width, column, state;
};

// What the inputs hold, checked.
class Convolution {
 public:
  Convolution(const Input& projected, const Input& rows, const Input& bias, const Input& lengths, const Input& widths)
      : time(rows.dim(0)), batch(rows.dim(1)), words(projected.dim(0)), columns(projected.dim(1)), rows_(rows.ints()),
        lengths_(lengths.ints()) {
    const int64_t count = widths.dim(0);
    int64_t offsets = 0;
    for (int64_t k = 0; k < count; ++k) {
      if (widths.ints()[k] < 1 || widths.ints()[k] % 2 == 0) throw std::invalid_argument("widths must be odd");
      offsets += widths.ints()[k];
    }
    if (offsets == 0 || columns % offsets != 0) throw std::invalid_argument("projected has the wrong number of columns");
    filters = columns / offsets;
    stateSize = count * filters;
    int64_t column = 0;
    for (int64_t k = 0; k < count; ++k) {
      kernels.push_back({widths.ints()[k], column, k * filters});
      column += widths.ints()[k] * filters;
    }
    bias.expect("bias", {stateSize});
    lengths.expect("lengths", {batch});
    expectRows(rows, words);
  }

  int64_t length(int64_t b) const { return std::min<int64_t>(time, lengths_[b]); }

  // Calls visit(place in projected) for every product that enters the state at t.
  template <typename Visit>
  void eachProduct(const Kernel& kernel, int64_t t, int64_t b, const Visit& visit) const {
    const int64_t end = length(b);
    for (int64_t j = 0; j < kernel.width; ++j) {
      const int64_t position = t + j - kernel.width / 2;
      if (position < 0 || position >= end) continue;
      visit(rows_[position * batch + b] * columns + kernel.column + j * filters);
    }
  }

  int64_t time, batch, words, columns, filters, stateSize;
  std::vector<Kernel> kernels;

 private:
  const int32_t *rows_, *lengths_;
};

void forward(TF_OpKernelContext* context) {
  const Input projected(context, 0), rows(context, 1), bias(context, 2), lengths(context, 3), widths(context, 4);
  const Convolution n(projected, rows, bias, lengths, widths);
  float* states = output(context, 0, {n.time, n.batch, n.stateSize}, true);
  inTwoThreads([&](int part) {
    for (int64_t b = part; b < n.batch; b += 2) {
      for (int64_t t = 0; t < n.length(b); ++t) {
        for (const Kernel& kernel : n.kernels) {
          Row state(states + (t * n.batch + b) * n.stateSize + kernel.state, n.filters);
          state = ConstRow(bias.floats() + kernel.state, n.filters);
          n.eachProduct(kernel, t, b, [&](int64_t place) { state += ConstRow(projected.floats() + place, n.filters); });
          state = state.max(0.0f);
        }
      }
    }
  });
}

void backward(TF_OpKernelContext* context) {
  const Input stateGradient(context, 0), states(context, 1), projected(context, 2), bias(context, 3),
      widths(context, 4), rows(context, 5), lengths(context, 6);
  const Convolution n(projected, rows, bias, lengths, widths);
  stateGradient.expect("stateGradient", {n.time, n.batch, n.stateSize});
  states.expect("states", {n.time, n.batch, n.stateSize});
  float* projectedGradient = output(context, 0, {n.words, n.columns}, true);
  float* biasGradient = output(context, 1, {n.stateSize}, true);
  const auto kernelGradient = [&](const Kernel& kernel) {
    Eigen::Array<float, 1, Eigen::Dynamic> gradient(n.filters);
    Row ofBias(biasGradient + kernel.state, n.filters);
    for (int64_t b = 0; b < n.batch; ++b) {
      for (int64_t t = 0; t < n.length(b); ++t) {
        const int64_t place = (t * n.batch + b) * n.stateSize + kernel.state;
        gradient = (ConstRow(states.floats() + place, n.filters) > 0.0f)
                       .select(ConstRow(stateGradient.floats() + place, n.filters), 0.0f);
        ofBias += gradient;
        n.eachProduct(kernel, t, b, [&](int64_t at) { Row(projectedGradient + at, n.filters) += gradient; });
      }
    }
  };
  // The widest kernel is about as much work as all others together.
  inTwoThreads([&](int part) {
    const size_t widest = n.kernels.size() - 1;
    for (size_t k = part == 0 ? widest : 0; k < (part == 0 ? n.kernels.size() : widest); ++k) kernelGradient(n.kernels[k]);
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
