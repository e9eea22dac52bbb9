// The adversarial search of the paper (Algorithm 3) for many texts: K attentions each climb away from the own attention
// and from each other, and pay for every change of the output beyond a slack. Gradient descent on their logarithmic
// weights with Adam (AMSGrad), in double precision. Threads take texts from a counter.
//
//   lengths  [N]          words of each text
//   own      [S]          the model's own attention, text after text; S is the sum of the lengths
//   starts   [K * S]      logarithmic weights to start from: for each text K rows of its length
//   settings [5]          slack, lambda, weight of a pair of candidates, learning rate, steps
//   The decoder of a classifier, y = sigmoid(sum_t a_t s_t + bias):
//   states   [S, 1]       s_t
//   offset   [N, 1]       bias
//   outer    [0, 0], outerBias [0], impossible [0, 0]
//   or with a question, y = softmax(tanh(sum_t a_t P_t + offset) outer + outerBias + impossible):
//   states   [S, H]       P_t
//   offset   [N, H]
//   outer    [H, C], outerBias [C], impossible [N, C] (0, or a large negative number)
//
// The output, [K * S], holds the weights at the end, laid out as the starts.

#include <atomic>

#include "Eigen/Core"
#include "op.h"

namespace attention {
namespace {

using Table = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowArray = Eigen::Array<double, 1, Eigen::Dynamic>;
using Column = Eigen::Array<double, Eigen::Dynamic, 1>;
using Product = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Floats = Eigen::Map<const Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

struct Settings {
  double slack, lambda, pairWeight, learningRate;
  int64_t steps;
};

Table softmaxRows(const Table& logits) {
  Table weights = (logits.colwise() - logits.rowwise().maxCoeff()).exp();
  weights.colwise() /= weights.rowwise().sum().eval();
  return weights;
}

// How the output moves with the attention, for a classifier.
class LinearMeter {
 public:
  LinearMeter(const Floats& states, double bias, const RowArray& own)
      : states_(states.cast<double>().col(0).transpose()), bias_(bias), own_(output((states_ * own).sum())) {}

  // Adds the gradient of lambda times the change beyond the slack, row by row.
  void penalise(const Table& weights, const Settings& s, Table& gradient) const {
    for (int64_t k = 0; k < weights.rows(); ++k) {
      const double p = output((weights.row(k) * states_).sum()), change = p - own_;
      if (std::abs(change) > s.slack) gradient.row(k) += (s.lambda * (change > 0 ? 1.0 : -1.0) * p * (1.0 - p)) * states_;
    }
  }

 private:
  double output(double sum) const { return 1.0 / (1.0 + std::exp(-(sum + bias_))); }

  RowArray states_;
  double bias_, own_;
};

// The same with a question.
class TanhMeter {
 public:
  TanhMeter(const Floats& states, const Floats& offset, const Product& outer, const RowArray& outerBias,
            const Floats& impossible, const RowArray& own)
      : states_(states.cast<double>()), offset_(offset.cast<double>()), outer_(outer),
        bias_(outerBias + impossible.cast<double>().row(0)), own_(output(hidden(own)).row(0)) {}

  void penalise(const Table& weights, const Settings& s, Table& gradient) const {
    const Table h = hidden(weights), y = output(h);
    const Table difference = y.rowwise() - own_;
    const Column change = 0.5 * difference.abs().rowwise().sum();
    if (!(change > s.slack).any()) return;
    const Table direction = difference.sign();
    const Column mean = (direction * y).rowwise().sum();
    const Column factor = (change > s.slack).select(Column::Constant(change.size(), 0.5 * s.lambda), 0.0);
    const Table ofLogits = (y * (direction.colwise() - mean)).colwise() * factor;
    const Table ofHidden = (ofLogits.matrix() * outer_.transpose()).array() * (1.0 - h.square());
    gradient.matrix().noalias() += ofHidden.matrix() * states_.transpose();
  }

 private:
  Table hidden(const Table& weights) const {
    Table sums = (weights.matrix() * states_).array();
    sums.rowwise() += offset_;
    return 1.0 - 2.0 / ((2.0 * sums).exp() + 1.0);  // tanh, by the vectorised exponential
  }

  Table output(const Table& hidden) const {
    Table logits = (hidden.matrix() * outer_).array();
    logits.rowwise() += bias_;
    return softmaxRows(logits);
  }

  Product states_;
  RowArray offset_;
  const Product& outer_;
  RowArray bias_, own_;
};

// Gradient of - sum_i JSD(a_i, own) - w sum_{i<j} JSD(a_i, a_j) by the weights, up to a constant for each row.
void divergenceGradient(const Table& weights, const Table& logWeights, const RowArray& own, double pairWeight, Table& gradient) {
  constexpr double smallest = 1e-300;
  const int64_t candidates = weights.rows();
  gradient = (-0.5 - 0.5 * pairWeight * (candidates - 1)) * logWeights + 0.5 * ((weights.rowwise() + own) + smallest).log();
  if (pairWeight == 0.0) return;
  RowArray both(weights.cols());
  for (int64_t i = 0; i < candidates; ++i) {
    for (int64_t j = i + 1; j < candidates; ++j) {
      both = (0.5 * pairWeight) * (weights.row(i) + weights.row(j) + smallest).log();
      gradient.row(i) += both;
      gradient.row(j) += both;
    }
  }
}

template <typename Meter>
Table climb(Table logits, const RowArray& own, const Meter& meter, const Settings& s) {
  const int64_t rows = logits.rows(), columns = logits.cols();
  Table weights, logWeights, gradient(rows, columns);
  Table mean = Table::Zero(rows, columns), variance = mean, maximum = mean;
  for (int64_t step = 1; step <= s.steps; ++step) {
    const Column largest = logits.rowwise().maxCoeff();
    weights = (logits.colwise() - largest).exp();
    const Column sums = weights.rowwise().sum();
    weights.colwise() /= sums;
    logWeights = logits.colwise() - (largest + sums.log());
    divergenceGradient(weights, logWeights, own, s.pairWeight, gradient);
    meter.penalise(weights, s, gradient);
    const Column average = (weights * gradient).rowwise().sum();
    gradient = weights * (gradient.colwise() - average);
    mean = 0.9 * mean + 0.1 * gradient;
    variance = 0.999 * variance + 0.001 * gradient.square();
    maximum = maximum.max(variance);
    const double size = s.learningRate * std::sqrt(1.0 - std::pow(0.999, step)) / (1.0 - std::pow(0.9, step));
    logits -= size * mean / (maximum.sqrt() + 1e-8);
  }
  return softmaxRows(logits);
}

struct Inputs {
  const Input &lengths, &own, &starts, &states, &offset, &outer, &outerBias, &impossible;
  int64_t texts, words, candidates, hidden, classes;
};

Inputs checked(const Input& lengths, const Input& own, const Input& starts, const Input& settings, const Input& states,
               const Input& offset, const Input& outer, const Input& outerBias, const Input& impossible) {
  int64_t words = 0;
  for (int64_t n = 0; n < lengths.size(); ++n) {
    if (lengths.ints()[n] < 1) throw std::invalid_argument("lengths names a text without words");
    words += lengths.ints()[n];
  }
  if (words == 0 || starts.size() % words != 0 || starts.size() == 0) throw std::invalid_argument("starts has the wrong size");
  Inputs in{lengths, own, starts, states, offset, outer, outerBias, impossible,
            lengths.size(), words, starts.size() / words, states.dim(1), outerBias.size()};
  own.expect("own", {words});
  settings.expect("settings", {5});
  states.expect("states", {words, in.hidden});
  offset.expect("offset", {in.texts, in.hidden});
  outer.expectSize("outer", in.classes * (in.classes == 0 ? 0 : in.hidden));
  impossible.expectSize("impossible", in.classes * in.texts);
  if (in.classes == 0 && in.hidden != 1) throw std::invalid_argument("states has the wrong shape");
  return in;
}

void searchText(const Inputs& in, const Settings& s, const Product& outer, const RowArray& outerBias, int64_t text,
                int64_t firstWord, float* result) {
  const int64_t length = in.lengths.ints()[text], K = in.candidates, H = in.hidden, C = in.classes;
  const RowArray own = Floats(in.own.floats() + firstWord, 1, length).cast<double>().row(0);
  const Table starts = Floats(in.starts.floats() + firstWord * K, K, length).cast<double>();
  const Floats states(in.states.floats() + firstWord * H, length, H), offset(in.offset.floats() + text * H, 1, H);
  const Table weights =
      C == 0 ? climb(starts, own, LinearMeter(states, offset(0, 0), own), s)
             : climb(starts, own, TanhMeter(states, offset, outer, outerBias, Floats(in.impossible.floats() + text * C, 1, C), own), s);
  Eigen::Map<Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(result + firstWord * K, K, length) =
      weights.cast<float>();
}

void compute(void*, TF_OpKernelContext* context) {
  guarded(context, "AttentionAdversary", [&] {
    const Input lengths(context, 0), own(context, 1), starts(context, 2), settings(context, 3), states(context, 4),
        offset(context, 5), outer(context, 6), outerBias(context, 7), impossible(context, 8);
    const Inputs in = checked(lengths, own, starts, settings, states, offset, outer, outerBias, impossible);
    const float* values = settings.floats();
    const Settings s{values[0], values[1], values[2], values[3], static_cast<int64_t>(values[4])};
    const Product outerWeights = Floats(outer.floats(), in.classes == 0 ? 0 : in.hidden, in.classes).cast<double>();
    const RowArray bias = Floats(outerBias.floats(), 1, in.classes).cast<double>().row(0);
    std::vector<int64_t> firstWords(in.texts, 0);
    for (int64_t n = 1; n < in.texts; ++n) firstWords[n] = firstWords[n - 1] + lengths.ints()[n - 1];
    float* result = output(context, 0, {starts.size()});
    std::atomic<int64_t> next{0};
    inTwoThreads([&](int) {
      for (int64_t text = next++; text < in.texts; text = next++) {
        searchText(in, s, outerWeights, bias, text, firstWords[text], result);
      }
    });
  });
}

const bool registered = registerOp(
    "AttentionAdversary",
    {"lengths: int32", "own: float", "starts: float", "settings: float", "states: float", "offset: float",
     "outer: float", "outer_bias: float", "impossible: float"},
    {"weights: float"}, {}, nullptr, compute, nullptr);

}  // namespace
}  // namespace attention
