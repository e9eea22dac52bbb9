// Updates of a parameter by Adam with AMSGrad and an L2 term, in place.
//
//   value, mean, variance, maximum [..., C]   the parameter, seen as R rows of C, and the optimiser's state
//   last     [R]      after which update each row stands as it is; empty: all rows are up to date
//   sizes    [S]      step size of each update, bias corrections included
//   rows     [N]      which rows to advance, each once; empty: all
//   gradient [N, C]   of update number `step`; empty: the rows are advanced through that update without a gradient
//   settings [5]      step (from 1), beta1, beta2, epsilon, L2 factor

#include "amsgrad.h"

#include "op.h"

namespace attention {
namespace {

void update(TF_OpKernelContext* context) {
  const Input value(context, 0), mean(context, 1), variance(context, 2), maximum(context, 3), last(context, 4),
      sizes(context, 5), rows(context, 6), gradient(context, 7), settings(context, 8);
  const int64_t columns = value.dim(value.rank() - 1), count = value.size() / columns;
  const int64_t given = rows.size() == 0 ? count : rows.size();
  const float* gradients = gradient.size() > 0 ? gradient.floats() : nullptr;
  if (gradients) gradient.expectSize("gradient", given * columns);
  const float* s = settings.floats();
  const int64_t step = static_cast<int64_t>(s[0]), until = gradients ? step - 1 : step;
  if (step < 1 || step > sizes.size()) throw std::invalid_argument("sizes has no size for this step");
  std::vector<bool> seen(count);
  for (int64_t i = 0; i < rows.size(); ++i) {
    const int32_t row = rows.ints()[i];
    if (row < 0 || row >= count) throw std::invalid_argument("rows names a row that the parameter lacks");
    if (seen[row]) throw std::invalid_argument("rows names a row twice");
    seen[row] = true;
  }
  const AmsgradTables tables{value.floats(), mean.floats(), variance.floats(), maximum.floats()};
  const AmsgradSettings values{s[1], s[2], s[3], s[4]};
  const auto half = [&](int part) {
    if (last.size() == 0) {
      const int64_t from = part * value.size() / 2, to = (part + 1) * value.size() / 2;
      advance(tables, from, to - from, values, sizes.floats() + until, 0, gradients ? gradients + from : nullptr);
      return;
    }
    for (int64_t i = part * given / 2; i < (part + 1) * given / 2; ++i) {
      const int64_t row = rows.size() == 0 ? i : rows.ints()[i];
      int32_t& done = last.ints()[row];
      advance(tables, row * columns, columns, values, sizes.floats() + done, until - done,
              gradients ? gradients + i * columns : nullptr);
      done = static_cast<int32_t>(step);
    }
  };
  if (given * columns < 16384) {
    half(0);
    half(1);
  } else {
    inTwoThreads(half);
  }
  output(context, 0, {0});
}

const bool registered = registerOp<update>(
    "AttentionAmsgrad",
    {"value: float", "mean: float", "variance: float", "maximum: float", "last: int32", "sizes: float", "rows: int32",
     "gradient: float", "settings: float"},
    {"done: float"});

}  // namespace
}  // namespace attention
