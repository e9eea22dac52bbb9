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

#include "Eigen/Core"
#include "op.h"

namespace attention {
namespace {

using Row = Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>>;
using ConstRow = Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>>;

struct Sizes {
  int64_t time, batch, words, kernels, filters, columns;
};

struct Kernel {
  int64_t width, column, state;
};

struct Layout {
  Sizes n;
  std::vector<Kernel> kernels;
};

Layout checkedLayout(const Input& projected, const Input& rows, const Input& bias, const Input& lengths, const Input& widths) {
  Layout layout;
  Sizes& n = layout.n;
  n = {rows.dim(0), rows.dim(1), projected.dim(0), widths.dim(0), 0, projected.dim(1)};
  int64_t offsets = 0;
  for (int64_t k = 0; k < n.kernels; ++k) {
    if (widths.ints()[k] < 1 || widths.ints()[k] % 2 == 0) throw std::invalid_argument("widths must be odd");
    offsets += widths.ints()[k];
  }
  if (offsets == 0 || n.columns % offsets != 0) throw std::invalid_argument("projected has the wrong number of columns");
  n.filters = n.columns / offsets;
  int64_t column = 0;
  for (int64_t k = 0; k < n.kernels; ++k) {
    layout.kernels.push_back({widths.ints()[k], column, k * n.filters});
    column += widths.ints()[k] * n.filters;
  }
  bias.expect("bias", {n.kernels * n.filters});
  lengths.expect("lengths", {n.batch});
  expectRows(rows, n.words);
  return layout;
}

// Calls visit(state offset, row of projected, column) for every product that enters the state at t.
template <typename Visit>
void eachProduct(const Sizes& n, const Kernel& kernel, const int32_t* rows, int64_t length, int64_t t, int64_t b, const Visit& visit) {
  for (int64_t j = 0; j < kernel.width; ++j) {
    const int64_t position = t + j - kernel.width / 2;
    if (position >= 0 && position < length) visit(rows[position * n.batch + b] * n.columns + kernel.column + j * n.filters);
  }
}

int64_t lengthOf(const Sizes& n, const int32_t* lengths, int64_t b) { return std::min<int64_t>(n.time, lengths[b]); }

void computeForward(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionConvolution", [&] {
    const Input projected(context, 0), rows(context, 1), bias(context, 2), lengths(context, 3), widths(context, 4);
    const Layout layout = checkedLayout(projected, rows, bias, lengths, widths);
    const Sizes& n = layout.n;
    const int64_t stateSize = n.kernels * n.filters;
    float* states = output(context, 0, {n.time, n.batch, stateSize}, true);
    inTwoThreads([&](int part) {
      for (int64_t b = part; b < n.batch; b += 2) {
        const int64_t length = lengthOf(n, lengths.ints(), b);
        for (int64_t t = 0; t < length; ++t) {
          for (const Kernel& kernel : layout.kernels) {
            Row state(states + (t * n.batch + b) * stateSize + kernel.state, n.filters);
            state = ConstRow(bias.floats() + kernel.state, n.filters);
            eachProduct(n, kernel, rows.ints(), length, t, b,
                        [&](int64_t place) { state += ConstRow(projected.floats() + place, n.filters); });
            state = state.max(0.0f);
          }
        }
      }
    });
  });
}

void computeBackward(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionConvolutionGrad", [&] {
    const Input stateGradient(context, 0), states(context, 1), projected(context, 2), rows(context, 3), bias(context, 4),
        lengths(context, 5), widths(context, 6);
    const Layout layout = checkedLayout(projected, rows, bias, lengths, widths);
    const Sizes& n = layout.n;
    const int64_t stateSize = n.kernels * n.filters;
    stateGradient.expect("stateGradient", {n.time, n.batch, stateSize});
    states.expect("states", {n.time, n.batch, stateSize});
    float* projectedGradient = output(context, 0, {n.words, n.columns}, true);
    float* biasGradient = output(context, 1, {stateSize}, true);
    const auto kernelGradient = [&](const Kernel& kernel) {
      Eigen::Array<float, 1, Eigen::Dynamic> gradient(n.filters);
      Row ofBias(biasGradient + kernel.state, n.filters);
      for (int64_t b = 0; b < n.batch; ++b) {
        const int64_t length = lengthOf(n, lengths.ints(), b);
        for (int64_t t = 0; t < length; ++t) {
          const int64_t place = (t * n.batch + b) * stateSize + kernel.state;
          gradient = (ConstRow(states.floats() + place, n.filters) > 0.0f)
                         .select(ConstRow(stateGradient.floats() + place, n.filters), 0.0f);
          ofBias += gradient;
          eachProduct(n, kernel, rows.ints(), length, t, b,
                      [&](int64_t at) { Row(projectedGradient + at, n.filters) += gradient; });
        }
      }
    };
    // The widest kernel is about as much work as all others together.
    inTwoThreads([&](int part) {
      const int64_t widest = n.kernels - 1;
      for (int64_t k = part == 0 ? widest : 0; k < (part == 0 ? n.kernels : widest); ++k) kernelGradient(layout.kernels[k]);
    });
  });
}

const bool registered =
    registerOp("AttentionConvolution",
               {"projected: float", "rows: int32", "bias: float", "lengths: int32", "widths: int32"}, {"states: float"},
               {}, nullptr, computeForward, nullptr) &&
    registerOp("AttentionConvolutionGrad",
               {"state_gradient: float", "states: float", "projected: float", "rows: int32", "bias: float",
                "lengths: int32", "widths: int32"},
               {"projected_gradient: float", "bias_gradient: float"}, {}, nullptr, computeBackward, nullptr);

}  // namespace
}  // namespace attention
