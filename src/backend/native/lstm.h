// What the ops of the LSTM share: views of row-major memory, and one cell.
#pragma once

#include "Eigen/Core"

namespace attention {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Strided = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
using ConstStrided = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
using Row = Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>>;
using ConstRow = Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>>;

// One LSTM cell (Hochreiter & Schmidhuber 1997). `gates` comes as the sums for i, f, g, o and leaves as their values;
// `previousCell` is null where the cell before is zero, and may be `cell` itself.
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

}  // namespace attention
