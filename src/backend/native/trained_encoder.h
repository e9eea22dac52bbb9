// What one step of training does with the texts of a batch, or with their questions: the vectors of their words, the BiLSTM
// that reads them, the gradients of both, and the update of the vectors.
//
// The texts are read longest first, so that those that reach a position are its first rows, and nothing is padded.
#pragma once

#include <memory>
#include <numeric>
#include <utility>

#include "amsgrad.h"
#include "lstm.h"

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

// The weights of an encoder, in this order.
enum EncoderWeight { kVectors, kInput, kRecurrent, kInputBias, kRecurrentBias, kEncoderWeights };

// Which updates there are: the step from 1, the sizes of all of them, and after which one each word vector stands as it is.
struct Updates {
  int64_t step;
  const float* sizes;
  int32_t* last;
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
inline Texts readTexts(const Input& ids, const Input& lengths, const Input& last, int64_t step) {
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
  std::vector<int32_t> place(last.size(), -1);
  int64_t active = texts.size();
  for (int64_t t = 0; t < texts.lengths[0]; ++t) {
    while (texts.lengths[active - 1] <= t) --active;
    texts.layout.start.push_back(texts.wordOf.size());
    texts.layout.active.push_back(active);
    for (int64_t b = 0; b < active; ++b) {
      const int32_t id = ids.ints()[first[texts.order[b]] + t];
      if (id < 0 || id >= last.size()) throw std::invalid_argument("ids names a word without a vector");
      if (place[id] < 0) {
        if (last.ints()[id] < 0 || last.ints()[id] >= step) throw std::invalid_argument("last names an update to come");
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
  TrainedEncoder(const Texts& texts, Weight* weights, int64_t hiddenSize, const Updates& updates)
      : texts(texts), hidden(texts.layout.rows, 2 * hiddenSize), hiddenGradient(texts.layout.rows, 2 * hiddenSize),
        w_(weights), updates_(updates), H_(hiddenSize), E_(weights[kInput].size / (8 * H_)), W_(texts.words.size()),
        embedded_(W_, E_), projected_(W_, 8 * H_), gates_(2 * texts.layout.rows, 4 * H_), cells_(2 * texts.layout.rows, H_),
        projectedGradient_(W_, 8 * H_),
        lstm_{texts.layout, H_, texts.wordOf.data(), projected_.data(), weights[kRecurrent].tables.value, hidden.data(), gates_.data(), cells_.data()} {
    w_[kInput].gradients[0].resize(E_, 8 * H_);
    w_[kRecurrent].gradients[0].resize(2 * H_, 4 * H_);
    for (int name : {kInputBias, kRecurrentBias}) w_[name].gradients[0].resize(1, 8 * H_);
  }
  TrainedEncoder(const TrainedEncoder&) = delete;

  void gather(int part) {
    const auto [from, to] = half(part, W_);
    for (int64_t i = from; i < to; ++i) {
      const int64_t id = texts.words[i], last = updates_.last[id];
      advance(w_[kVectors].tables, id * E_, E_, w_[kVectors].settings, updates_.sizes + last, updates_.step - 1 - last, nullptr);
      std::memcpy(embedded_.data() + i * E_, w_[kVectors].tables.value + id * E_, E_ * sizeof(float));
    }
  }

  void encode(int direction) {
    Strided projected = ofDirection(projected_, direction);
    multiply(projected, embedded_, inputWeights(direction));
    projected.rowwise() += w_[kInputBias].matrix(2).row(direction) + w_[kRecurrentBias].matrix(2).row(direction);
    bilstmForward(lstm_, direction);
  }

  void encodeBackward(int direction) {
    Strided gradient = ofDirection(projectedGradient_, direction);
    gradient.setZero();
    bilstmBackward(lstm_, direction, hiddenGradient.data(), projectedGradient_.data(), w_[kRecurrent].gradients[0].data());
    multiplyTransposed(ofDirection(w_[kInput].gradients[0], direction), embedded_, gradient);
    for (int name : {kInputBias, kRecurrentBias}) w_[name].gradients[0].middleCols(direction * 4 * H_, 4 * H_) = gradient.colwise().sum();
    w_[kVectors].gradients[direction].setZero(W_, E_);
    addProductWithTransposed(w_[kVectors].gradients[direction], gradient, inputWeights(direction));
  }

  void updateVectors(int part) {
    const auto [from, to] = half(part, W_);
    Matrix* gradients = w_[kVectors].gradients;
    for (int64_t i = from; i < to; ++i) {
      const int64_t id = texts.words[i];
      gradients[0].row(i) += gradients[1].row(i);
      advance(w_[kVectors].tables, id * E_, E_, w_[kVectors].settings, updates_.sizes + updates_.step - 1, 0, gradients[0].data() + i * E_);
      updates_.last[id] = static_cast<int32_t>(updates_.step);
    }
  }

  const Texts& texts;
  Matrix hidden, hiddenGradient;  // [rows, 2H]

 private:
  // Of a direction: its columns of what is made per word.
  Strided ofDirection(Matrix& perWord, int direction) const {
    return {perWord.data() + direction * 4 * H_, perWord.rows(), 4 * H_, Eigen::OuterStride<>(8 * H_)};
  }
  ConstStrided inputWeights(int direction) const {
    return {w_[kInput].tables.value + direction * 4 * H_, E_, 4 * H_, Eigen::OuterStride<>(8 * H_)};
  }

  Weight* const w_;
  const Updates updates_;
  const int64_t H_, E_, W_;  // units of a direction, numbers of a word vector, distinct words
  Matrix embedded_, projected_, gates_, cells_, projectedGradient_;
  const Bilstm lstm_;
};

}  // namespace attention
