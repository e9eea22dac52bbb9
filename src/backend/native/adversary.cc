// The search for adversarial attention (Jain & Wallace 2019, Algorithm 3) over some texts, their states held fixed: for
// each text K attentions climb at once by Adam with AMSGrad (epsilon outside the bias correction) on their logits, to
// minimise
//
//   -sum_i JSD(a_i, own) - pair weight * sum_{i<j} JSD(a_i, a_j) + lambda * sum_i max(0, TVD(y(a_i), y(own)) - slack)
//
//   own      [N]         the model's attention, text by text; N words in all
//   starts   [K * N]     logits of the candidates, text by text, in each candidate by candidate
//   lengths  [texts]     words of each text
//   settings [5]         slack, lambda, pair weight, learning rate, number of steps
//   rows     [N * H]     P_t, what the attention weights
//   offsets  [texts * H] what is added to it
//   counts   [texts]     possible answers of each text, M in all
//   answers  [M * H],  biases [M]
//
// of a decoder softmax(answers tanh(sum_t a_t P_t + offset) + bias) over each text's possible answers, or, where there are
// none, of a decoder sigmoid(sum_t a_t P_t + offset), with an H of 1.
//
// The result is the candidates' attention, placed as `starts`. All is computed in double precision. Two threads take
// texts from a counter.

#include <atomic>
#include <cmath>

#include "Eigen/Core"
#include "op.h"

namespace attention {
namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Settings {
  double slack, lambda, pairWeight, learningRate;
  int steps;
};

ArrayXXd readColumns(const float* values, int64_t rows, int64_t columns) {
  return Eigen::Map<const Eigen::ArrayXXf>(values, rows, columns).cast<double>();
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

class LinearDecoder {
 public:
  LinearDecoder(const float* scores, const ArrayXd& own, double bias)
      : scores_(readColumns(scores, own.size(), 1).matrix()), bias_(bias), own_(sigmoid(logit(own.matrix()))) {}

  // Adds lambda times the gradient of each candidate's change of the output to the columns where that exceeds slack.
  void addPenalty(const ArrayXXd& weights, const Settings& s, ArrayXXd& gradient) {
    for (int64_t k = 0; k < weights.cols(); ++k) {
      const double x = logit(weights.col(k).matrix()), difference = sigmoid(x) - own_;
      if (std::abs(difference) <= s.slack) continue;
      const double slope = sigmoid(x) * sigmoid(-x);
      gradient.col(k) += std::copysign(s.lambda * slope, difference) * scores_.array();
    }
  }

 private:
  template <typename Weights>
  double logit(const Weights& weights) const { return scores_.dot(weights) + bias_; }

  VectorXd scores_;
  double bias_, own_;
};

class TanhDecoder {
 public:
  // A candidate and a word are a column each.
  TanhDecoder(const float* projected, const float* offset, const float* answers, const float* biases, int64_t hidden,
              int64_t count, const ArrayXd& own, int64_t candidates)
      : projected_(readColumns(projected, hidden, own.size())),
        offset_(readColumns(offset, hidden, 1)),
        answers_(readColumns(answers, hidden, count)),
        biases_(readColumns(biases, count, 1)),
        hidden_(hidden, candidates),
        output_(count, candidates) {
    decode(own.replicate(1, candidates));
    own_ = output_.col(0);
  }

  void addPenalty(const ArrayXXd& weights, const Settings& s, ArrayXXd& gradient) {
    decode(weights);
    changed_.clear();
    for (int64_t k = 0; k < weights.cols(); ++k) {
      auto output = output_.col(k).array();
      if (0.5 * (output - own_).abs().sum() <= s.slack) continue;
      direction_ = (output - own_).sign();
      const double mean = (direction_ * output).sum();
      output *= 0.5 * s.lambda * (direction_ - mean);  // gradient by logit
      slope_ = 1 - hidden_.col(k).array().square();
      hidden_.col(k).noalias() = answers_ * output_.col(k);  // gradient before tanh
      hidden_.col(k).array() *= slope_;
      changed_.push_back(k);
    }
    for (int64_t t = 0; t < weights.rows(); ++t) {
      for (const int64_t k : changed_) gradient(t, k) += projected_.col(t).dot(hidden_.col(k));
    }
  }

 private:
  void decode(const ArrayXXd& weights) {
    hidden_.colwise() = offset_;
    for (int64_t t = 0; t < weights.rows(); ++t) {
      for (int64_t k = 0; k < weights.cols(); ++k) hidden_.col(k) += weights(t, k) * projected_.col(t);
    }
    hidden_.array() = 1 - 2 / ((2 * hidden_.array()).exp() + 1);  // tanh
    output_ = answers_.transpose().lazyProduct(hidden_);
    for (int64_t k = 0; k < weights.cols(); ++k) {
      auto output = output_.col(k).array();
      output += biases_;
      output = (output - output.maxCoeff()).exp();
      output /= output.sum();
    }
  }

  MatrixXd projected_;
  VectorXd offset_;
  MatrixXd answers_;
  ArrayXd biases_;
  MatrixXd hidden_, output_;
  ArrayXd own_, direction_, slope_;
  std::vector<int64_t> changed_;
};

// Keeps the logarithm of vanished weights finite.
constexpr double smallest = 1e-300;

// Factors of a product whose logarithm is taken: so many weights that still move cannot vanish in it.
constexpr int64_t factorsAtOnce = 16;

template <typename Decoder>
class Search {
 public:
  Search(Decoder& decoder, const ArrayXd& own, const float* starts, int64_t candidates, const Settings& settings)
      : decoder_(decoder), own_(own), settings_(settings), logits_(readColumns(starts, own.size(), candidates)) {
    for (ArrayXXd* values : {&mean_, &variance_, &maximum_}) *values = ArrayXXd::Zero(own.size(), candidates);
    for (ArrayXXd* values : {&weights_, &logWeights_, &gradient_, &products_}) values->resize(own.size(), candidates);
  }

  void run(float* found) {
    for (int step = 1; step <= settings_.steps; ++step) {
      softmax();
      divergenceGradient();
      decoder_.addPenalty(weights_, settings_, gradient_);
      throughSoftmax();
      amsgrad(step);
    }
    softmax();
    Eigen::Map<Eigen::ArrayXXf>(found, weights_.rows(), weights_.cols()) = weights_.template cast<float>();
  }

 private:
  void softmax() {
    for (int64_t k = 0; k < logits_.cols(); ++k) logWeights_.col(k) = logits_.col(k) - logits_.col(k).maxCoeff();
    weights_ = logWeights_.exp();
    for (int64_t k = 0; k < logits_.cols(); ++k) {
      const double sum = weights_.col(k).sum();
      weights_.col(k) /= sum;
      logWeights_.col(k) -= std::log(sum);
    }
  }

  // By the weights, up to a constant for each candidate, which the softmax takes away: dJSD(p, q)/dp_t is
  // ln(2 p_t / (p_t + q_t)) / 2. The logarithms of the sums with all other candidates are one of their product.
  void divergenceGradient() {
    const int64_t candidates = weights_.cols();
    for (int64_t k = 0; k < candidates; ++k) products_.col(k) = weights_.col(k) + own_ + smallest;
    gradient_ = (-0.5 - 0.5 * settings_.pairWeight * (candidates - 1)) * logWeights_ + 0.5 * products_.log();
    if (candidates == 1 || settings_.pairWeight == 0) return;
    products_.setOnes();
    for (int64_t i = 0; i < candidates; ++i) {
      for (int64_t j = 0, factors = 0; j < candidates; ++j) {
        if (j == i) continue;
        products_.col(i) *= weights_.col(i) + weights_.col(j);
        if (++factors % factorsAtOnce == 0) {
          gradient_.col(i) += 0.5 * settings_.pairWeight * (products_.col(i) + smallest).log();
          products_.col(i).setOnes();
        }
      }
    }
    gradient_ += 0.5 * settings_.pairWeight * (products_ + smallest).log();
  }

  // From the gradient by weights to that by logits.
  void throughSoftmax() {
    for (int64_t k = 0; k < weights_.cols(); ++k) gradient_.col(k) -= (weights_.col(k) * gradient_.col(k)).sum();
    gradient_ *= weights_;
  }

  void amsgrad(int step) {
    const double size = settings_.learningRate * std::sqrt(1 - std::pow(0.999, step)) / (1 - std::pow(0.9, step));
    mean_ = 0.9 * mean_ + 0.1 * gradient_;
    variance_ = 0.999 * variance_ + 0.001 * gradient_.square();
    maximum_ = maximum_.max(variance_);
    logits_ -= size * mean_ / (maximum_.sqrt() + 1e-8);
  }

  Decoder& decoder_;
  const ArrayXd& own_;
  const Settings& settings_;
  ArrayXXd logits_, weights_, logWeights_, gradient_, products_, mean_, variance_, maximum_;
};

struct Text {
  int64_t words, start, firstAnswer, answers;  // `start` words and `firstAnswer` answers are of the texts before
};

std::vector<Text> textsOf(const Input& lengths, const Input& counts, bool linear) {
  counts.expect("counts", {lengths.size()});
  std::vector<Text> texts;
  Text text{0, 0, 0, 0};
  for (int64_t i = 0; i < lengths.size(); ++i) {
    text = {lengths.ints()[i], text.start + text.words, text.firstAnswer + text.answers, counts.ints()[i]};
    if (text.words < 1) throw std::invalid_argument("a text needs at least one word");
    if (!linear && text.answers < 1) throw std::invalid_argument("a text needs at least one possible answer");
    texts.push_back(text);
  }
  return texts;
}

void search(TF_OpKernelContext* context) {
  const Input own(context, 0), starts(context, 1), lengths(context, 2), settings(context, 3), rows(context, 4),
      offsets(context, 5), counts(context, 6), answers(context, 7), biases(context, 8);
  if (lengths.size() == 0) throw std::invalid_argument("a search needs a text");
  settings.expect("settings", {5});
  const float* s = settings.floats();
  const Settings given{s[0], s[1], s[2], s[3], static_cast<int>(s[4])};
  const int64_t H = offsets.size() / lengths.size();
  const bool linear = H == 1 && answers.size() == 0;
  const std::vector<Text> texts = textsOf(lengths, counts, linear);
  const int64_t words = texts.back().start + texts.back().words, all = texts.back().firstAnswer + texts.back().answers,
                candidates = starts.size() / words;
  own.expect("own", {words});
  starts.expect("starts", {candidates * words});
  rows.expect("rows", {words * H});
  offsets.expect("offsets", {lengths.size() * H});
  answers.expect("answers", {all * H});
  biases.expect("biases", {all});
  float* found = output(context, 0, {starts.size()});
  std::atomic<size_t> next{0};
  inTwoThreads([&](int) {
    for (size_t i = next++; i < texts.size(); i = next++) {
      const Text& text = texts[i];
      const ArrayXd weights = readColumns(own.floats() + text.start, text.words, 1);
      const auto climb = [&](auto&& decoder) {
        const int64_t place = candidates * text.start;
        Search(decoder, weights, starts.floats() + place, candidates, given).run(found + place);
      };
      const float *ofText = rows.floats() + text.start * H, *offset = offsets.floats() + i * H;
      if (linear) {
        climb(LinearDecoder(ofText, weights, *offset));
      } else {
        climb(TanhDecoder(ofText, offset, answers.floats() + text.firstAnswer * H, biases.floats() + text.firstAnswer, H,
                          text.answers, weights, candidates));
      }
    }
  });
}

const bool registered = registerOp<search>(
    "AttentionAdversary",
    {"own: float", "starts: float", "lengths: int32", "settings: float", "rows: float", "offsets: float",
     "counts: int32", "answers: float", "biases: float"},
    {"found: float"});

}  // namespace
}  // namespace attention
