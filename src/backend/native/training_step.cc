// One step of training of a model with softmax over additive, dot or uniform scores, in one call: the vectors of the batch's
// words, encoder, attention, decoder, loss, all gradients, and the update by Adam with AMSGrad. The model in TypeScript
// defines what it computes.
//
//   ids      [P]   words of all texts, one text after another, each with start and end, which get no attention
//   lengths  [B]   how many of them each text has, three or more
//   labels   [B]
//   question_ids, question_lengths, impossible [B, C]: of a model that reads a question; what is added to logits
//   widths   [K]   of the kernels of a CNN
//   kind     [3]   1 for each that is so: scores are a dot product; ReLU instead of tanh in the average; a question is read
//   sizes    [S]   step size of each update
//   settings [5 + weights]   step (from 1), beta1, beta2, epsilon, how much a positive text counts in the loss, the L2
//                  factor of each weight
//
// Then five inputs for each weight in the order of `Name`: after which update each row stands as it is, of word vectors
// alone; and value, mean, variance and maximum, which are overwritten. What there is not is empty. The output is the loss
// summed over the texts: of one logit binary cross-entropy, whose gradient is that of the sum, and of more cross-entropy,
// whose gradient is that of its mean.

#include <cmath>

#include "trained_encoder.h"

namespace attention {
namespace {

enum Name {
  kEncoder,  // five, of the texts
  kDecoder = kEncoderWeights, kDecoderBias, kVector, kProjection, kBias,
  // Of a model that reads a question.
  kQuestionProjection, kQuestionBias, kQuestionEncoder,  // five
  kContext = kQuestionEncoder + kEncoderWeights, kContextBias, kQuestion, kQuestionOffset, kNames
};

float softplus(float x) { return std::max(x, 0.0f) + std::log1p(std::exp(-std::fabs(x))); }

// What is given of a batch beside its words.
struct Given {
  const int32_t* labels;
  const float* impossible;  // [B, C], or null
  bool isDot;
  float weightOfPositives;
};

class TrainingStep {
 public:
  // `questions` is null without; the weights are those of the model, by `Name`.
  TrainingStep(TrainedEncoder& texts, TrainedEncoder* questions, std::vector<Weight>& weights, const Given& given)
      : texts_(texts), questions_(questions), w_(weights), given_(given), B_(texts.texts.size()),
        S_(texts.hidden.cols()), D_(S_ / 2), C_(weights[kDecoderBias].size), contexts_(B_, S_), scores_(texts.hidden.rows()),
        scoreGradient_(texts.hidden.rows()) {
    scores_.setZero();
    if (isAdditive()) features_.resize(texts.hidden.rows(), D_);
    if (questions) {
      summaries_.resize(B_, S_);
      queries_.resize(B_, isAdditive() ? D_ : S_);
      questionAt_.resize(B_);
      std::vector<int64_t> place(B_);
      for (int64_t q = 0; q < B_; ++q) place[questions->texts.order[q]] = q;
      for (int64_t b = 0; b < B_; ++b) questionAt_[b] = place[texts.texts.order[b]];
    }
  }

  float run(const Updates& updates) {
    eachEncoder(&TrainedEncoder::gather);
    eachEncoder(&TrainedEncoder::encode);
    allocateGradients();
    if (questions_) eachPart(&TrainingStep::summarize);
    if (isAdditive() || given_.isDot) eachPart(&TrainingStep::score);
    eachPart(&TrainingStep::attend);
    eachPart(C_ == 1 ? &TrainingStep::decodeOne : &TrainingStep::decodeClasses);
    if (isAdditive() || given_.isDot) eachPart(&TrainingStep::scoreBackward);
    if (questions_) eachPart(&TrainingStep::summarizeBackward);
    eachEncoder(&TrainedEncoder::encodeBackward);
    eachEncoder(&TrainedEncoder::updateVectors);
    inTwoThreads([&](int part) { update(part, updates.sizes + updates.step - 1); });
    return losses_[0] + losses_[1];
  }

 private:
  bool isAdditive() const { return w_[kProjection].size > 0; }
  float scale() const { return 1.0f / std::sqrt(static_cast<float>(S_)); }

  void eachPart(void (TrainingStep::*phase)(int)) {
    inTwoThreads([&](int part) { (this->*phase)(part); });
  }
  void eachEncoder(void (TrainedEncoder::*phase)(int)) {
    inTwoThreads([&](int part) {
      (texts_.*phase)(part);
      if (questions_) (questions_->*phase)(part);
    });
  }

  // Nothing falls on the starts of the texts, which are the first rows.
  std::pair<int64_t, int64_t> attended(int part) const { return half(part, texts_.hidden.rows(), B_); }
  int64_t textOf(int64_t row) const { return texts_.texts.textOf[row]; }
  int64_t rowOf(int64_t b, int64_t word) const { return texts_.texts.layout.start[word + 1] + b; }
  int64_t wordsOf(int64_t b) const { return texts_.texts.lengths[b] - 2; }
  ConstRow state(int64_t row) const { return {texts_.hidden.data() + row * S_, S_}; }
  Row stateGradient(int64_t row) { return {texts_.hiddenGradient.data() + row * S_, S_}; }
  // What is the same for all words of a text: of additive scores added to the features, of dot scores multiplied.
  ConstRow query(int64_t b) const {
    if (questions_) return {queries_.data() + b * queries_.cols(), queries_.cols()};
    return w_[isAdditive() ? kBias : kVector].row();
  }

  // Of a weight behind the encoders.
  int64_t rowsOf(int name) const {
    if (name == kDecoder) return C_ == 1 ? 1 : w_[name].size / C_;
    return name == kProjection || name == kQuestionProjection || name == kContext || name == kQuestion ? S_ : 1;
  }
  static bool isOfEncoder(int name) { return name < kDecoder || (name >= kQuestionEncoder && name < kContext); }
  Row gradientRow(int name, int part) { return {w_[name].gradients[part].data(), w_[name].size}; }

  void allocateGradients() {
    for (int name = kDecoder; name < kNames; ++name) {
      if (isOfEncoder(name) || w_[name].size == 0) continue;
      for (Matrix& gradient : w_[name].gradients) gradient.setZero(rowsOf(name), w_[name].size / rowsOf(name));
    }
    if (!questions_) return;
    summaryGradient_.setZero(B_, S_);
    for (Matrix& gradient : queryGradients_) gradient.setZero(B_, queries_.cols());
  }

  void summarize(int part) {
    const auto [from, to] = half(part, B_);
    for (int64_t b = from; b < to; ++b) questions_->summarize(questionAt_[b], Row(summaries_.data() + b * S_, S_));
    auto queries = queries_.middleRows(from, to - from);
    if (!isAdditive()) {
      queries = summaries_.middleRows(from, to - from);
      return;
    }
    multiply(queries, summaries_.middleRows(from, to - from), w_[kQuestionProjection].matrix(S_));
    queries.rowwise() += w_[kBias].matrix(1).row(0) + w_[kQuestionBias].matrix(1).row(0);
  }

  void score(int part) {
    const auto [from, to] = attended(part);
    if (!isAdditive()) {
      for (int64_t row = from; row < to; ++row) scores_[row] = (state(row) * query(textOf(row))).sum() * scale();
      return;
    }
    multiply(features_.middleRows(from, to - from), texts_.hidden.middleRows(from, to - from), w_[kProjection].matrix(S_));
    const ConstRow vector = w_[kVector].row();
    for (int64_t row = from; row < to; ++row) {
      Row features(features_.data() + row * D_, D_);
      features = (features + query(textOf(row))).tanh();
      scores_[row] = (features * vector).sum();
    }
  }

  // Softmax of the scores of every second text, which become its attention, and the sum of its states by it.
  void attend(int part) {
    for (int64_t b = part; b < B_; b += 2) {
      Eigen::ArrayXf attention(wordsOf(b));
      for (int64_t word = 0; word < wordsOf(b); ++word) attention[word] = scores_[rowOf(b, word)];
      attention = (attention - attention.maxCoeff()).exp();
      attention /= attention.sum();
      Row context(contexts_.data() + b * S_, S_);
      context.setZero();
      for (int64_t word = 0; word < wordsOf(b); ++word) {
        scores_[rowOf(b, word)] = attention[word];
        context += attention[word] * state(rowOf(b, word));
      }
    }
  }

  // Decoder and loss of every second text, of one logit; and back to the sum of its states.
  void decodeOne(int part) {
    const ConstRow decoder = w_[kDecoder].row();
    for (int64_t b = part; b < B_; b += 2) {
      const ConstRow context(contexts_.data() + b * S_, S_);
      const float logit = (context * decoder).sum() + w_[kDecoderBias].row()[0];
      const bool isPositive = given_.labels[texts_.texts.order[b]] == 1;
      const float probability = 1.0f / (1.0f + std::exp(-logit));
      const float gradient = isPositive ? given_.weightOfPositives * (probability - 1.0f) : probability;
      gradientRow(kDecoder, part) += gradient * context;
      gradientRow(kDecoderBias, part) += gradient;
      attendBackward(b, gradient, decoder);
      losses_[part] += isPositive ? given_.weightOfPositives * softplus(-logit) : softplus(logit);
    }
  }

  // The same of several logits, of half of the texts, behind a hidden layer that reads the question too if there is one.
  void decodeClasses(int part) {
    const auto [from, to] = half(part, B_);
    const auto contexts = contexts_.middleRows(from, to - from);
    Matrix layer = contexts;
    if (questions_) {
      layer.resize(to - from, D_);
      multiply(layer, contexts, w_[kContext].matrix(S_));
      addProduct(layer, summaries_.middleRows(from, to - from), w_[kQuestion].matrix(S_));
      layer.rowwise() += w_[kContextBias].matrix(1).row(0) + w_[kQuestionOffset].matrix(1).row(0);
      layer = layer.array().tanh();
    }
    const ConstMatrixMap decoder = w_[kDecoder].matrix(layer.cols());
    Matrix logits(to - from, C_);
    multiply(logits, layer, decoder);
    logits.rowwise() += w_[kDecoderBias].matrix(1).row(0);
    for (int64_t b = from; b < to; ++b) losses_[part] += crossEntropy(b, Row(logits.data() + (b - from) * C_, C_));
    multiplyTransposed(w_[kDecoder].gradients[part], layer, logits);
    w_[kDecoderBias].gradients[part] = logits.colwise().sum();
    Matrix gradient = Matrix::Zero(layer.rows(), layer.cols());
    addProductWithTransposed(gradient, logits, decoder);
    if (questions_) gradient = layerBackward(part, gradient.array() * (1.0f - layer.array().square()));
    for (int64_t b = from; b < to; ++b) attendBackward(b, 1.0f, ConstRow(gradient.data() + (b - from) * S_, S_));
  }

  // Cross-entropy of a text; its logits become the gradient of the batch's mean.
  float crossEntropy(int64_t b, Row logits) const {
    const int64_t text = texts_.texts.order[b], label = given_.labels[text];
    if (label < 0 || label >= C_) throw std::invalid_argument("labels names a class that the model lacks");
    if (given_.impossible) logits += ConstRow(given_.impossible + text * C_, C_);
    const float largest = logits.maxCoeff(), own = logits[label];
    logits = (logits - largest).exp();
    const float sum = logits.sum();
    logits /= sum;
    logits[label] -= 1.0f;
    logits /= static_cast<float>(B_);
    return std::log(sum) + largest - own;
  }

  // From the gradient of what tanh gets to that of the sums of states, [texts of the part, state].
  Matrix layerBackward(int part, const Matrix& gradient) {
    const auto [from, to] = half(part, B_);
    multiplyTransposed(w_[kContext].gradients[part], contexts_.middleRows(from, to - from), gradient);
    multiplyTransposed(w_[kQuestion].gradients[part], summaries_.middleRows(from, to - from), gradient);
    for (int name : {kContextBias, kQuestionOffset}) w_[name].gradients[part] = gradient.colwise().sum();
    addProductWithTransposed(summaryGradient_.middleRows(from, to - from), gradient, w_[kQuestion].matrix(S_));
    Matrix contextGradient = Matrix::Zero(to - from, S_);
    addProductWithTransposed(contextGradient, gradient, w_[kContext].matrix(S_));
    return contextGradient;
  }

  // From the gradient of a text's sum of states, `factor * direction`, to those of its scores and states.
  void attendBackward(int64_t b, float factor, const ConstRow& direction) {
    const int64_t words = wordsOf(b);
    Eigen::ArrayXf attention(words), outputs(words);
    for (int64_t word = 0; word < words; ++word) {
      attention[word] = scores_[rowOf(b, word)];
      outputs[word] = factor * (state(rowOf(b, word)) * direction).sum();
    }
    const float mean = (attention * outputs).sum();
    for (int64_t t = 0; t < words + 2; ++t) {
      const int64_t row = texts_.texts.layout.start[t] + b;
      const bool isWord = t > 0 && t <= words;
      const float weight = isWord ? attention[t - 1] : 0.0f;
      scoreGradient_[row] = isWord ? weight * (outputs[t - 1] - mean) : 0.0f;
      stateGradient(row) = weight * factor * direction;
    }
  }

  // Where the gradient of a text's query is added up: that of the weight itself where there is no question.
  Row queryGradient(int part, int64_t b) {
    Matrix& gradients = questions_ ? queryGradients_[part] : w_[isAdditive() ? kBias : kVector].gradients[part];
    return {gradients.data() + (questions_ ? b * gradients.cols() : 0), gradients.cols()};
  }

  void scoreBackward(int part) {
    const auto [from, to] = attended(part);
    if (!isAdditive()) {
      for (int64_t row = from; row < to; ++row) {
        const float gradient = scale() * scoreGradient_[row];
        queryGradient(part, textOf(row)) += gradient * state(row);
        stateGradient(row) += gradient * query(textOf(row));
      }
      return;
    }
    const ConstRow vector = w_[kVector].row();
    for (int64_t row = from; row < to; ++row) {
      Row features(features_.data() + row * D_, D_);
      gradientRow(kVector, part) += scoreGradient_[row] * features;
      features = scoreGradient_[row] * vector * (1.0f - features * features);
      queryGradient(part, textOf(row)) += features;
    }
    const auto features = features_.middleRows(from, to - from);
    multiplyTransposed(w_[kProjection].gradients[part], texts_.hidden.middleRows(from, to - from), features);
    addProductWithTransposed(texts_.hiddenGradient.middleRows(from, to - from), features, w_[kProjection].matrix(S_));
  }

  void summarizeBackward(int part) {
    const auto [from, to] = half(part, B_);
    auto gradient = summaryGradient_.middleRows(from, to - from);
    const Matrix query = queryGradients_[0].middleRows(from, to - from) + queryGradients_[1].middleRows(from, to - from);
    if (isAdditive()) {
      multiplyTransposed(w_[kQuestionProjection].gradients[part], summaries_.middleRows(from, to - from), query);
      for (int name : {kBias, kQuestionBias}) w_[name].gradients[part] = query.colwise().sum();
      addProductWithTransposed(gradient, query, w_[kQuestionProjection].matrix(S_));
    } else {
      gradient += query;
    }
    for (int64_t b = from; b < to; ++b) {
      const ConstRow summary(summaries_.data() + b * S_, S_), ofSummary(summaryGradient_.data() + b * S_, S_);
      questions_->summarizeBackward(questionAt_[b], summary, ofSummary);
    }
  }

  void update(int part, const float* size) {
    for (int name = 0; name < kNames; ++name) {
      if (name == kVectors || name == kQuestionEncoder + kVectors) continue;
      Weight& weight = w_[name];
      const auto [begin, end] = half(part, weight.size);
      float* gradient = weight.gradients[0].data() + begin;
      if (!isOfEncoder(name)) Row(gradient, end - begin) += ConstRow(weight.gradients[1].data() + begin, end - begin);
      advance(weight.tables, begin, end - begin, weight.settings, size, 0, gradient);
    }
  }

  TrainedEncoder& texts_;
  TrainedEncoder* const questions_;
  std::vector<Weight>& w_;
  const Given given_;
  const int64_t B_, S_, D_, C_;  // texts, numbers of a state and of a hidden layer, logits
  Matrix contexts_, features_, summaries_, summaryGradient_, queries_, queryGradients_[2];
  Eigen::ArrayXf scores_, scoreGradient_;  // by row; of the words the scores are their attention once there is one
  std::vector<int64_t> questionAt_;        // where the question of each text comes among the questions
  float losses_[2] = {0, 0};
};

// What decides how long the weights of a model are.
struct Shape {
  int64_t tokens, E, S, P, C;  // words, numbers of a word vector and of a state, columns of their product, logits
  bool isBilstm, isAdditive, isDot, isAsked;

  // 0 of a weight that the model lacks.
  int64_t sizeOf(int name) const {
    if (name >= kQuestionProjection && !isAsked) return 0;
    if (name >= kQuestionEncoder && name < kContext) name -= kQuestionEncoder;
    switch (name) {
      case kVectors: return tokens * E;
      case kInput: return E * P;
      case kRecurrent: return isBilstm ? S * P / 2 : 0;
      case kInputBias: return isBilstm ? P : S;
      case kRecurrentBias: return isBilstm ? P : 0;
      case kDecoder: return (isAsked ? S / 2 : S) * C;
      case kDecoderBias: return C;
      case kVector: return isAdditive ? S / 2 : isDot && !isAsked ? S : 0;
      case kProjection: case kQuestionProjection: return isAdditive ? S * (S / 2) : 0;
      case kBias: case kQuestionBias: return isAdditive ? S / 2 : 0;
      case kContext: case kQuestion: return S * (S / 2);
      default: return S / 2;
    }
  }
};

void compute(TF_OpKernelContext* context) {
  constexpr int kKind = 7, kWeights = 10;
  std::vector<std::unique_ptr<Input>> inputs;
  for (int index = 0; index < kWeights + 5 * kNames; ++index) inputs.push_back(std::make_unique<Input>(context, index));
  const auto table = [&](int name, int index) -> const Input& { return *inputs[kWeights + 5 * name + index]; };
  inputs[kKind]->expect("kind", {3});
  const int32_t* kind = inputs[kKind]->ints();
  const bool isAsked = kind[2];
  const int64_t B = inputs[1]->dim(0);
  const int64_t stateSize = table(isAsked ? int{kContext} : int{kDecoder}, 1).dim(0);
  const Shape shape{table(kVectors, 1).dim(0), table(kVectors, 1).dim(1),       stateSize,
                    table(kInput, 1).dim(1),   table(kDecoderBias, 1).size(),   table(kRecurrent, 1).size() > 0,
                    table(kProjection, 1).size() > 0, kind[0] == 1, isAsked};
  if (std::min({shape.tokens, shape.E, shape.S / 2, shape.P, shape.C}) == 0) {
    throw std::invalid_argument("a model needs weights");
  }
  inputs[2]->expect("labels", {B});
  if (isAsked) inputs[4]->expect("question_lengths", {B});
  if (inputs[5]->size() > 0) inputs[5]->expect("impossible", {B, shape.C});
  inputs[kKind + 2]->expect("settings", {kNames + 5});
  const float* s = inputs[kKind + 2]->floats();
  const int64_t step = static_cast<int64_t>(s[0]);
  if (step < 1 || step > inputs[kKind + 1]->size()) throw std::invalid_argument("sizes has no size for this step");
  std::vector<Weight> weights(kNames);
  for (int name = 0; name < kNames; ++name) {
    Weight& weight = weights[name];
    weight.size = shape.sizeOf(name);
    for (int index = 1; index < 5; ++index) table(name, index).expectSize("a weight", weight.size);
    weight.tables = {table(name, 1).floats(), table(name, 2).floats(), table(name, 3).floats(), table(name, 4).floats()};
    weight.settings = {s[1], s[2], s[3], s[5 + name]};
  }
  const auto updatesOf = [&](int name) {
    table(name, 0).expect("last", {shape.tokens});
    return Updates{step, inputs[kKind + 1]->floats(), table(name, 0).ints(), shape.tokens};
  };
  const auto encoderOf = [&](const Texts& texts, int name) {
    return std::make_unique<TrainedEncoder>(texts, &weights[name], shape.S, *inputs[6], kind[1], updatesOf(name));
  };
  const Texts texts = readTexts(*inputs[0], *inputs[1], updatesOf(kEncoder));
  const Texts questions = isAsked ? readTexts(*inputs[3], *inputs[4], updatesOf(kQuestionEncoder)) : Texts{};
  const auto encoder = encoderOf(texts, kEncoder);
  const auto questionEncoder = isAsked ? encoderOf(questions, kQuestionEncoder) : nullptr;
  const Given given{inputs[2]->ints(), inputs[5]->size() > 0 ? inputs[5]->floats() : nullptr, shape.isDot, s[4]};
  output(context, 0, {1})[0] = TrainingStep(*encoder, questionEncoder.get(), weights, given).run(updatesOf(kEncoder));
}

bool registerStep() {
  std::vector<std::string> inputs{"ids: int32", "lengths: int32", "labels: int32",
                                  "question_ids: int32", "question_lengths: int32", "impossible: float",
                                  "widths: int32", "kind: int32", "sizes: float", "settings: float"};
  for (int name = 0; name < kNames; ++name) {
    inputs.push_back("last" + std::to_string(name) + ": int32");
    for (int table = 0; table < 4; ++table) inputs.push_back("table" + std::to_string(4 * name + table) + ": float");
  }
  return registerOp<compute>("AttentionTrainingStep", inputs, {"loss: float"});
}

const bool registered = registerStep();

}  // namespace
}  // namespace attention
