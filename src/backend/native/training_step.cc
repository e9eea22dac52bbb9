// One step of training of a BiLSTM with additive or dot attention and one logit, in one call: the vectors of the batch's
// words, encoder, attention, decoder, loss, all gradients, and the update by Adam with AMSGrad. The model in TypeScript
// defines what it computes.
//
//   ids      [P]   words of all texts, one text after another, each with start and end, which get no attention
//   lengths  [B]   how many of them each text has, three or more
//   labels   [B]   0 or 1
//   last     [R]   after which update each word vector stands as it is
//   sizes    [S]   step size of each update
//   settings [15 or 13]   step (from 1), beta1, beta2, epsilon, the L2 factor of each weight, how much a positive text
//                  counts in the loss
//
// Then value, mean, variance and maximum of each weight, in the order of `Name`: with dot attention the first eight. All
// are overwritten. The output is the loss, the binary cross-entropy summed over the texts.
//
// The texts are read longest first, so that those that reach a position are its first rows, and nothing is padded.

#include "amsgrad.h"
#include "lstm.h"

#include <array>
#include <cmath>
#include <memory>
#include <numeric>

namespace attention {
namespace {

enum Name { kVectors, kInput, kRecurrent, kInputBias, kRecurrentBias, kDecoder, kDecoderBias, kVector, kProjection, kBias, kNames };
constexpr int kGiven = 6;

struct Weight {
  AmsgradTables tables;
  AmsgradSettings settings;
  int64_t size;
  // Of either part; what has one gradient only has the first.
  Matrix gradients[2];

  ConstMatrixMap matrix(int64_t rows, int64_t columns) const { return {tables.value, rows, columns}; }
  ConstRow row() const { return {tables.value, size}; }
};

struct Batch {
  std::vector<int32_t> lengths, labels;
  std::vector<int32_t> words;  // distinct ids
  std::vector<int32_t> rows;   // which of `words` stands in each row of the layout
  Layout layout;

  int64_t size() const { return lengths.size(); }
};

// The texts of the inputs, longest first.
Batch readBatch(const Input& ids, const Input& lengths, const Input& labels, int64_t tokens) {
  labels.expect("labels", {lengths.dim(0)});
  std::vector<int64_t> order(lengths.size()), first;
  int64_t positions = 0;
  for (int64_t b = 0; b < lengths.size(); ++b) {
    if (lengths.ints()[b] < 3) throw std::invalid_argument("a text needs a word");
    first.push_back(positions);
    positions += lengths.ints()[b];
  }
  if (positions == 0) throw std::invalid_argument("a batch needs a text");
  ids.expect("ids", {positions});
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return lengths.ints()[a] > lengths.ints()[b]; });
  Batch batch;
  for (int64_t text : order) {
    batch.lengths.push_back(lengths.ints()[text]);
    batch.labels.push_back(labels.ints()[text]);
  }
  std::vector<int32_t> place(tokens, -1);
  int64_t active = batch.size();
  for (int64_t t = 0; t < batch.lengths[0]; ++t) {
    while (batch.lengths[active - 1] <= t) --active;
    batch.layout.start.push_back(batch.rows.size());
    batch.layout.active.push_back(active);
    for (int64_t b = 0; b < active; ++b) {
      const int32_t id = ids.ints()[first[order[b]] + t];
      if (id < 0 || id >= tokens) throw std::invalid_argument("ids names a word without a vector");
      if (place[id] < 0) {
        place[id] = batch.words.size();
        batch.words.push_back(id);
      }
      batch.rows.push_back(place[id]);
    }
  }
  batch.layout.lengths = batch.lengths.data();
  batch.layout.rows = positions;
  return batch;
}

float softplus(float x) { return std::max(x, 0.0f) + std::log1p(std::exp(-std::fabs(x))); }

class TrainingStep {
 public:
  TrainingStep(const Batch& batch, std::vector<Weight>& weights, int32_t* last, const float* sizes, int64_t step,
               float weightOfPositives)
      : batch_(batch), w_(weights), last_(last), sizes_(sizes), step_(step), weightOfPositives_(weightOfPositives),
        H_(weights[kDecoder].size / 2), E_(weights[kInput].size / (8 * H_)), W_(batch.words.size()), N_(batch.layout.rows),
        embedded_(W_, E_), projected_(W_, 8 * H_), hidden_(N_, 2 * H_), gates_(2 * N_, 4 * H_), cells_(2 * N_, H_),
        hiddenGradient_(N_, 2 * H_), projectedGradient_(W_, 8 * H_), scores_(N_), scoreGradient_(N_),
        lstm_{batch.layout, H_, batch.rows.data(), projected_.data(), weights[kRecurrent].tables.value, hidden_.data(), gates_.data(), cells_.data()} {
    if (isAdditive()) features_.resize(N_, H_);
  }

  float run() {
    eachPart(&TrainingStep::gather);
    eachPart(&TrainingStep::encode);
    eachPart(&TrainingStep::score);
    allocateGradients();
    eachPart(&TrainingStep::decode);
    eachPart(&TrainingStep::scoreBackward);
    eachPart(&TrainingStep::encodeBackward);
    w_[kRecurrentBias].gradients[0] = w_[kInputBias].gradients[0];
    eachPart(&TrainingStep::update);
    return losses_[0] + losses_[1];
  }

 private:
  bool isAdditive() const { return w_.size() == kNames; }
  float scale() const { return 1.0f / std::sqrt(static_cast<float>(2 * H_)); }

  void eachPart(void (TrainingStep::*phase)(int)) {
    inTwoThreads([&](int part) { (this->*phase)(part); });
  }

  // Rows of a part, of those between `first` and `count`.
  static std::pair<int64_t, int64_t> half(int part, int64_t count, int64_t first = 0) {
    const int64_t middle = first + (count - first) / 2;
    return part == 0 ? std::make_pair(first, middle) : std::make_pair(middle, count);
  }

  // Nothing falls on the starts of the texts, which are the first rows.
  std::pair<int64_t, int64_t> attended(int part) const { return half(part, N_, batch_.size()); }

  void gather(int part) {
    const auto [from, to] = half(part, W_);
    for (int64_t i = from; i < to; ++i) {
      const int64_t id = batch_.words[i];
      advance(w_[kVectors].tables, id * E_, E_, w_[kVectors].settings, sizes_ + last_[id], step_ - 1 - last_[id], nullptr);
      std::memcpy(embedded_.data() + i * E_, w_[kVectors].tables.value + id * E_, E_ * sizeof(float));
    }
  }

  // Of a direction: its columns of what is made per word.
  Strided ofDirection(Matrix& perWord, int direction) const {
    return {perWord.data() + direction * 4 * H_, perWord.rows(), 4 * H_, Eigen::OuterStride<>(8 * H_)};
  }
  ConstStrided inputWeights(int direction) const {
    return {w_[kInput].tables.value + direction * 4 * H_, E_, 4 * H_, Eigen::OuterStride<>(8 * H_)};
  }

  void encode(int direction) {
    Strided projected = ofDirection(projected_, direction);
    multiply(projected, embedded_, inputWeights(direction));
    projected.rowwise() += w_[kInputBias].matrix(2, 4 * H_).row(direction) + w_[kRecurrentBias].matrix(2, 4 * H_).row(direction);
    bilstmForward(lstm_, direction);
  }

  void score(int part) {
    const auto [from, to] = attended(part);
    const auto states = hidden_.middleRows(from, to - from);
    const ConstRow vector = w_[kVector].row();
    if (!isAdditive()) {
      for (int64_t row = from; row < to; ++row) {
        scores_[row] = (ConstRow(hidden_.data() + row * 2 * H_, 2 * H_) * vector).sum() * scale();
      }
      return;
    }
    multiply(features_.middleRows(from, to - from), states, w_[kProjection].matrix(2 * H_, H_));
    const ConstRow bias = w_[kBias].row();
    for (int64_t row = from; row < to; ++row) {
      Row features(features_.data() + row * H_, H_);
      features = (features + bias).tanh();
      scores_[row] = (features * vector).sum();
    }
  }

  void allocateGradients() {
    for (int name = kInput; name < static_cast<int>(w_.size()); ++name) {
      const bool byPart = name >= kDecoder;
      const int64_t rows = name == kInput ? E_ : name == kRecurrent || name == kProjection ? 2 * H_ : 1;
      for (int part = 0; part < (byPart ? 2 : 1); ++part) w_[name].gradients[part].setZero(rows, w_[name].size / rows);
    }
  }

  // Softmax of the scores, decoder and loss of every second text, and their gradients.
  void decode(int part) {
    for (int64_t b = part; b < batch_.size(); b += 2) losses_[part] += decodeText(part, b);
  }

  float decodeText(int part, int64_t b) {
    const std::vector<int64_t>& start = batch_.layout.start;
    const int64_t words = batch_.lengths[b] - 2, S = 2 * H_;
    const auto state = [&](int64_t word) { return ConstRow(hidden_.data() + (start[word + 1] + b) * S, S); };
    const ConstRow decoder = w_[kDecoder].row();
    Eigen::ArrayXf attention(words), outputs(words);
    for (int64_t word = 0; word < words; ++word) attention[word] = scores_[start[word + 1] + b];
    attention = (attention - attention.maxCoeff()).exp();
    attention /= attention.sum();
    Eigen::Array<float, 1, Eigen::Dynamic> context = Eigen::Array<float, 1, Eigen::Dynamic>::Zero(S);
    for (int64_t word = 0; word < words; ++word) context += attention[word] * state(word);
    const float logit = (context * decoder).sum() + w_[kDecoderBias].row()[0];
    const bool isPositive = batch_.labels[b] == 1;
    const float probability = 1.0f / (1.0f + std::exp(-logit));
    const float logitGradient = isPositive ? weightOfPositives_ * (probability - 1.0f) : probability;
    Row(w_[kDecoder].gradients[part].data(), S) += logitGradient * context;
    w_[kDecoderBias].gradients[part](0, 0) += logitGradient;
    for (int64_t word = 0; word < words; ++word) outputs[word] = logitGradient * (state(word) * decoder).sum();
    const float mean = (attention * outputs).sum();
    for (int64_t t = 0; t < words + 2; ++t) {
      const int64_t row = start[t] + b;
      const bool isWord = t > 0 && t <= words;
      const float weight = isWord ? attention[t - 1] : 0.0f;
      scoreGradient_[row] = isWord ? weight * (outputs[t - 1] - mean) : 0.0f;
      Row(hiddenGradient_.data() + row * S, S) = weight * logitGradient * decoder;
    }
    return isPositive ? weightOfPositives_ * softplus(-logit) : softplus(logit);
  }

  void scoreBackward(int part) {
    const auto [from, to] = attended(part);
    const ConstRow vector = w_[kVector].row();
    Row vectorGradient(w_[kVector].gradients[part].data(), vector.size());
    if (!isAdditive()) {
      for (int64_t row = from; row < to; ++row) {
        const float gradient = scale() * scoreGradient_[row];
        vectorGradient += gradient * ConstRow(hidden_.data() + row * 2 * H_, 2 * H_);
        Row(hiddenGradient_.data() + row * 2 * H_, 2 * H_) += gradient * vector;
      }
      return;
    }
    Row biasGradient(w_[kBias].gradients[part].data(), H_);
    for (int64_t row = from; row < to; ++row) {
      Row features(features_.data() + row * H_, H_);
      vectorGradient += scoreGradient_[row] * features;
      features = scoreGradient_[row] * vector * (1.0f - features * features);
      biasGradient += features;
    }
    const auto features = features_.middleRows(from, to - from);
    multiplyTransposed(w_[kProjection].gradients[part], hidden_.middleRows(from, to - from), features);
    addProductWithTransposed(hiddenGradient_.middleRows(from, to - from), features, w_[kProjection].matrix(2 * H_, H_));
  }

  void encodeBackward(int direction) {
    Strided gradient = ofDirection(projectedGradient_, direction);
    gradient.setZero();
    bilstmBackward(lstm_, direction, hiddenGradient_.data(), projectedGradient_.data(), w_[kRecurrent].gradients[0].data());
    multiplyTransposed(ofDirection(w_[kInput].gradients[0], direction), embedded_, gradient);
    w_[kInputBias].gradients[0].middleCols(direction * 4 * H_, 4 * H_) = gradient.colwise().sum();
    w_[kVectors].gradients[direction].setZero(W_, E_);
    addProductWithTransposed(w_[kVectors].gradients[direction], gradient, inputWeights(direction));
  }

  void update(int part) {
    const float* size = sizes_ + step_ - 1;
    const auto [from, to] = half(part, W_);
    Matrix* vectors = w_[kVectors].gradients;
    for (int64_t i = from; i < to; ++i) {
      const int64_t id = batch_.words[i];
      vectors[0].row(i) += vectors[1].row(i);
      advance(w_[kVectors].tables, id * E_, E_, w_[kVectors].settings, size, 0, vectors[0].data() + i * E_);
      last_[id] = static_cast<int32_t>(step_);
    }
    for (size_t name = kInput; name < w_.size(); ++name) {
      Weight& weight = w_[name];
      const auto [begin, end] = half(part, weight.size);
      float* gradient = weight.gradients[0].data() + begin;
      if (weight.gradients[1].size() > 0) Row(gradient, end - begin) += ConstRow(weight.gradients[1].data() + begin, end - begin);
      advance(weight.tables, begin, end - begin, weight.settings, size, 0, gradient);
    }
  }

  const Batch& batch_;
  std::vector<Weight>& w_;
  int32_t* const last_;
  const float* const sizes_;
  const int64_t step_;
  const float weightOfPositives_;
  const int64_t H_, E_, W_, N_;  // units of a direction, numbers of a word vector, distinct words, positions
  Matrix embedded_, projected_, hidden_, gates_, cells_, features_, hiddenGradient_, projectedGradient_;
  Eigen::ArrayXf scores_, scoreGradient_;
  const Bilstm lstm_;
  float losses_[2] = {0, 0};
};

// Throws unless the weights are those of one model.
void checkWeights(const std::vector<std::unique_ptr<Input>>& inputs, int names) {
  const auto value = [&](int name) -> const Input& { return *inputs[kGiven + 4 * name]; };
  const int64_t tokens = value(kVectors).dim(0), E = value(kVectors).dim(1), H = value(kRecurrent).dim(1);
  const std::array<int64_t, kNames> sizes{tokens * E, 8 * E * H, 8 * H * H, 8 * H, 8 * H, 2 * H, 1, names == kNames ? H : 2 * H, 2 * H * H, H};
  for (int name = 0; name < names; ++name) {
    for (int table = 0; table < 4; ++table) inputs[kGiven + 4 * name + table]->expectSize("a weight", sizes[name]);
  }
  inputs[3]->expect("last", {tokens});
  inputs[5]->expect("settings", {names + 5});
}

template <int names>
void compute(TF_OpKernelContext* context) {
  std::vector<std::unique_ptr<Input>> inputs;
  for (int index = 0; index < kGiven + 4 * names; ++index) inputs.push_back(std::make_unique<Input>(context, index));
  checkWeights(inputs, names);
  const float* s = inputs[5]->floats();
  const int64_t step = static_cast<int64_t>(s[0]);
  if (step < 1 || step > inputs[4]->size()) throw std::invalid_argument("sizes has no size for this step");
  std::vector<Weight> weights(names);
  for (int name = 0; name < names; ++name) {
    const auto table = [&](int index) { return inputs[kGiven + 4 * name + index]->floats(); };
    weights[name].tables = {table(0), table(1), table(2), table(3)};
    weights[name].settings = {s[1], s[2], s[3], s[4 + name]};
    weights[name].size = inputs[kGiven + 4 * name]->size();
  }
  const Batch batch = readBatch(*inputs[0], *inputs[1], *inputs[2], inputs[kGiven]->dim(0));
  for (int32_t id : batch.words) {
    if (inputs[3]->ints()[id] < 0 || inputs[3]->ints()[id] >= step) throw std::invalid_argument("last names an update to come");
  }
  float* loss = output(context, 0, {1});
  loss[0] = TrainingStep(batch, weights, inputs[3]->ints(), inputs[4]->floats(), step, s[4 + names]).run();
}

template <int names>
bool registerStep(const char* op) {
  std::vector<std::string> inputs{"ids: int32", "lengths: int32", "labels: int32", "last: int32", "sizes: float", "settings: float"};
  for (int table = 0; table < 4 * names; ++table) inputs.push_back("table" + std::to_string(table) + ": float");
  return registerOp<compute<names>>(op, inputs, {"loss: float"});
}

const bool registered =
    registerStep<kNames>("AttentionTrainingStepAdditive") && registerStep<kProjection>("AttentionTrainingStepDot");

}  // namespace
}  // namespace attention
