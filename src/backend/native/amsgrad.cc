// One step of Adam with AMSGrad (Reddi et al. 2018) and an L2 term over a whole parameter, in one pass, in place.
//
//   value, mean, variance, maximum [..., C]   the parameter, seen as R rows of C, and the optimiser's state: overwritten
//   rows     [N]      rows that have a gradient, each once; empty: all rows have one, in order
//   gradient [N, C]   (or [R, C] when rows is empty); every other row's gradient is the L2 term alone
//   settings [5]      step size (bias corrections included), beta1, beta2, epsilon, L2 factor

#include "Eigen/Core"
#include "op.h"

namespace attention {
namespace {

using Row = Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>>;
using ConstRow = Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>>;

struct Parameter {
  float *value, *mean, *variance, *maximum;
  int64_t columns;
};

struct Settings {
  float stepSize, beta1, beta2, epsilon, decay;
};

void updateRow(const Parameter& p, int64_t row, const float* gradient, const Settings& s) {
  const int64_t start = row * p.columns;
  constexpr int64_t chunk = 64;
  for (int64_t from = 0; from < p.columns; from += chunk) {
    const int64_t size = std::min(chunk, p.columns - from);
    Row w(p.value + start + from, size), m(p.mean + start + from, size), v(p.variance + start + from, size),
        top(p.maximum + start + from, size);
    Eigen::Array<float, 1, Eigen::Dynamic, Eigen::RowMajor, 1, chunk> g = s.decay * w;
    if (gradient) g += ConstRow(gradient + from, size);
    m = s.beta1 * m + (1.0f - s.beta1) * g;
    v = s.beta2 * v + (1.0f - s.beta2) * g * g;
    top = top.max(v);
    w -= s.stepSize * m / (top.sqrt() + s.epsilon);
  }
}

void compute(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionAmsgrad", [&] {
    const Input value(context, 0), mean(context, 1), variance(context, 2), maximum(context, 3), rows(context, 4),
        gradient(context, 5), settings(context, 6);
    if (value.size() == 0) throw std::invalid_argument("value is empty");
    const int64_t columns = value.dim(value.rank() - 1), count = value.size() / columns;
    const int64_t given = rows.size() == 0 ? count : rows.size();
    mean.expectSize("mean", value.size());
    variance.expectSize("variance", value.size());
    maximum.expectSize("maximum", value.size());
    settings.expect("settings", {5});
    gradient.expectSize("gradient", given * columns);
    std::vector<const float*> gradients(count, nullptr);
    for (int64_t i = 0; i < given; ++i) {
      const int64_t row = rows.size() == 0 ? i : rows.ints()[i];
      if (row < 0 || row >= count) throw std::invalid_argument("rows names a row that the parameter lacks");
      if (gradients[row]) throw std::invalid_argument("rows names a row twice");
      gradients[row] = gradient.floats() + i * columns;
    }
    const Parameter parameter{value.floats(), mean.floats(), variance.floats(), maximum.floats(), columns};
    const float* s = settings.floats();
    const Settings values{s[0], s[1], s[2], s[3], s[4]};
    const auto half = [&](int part) {
      for (int64_t row = part * count / 2; row < (part + 1) * count / 2; ++row) {
        updateRow(parameter, row, gradients[row], values);
      }
    };
    if (count * columns < 16384) {
      half(0);
      half(1);
    } else {
      inTwoThreads(half);
    }
    output(context, 0, {0});
  });
}

const bool registered =
    registerOp("AttentionAmsgrad",
               {"value: float", "mean: float", "variance: float", "maximum: float", "rows: int32", "gradient: float",
                "settings: float"},
               {"done: float"}, {}, nullptr, compute, nullptr);

}  // namespace
}  // namespace attention
