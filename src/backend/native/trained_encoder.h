// What one step of training does with the texts of a batch, or with their questions: the vectors of their words, the encoder
// that reads them, the gradients of both, and the update of the vectors.
//
// Every encoder begins with the product of word vectors and weights, of each distinct word. Of its columns each of two
// threads takes a part: a direction of the BiLSTM, some of the kernels of the CNN, half of the average's.
//
// The texts are read longest first, so that those that reach a position are its first rows, and nothing is padded.
#pragma once

#include <memory>
#include <numeric>
#include <utility>

#include "amsgrad.h"
#include "convolution.h"

namespace attention {

struct Weight {
  AmsgradTables tables{};
  AmsgradSettings settings{};
  int64_t size = 0;  // none where the model lacks it
  // Of either part; what has one gradient only has the first.
  Matrix gradients[2];

  ConstMatrixMap matrix(int64_t rows) const { return {tables.value, rows, size / rows}; }
  ConstRow row() const { return {tables.value, size}; }
};

// The weights of an encoder, in this order. The BiLSTM has all, the others no recurrent ones.
enum EncoderWeight { kVectors, kInput, kRecurrent, kInputBias, kRecurrentBias, kEncoderWeights };

// Which updates there are: the step from 1, the sizes of all of them, and after which one each word vector stands as it is.
struct Updates {
  int64_t step;
  const float* sizes;
  int32_t* last;
  int64_t words;  // that have a vector
};

// Rows of a part, of those between `first` and `count`.
inline std::pair<int64_t, int64_t> half(int part, int64_t count, int64_t first = 0) {
  const int64_t middle = first + (count - first) / 2;
  return part == 0 ? std::make_pair(first, middle) : std::make_pair(middle, count);
}

struct Texts {
  std::vector<int64_t> order;    // which text comes where, longest first
  std::vector<int32_t> lengths;
  std::vector<int32_t> words;    // distinct ids
  std::vector<int32_t> wordOf;   // which of `words` stands in each row of the layout
  std::vector<int32_t> textOf;   // whose row it is
  Layout layout;

  int64_t size() const { return lengths.size(); }
};

// From ids of all texts, one text after another, each with start and end, and how many of them each text has.
inline Texts readTexts(const Input& ids, const Input& lengths, const Updates& updates) {
  Texts texts;
  texts.order.resize(lengths.size());
  std::vector<int64_t> first;
  int64_t positions = 0;
  for (int64_t b = 0; b < lengths.size(); ++b) {
    if (lengths.ints()[b] < 3) throw std::invalid_argument("a text needs a word");
    first.push_back(positions);
    positions += lengths.ints()[b];
  }
  if (positions == 0) throw std::invalid_argument("a batch needs a text");
  ids.expect("ids", {positions});
  std::iota(texts.order.begin(), texts.order.end(), 0);
  std::stable_sort(texts.order.begin(), texts.order.end(),
                   [&](int64_t a, int64_t b) { return lengths.ints()[a] > lengths.ints()[b]; });
  for (int64_t text : texts.order) texts.lengths.push_back(lengths.ints()[text]);
  std::vector<int32_t> place(updates.words, -1);
  int64_t active = texts.size();
  for (int64_t t = 0; t < texts.lengths[0]; ++t) {
    while (texts.lengths[active - 1] <= t) --active;
    texts.layout.start.push_back(texts.wordOf.size());
    texts.layout.active.push_back(active);
    for (int64_t b = 0; b < active; ++b) {
      const int32_t id = ids.ints()[first[texts.order[b]] + t];
      if (id < 0 || id >= updates.words) throw std::invalid_argument("ids names a word without a vector");
      if (place[id] < 0) {
        if (updates.last[id] < 0 || updates.last[id] >= updates.step) throw std::invalid_argument("last names an update to come");
        place[id] = texts.words.size();
        texts.words.push_back(id);
      }
      texts.wordOf.push_back(place[id]);
      texts.textOf.push_back(b);
    }
  }
  texts.layout.lengths = texts.lengths.data();
  texts.layout.rows = positions;
  return texts;
}

class TrainedEncoder {
 public:
  // `weights` are its own by `EncoderWeight`; `widths` those of a CNN's kernels, else empty; `isRelu` is of the average.
  TrainedEncoder(const Texts& texts, Weight* weights, int64_t stateSize, const Input& widths, bool isRelu,
                 const Updates& updates)
      : texts(texts), hidden(texts.layout.rows, stateSize), hiddenGradient(texts.layout.rows, stateSize), w_(weights),
        updates_(updates), isRelu_(isRelu), S_(stateSize), W_(texts.words.size()),
        E_(weights[kVectors].size / updates.words), P_(weights[kInput].size / E_), embedded_(W_, E_), projected_(W_, P_),
        projectedGradient_(W_, P_) {
    if (widths.size() > 0) {
      convolution_ = std::make_unique<Convolution>(widths.ints(), widths.size(), P_);
    } else if (isBilstm()) {
      gates_.resize(2 * texts.layout.rows, P_ / 2);
      cells_.resize(2 * texts.layout.rows, S_ / 2);
      w_[kRecurrent].gradients[0].resize(S_, P_ / 2);
    }
    if (convolution_ ? convolution_->stateSize != S_ : P_ != (isBilstm() ? 4 * S_ : S_)) {
      throw std::invalid_argument("an encoder's weights do not fit");
    }
    w_[kInput].gradients[0].resize(E_, P_);
    for (int name : {kInputBias, kRecurrentBias}) w_[name].gradients[0].setZero(1, w_[name].size);
  }
  TrainedEncoder(const TrainedEncoder&) = delete;

  void gather(int part) {
    const auto [from, to] = half(part, W_);
    for (int64_t i = from; i < to; ++i) {
      const int64_t id = texts.words[i], last = updates_.last[id], missed = updates_.step - 1 - last;
      advance(w_[kVectors].tables, id * E_, E_, w_[kVectors].settings, updates_.sizes + last, missed, nullptr);
      std::memcpy(embedded_.data() + i * E_, w_[kVectors].tables.value + id * E_, E_ * sizeof(float));
    }
  }

  void encode(int part) {
    Strided projected = ofPart(projected_, part);
    multiply(projected, embedded_, inputWeights(part));
    if (convolution_) {
      convolution_->forward(part, Half::kOfKernels, convolved());
    } else if (isBilstm()) {
      projected.rowwise() += biasOf(kInputBias, part) + biasOf(kRecurrentBias, part);
      bilstmForward(lstm(), part);
    } else {
      projected.rowwise() += biasOf(kInputBias, part);
      if (isRelu_) projected = projected.cwiseMax(0.0f);
      else projected = projected.array().tanh();
      Strided states = ofPart(hidden, part);
      for (int64_t row = 0; row < states.rows(); ++row) states.row(row) = projected.row(texts.wordOf[row]);
    }
  }

  void encodeBackward(int part) {
    Strided gradient = ofPart(projectedGradient_, part);
    gradient.setZero();
    if (convolution_) {
      convolution_->backward(part, convolved(), hiddenGradient.data(), projectedGradient_.data(),
                             w_[kInputBias].gradients[0].data());
    } else if (isBilstm()) {
      bilstmBackward(lstm(), part, hiddenGradient.data(), projectedGradient_.data(), w_[kRecurrent].gradients[0].data());
    } else {
      const Strided states = ofPart(hiddenGradient, part);
      for (int64_t row = 0; row < states.rows(); ++row) gradient.row(texts.wordOf[row]) += states.row(row);
      const auto ofWords = ofPart(projected_, part).array();
      if (isRelu_) gradient.array() *= (ofWords > 0.0f).cast<float>();
      else gradient.array() *= 1.0f - ofWords.square();
    }
    multiplyTransposed(ofPart(w_[kInput].gradients[0], part), embedded_, gradient);
    for (int name = kInputBias; !convolution_ && name <= kRecurrentBias && w_[name].size > 0; ++name) {
      const auto [from, count] = columns(part);
      w_[name].gradients[0].middleCols(from, count) = gradient.colwise().sum();
    }
    w_[kVectors].gradients[part].setZero(W_, E_);
    addProductWithTransposed(w_[kVectors].gradients[part], gradient, inputWeights(part));
  }

  void updateVectors(int part) {
    const auto [from, to] = half(part, W_);
    const float* size = updates_.sizes + updates_.step - 1;
    Matrix* gradients = w_[kVectors].gradients;
    for (int64_t i = from; i < to; ++i) {
      const int64_t id = texts.words[i];
      gradients[0].row(i) += gradients[1].row(i);
      advance(w_[kVectors].tables, id * E_, E_, w_[kVectors].settings, size, 0, gradients[0].data() + i * E_);
      updates_.last[id] = static_cast<int32_t>(updates_.step);
    }
  }

  // One vector for a whole text: the last state of each direction, the largest value of each filter, or the mean.
  void summarize(int64_t b, Row summary) const {
    if (isBilstm()) {
      summary << state(texts.layout.length(b) - 1, b).head(S_ / 2), state(0, b).tail(S_ / 2);
      return;
    }
    summary.setZero();
    for (int64_t t = 0; t < texts.layout.length(b); ++t) {
      if (convolution_) summary = summary.max(state(t, b));
      else summary += state(t, b);
    }
    if (!convolution_) summary /= static_cast<float>(texts.layout.length(b));
  }

  // The gradients of a text's states from that of its summary; equal largest values share it.
  void summarizeBackward(int64_t b, const ConstRow& summary, const ConstRow& gradient) {
    const int64_t length = texts.layout.length(b);
    const auto stateGradient = [&](int64_t t) {
      return Row(hiddenGradient.data() + (texts.layout.start[t] + b) * S_, S_);
    };
    Eigen::Array<float, 1, Eigen::Dynamic> count = Eigen::Array<float, 1, Eigen::Dynamic>::Zero(S_);
    for (int64_t t = 0; t < length; ++t) count += (state(t, b) == summary).cast<float>();
    for (int64_t t = 0; t < length; ++t) {
      if (isBilstm()) stateGradient(t).setZero();
      else if (convolution_) stateGradient(t) = (state(t, b) == summary).select(gradient / count, 0.0f);
      else stateGradient(t) = gradient / static_cast<float>(length);
    }
    if (!isBilstm()) return;
    stateGradient(length - 1).head(S_ / 2) = gradient.head(S_ / 2);
    stateGradient(0).tail(S_ / 2) = gradient.tail(S_ / 2);
  }

  const Texts& texts;
  Matrix hidden, hiddenGradient;  // [rows, state]

 private:
  bool isBilstm() const { return w_[kRecurrent].size > 0; }
  Bilstm lstm() {
    return {texts.layout,  S_ / 2,        texts.wordOf.data(), projected_.data(), w_[kRecurrent].tables.value,
            hidden.data(), gates_.data(), cells_.data()};
  }
  Convolved convolved() {
    return {texts.layout, texts.wordOf.data(), projected_.data(), w_[kInputBias].tables.value, hidden.data()};
  }
  ConstRow state(int64_t t, int64_t b) const { return {hidden.data() + (texts.layout.start[t] + b) * S_, S_}; }

  // The first column of a part, and how many there are.
  std::pair<int64_t, int64_t> columns(int part) const {
    if (convolution_) return convolution_->columnsOf(part);
    return {part == 0 ? 0 : P_ / 2, part == 0 ? P_ / 2 : P_ - P_ / 2};
  }
  Strided ofPart(Matrix& all, int part) const {
    const auto [from, count] = columns(part);
    return {all.data() + from, all.rows(), count, Eigen::OuterStride<>(all.cols())};
  }
  ConstStrided inputWeights(int part) const {
    const auto [from, count] = columns(part);
    return {w_[kInput].tables.value + from, E_, count, Eigen::OuterStride<>(P_)};
  }
  Eigen::Map<const Eigen::RowVectorXf> biasOf(int name, int part) const {
    const auto [from, count] = columns(part);
    return {w_[name].tables.value + from, count};
  }

  Weight* const w_;
  const Updates updates_;
  const bool isRelu_;
  const int64_t S_, W_, E_, P_;  // numbers of a state, distinct words, numbers of a word vector, columns of the product
  Matrix embedded_, projected_, projectedGradient_;
  std::unique_ptr<Convolution> convolution_;  // of a CNN alone
  Matrix gates_, cells_;                      // of a BiLSTM alone
};

}  // namespace attention
