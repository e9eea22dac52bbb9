// What the decoder of a BiLSTM gets to read of texts without each of their words: the states of the shortened text,
// weighted by the attention over them.
//
// The inputs are those that lstm.h names, of texts of four or more positions with start and end; those of one length stand
// side by side. Then:
//
//   projection [2H, H]   of additive attention; empty for dot attention
//   offsets    [B, H]    what is added to the projected states of each text, or [1, H] for all; for dot attention
//                        [B, 2H] or [1, 2H], what the states are multiplied by
//   vector     [H]       of additive attention
//   settings   [1]       how scores become weights, a `Normalization`
//
// The output, [sum of lengths - 2B, 2H], has a row for each word of the first text, then of the second.
//
// Before the removed word the forward states are those of the whole text, and behind it the backward ones. So each
// direction walks on only behind the removed word, of each state that it meets one half has changed, and only that half is
// projected. At each position all removals that have been passed advance as one matrix product; so many of them are taken
// together that they stay in the processor's cache.

#include <atomic>

#include "lstm.h"

namespace attention {
namespace {

enum Normalization { kSoftmax, kSparsemax, kUniform };

// Removals that advance together.
constexpr int64_t kTogether = 256;

struct Inputs {
  int64_t time, batch, hidden, features, offsetRows;
  const float *projected, *recurrent, *projection, *offsets, *vector;
  const int32_t *rows, *lengths;
  Normalization normalization;

  bool isAdditive() const { return projection != nullptr; }
  const float* offsetsOf(int64_t b) const { return offsets + (offsetRows == 1 ? 0 : b) * (isAdditive() ? hidden : 2 * hidden); }
};

// Some words, from position `first` on, of some texts of one length, from column `text` on.
struct Group {
  int64_t text, texts, first, removals;

  int64_t size() const { return texts * removals; }
};

struct Scratch {
  Matrix gates, hidden, cells, features;
  // Of each removal: the largest score so far, or sparsemax's threshold; the sum of the weights so far.
  std::vector<float> top, sum;
};

// The point of the simplex that is nearest to the scores has max(0, score - threshold) (Martins & Astudillo 2016).
float sparsemaxThreshold(std::vector<float> scores) {
  std::sort(scores.begin(), scores.end(), std::greater<float>());
  double sum = 0, threshold = 0;
  for (size_t i = 0; i < scores.size() && 1 + (i + 1) * double(scores[i]) > sum + scores[i]; ++i) {
    sum += scores[i];
    threshold = (sum - 1) / (i + 1);
  }
  return static_cast<float>(threshold);
}

class WithoutEach {
 public:
  WithoutEach(const Inputs& inputs, float* contexts)
      : in_(inputs), H_(inputs.hidden), B_(inputs.batch), layout_(paddedLayout(inputs.time, inputs.batch, inputs.lengths)),
        hidden_(layout_.rows, 2 * H_), cells_(2 * layout_.rows, H_), products_(2 * layout_.rows, 4 * H_), contexts_(contexts) {
    for (int64_t b = 0; b < B_; ++b) firstRow_.push_back(b == 0 ? 0 : firstRow_[b - 1] + in_.lengths[b - 1] - 2);
  }

  void run() {
    inTwoThreads([&](int direction) { readWhole(direction); });
    const std::vector<Group> groups = groupsOf();
    std::atomic<size_t> next{0};
    inTwoThreads([&](int) {
      Scratch scratch;
      for (size_t i = next++; i < groups.size(); i = next++) remove(groups[i], scratch);
    });
  }

 private:
  // The states of the whole texts in one direction, and their half of the projection.
  void readWhole(int direction) {
    const Bilstm lstm{layout_, H_, in_.rows, in_.projected, in_.recurrent, hidden_.data(), nullptr, cells_.data(), products_.data()};
    bilstmForward(lstm, direction);
    Matrix& whole = whole_[direction];
    whole.resize(layout_.rows, in_.features);
    if (in_.isAdditive()) multiply(whole, hidden_.middleCols(direction * H_, H_), projection(direction));
    for (int64_t row = 0; row < layout_.rows; ++row) {
      const int64_t b = row % B_;
      if (in_.isAdditive()) Row(whole.data() + row * H_, H_) += ConstRow(in_.offsetsOf(b), H_);
      else whole(row, 0) = dot(hidden_.data() + row * 2 * H_ + direction * H_, b, direction);
    }
  }

  ConstMatrixMap projection(int direction) const { return {in_.projection + direction * H_ * H_, H_, H_}; }
  float dot(const float* hidden, int64_t b, int direction) const {
    return (ConstRow(hidden, H_) * ConstRow(in_.offsetsOf(b) + direction * H_, H_)).sum();
  }

  std::vector<Group> groupsOf() const {
    std::vector<Group> groups;
    for (int64_t b = 0; b < B_;) {
      const int64_t words = in_.lengths[b] - 2;
      int64_t texts = 1;
      while (b + texts < B_ && in_.lengths[b + texts] == in_.lengths[b] && (texts + 1) * words <= kTogether) ++texts;
      for (int64_t first = 0; first < words; first += kTogether) {
        groups.push_back({b, texts, first + 1, std::min(kTogether, words - first)});
      }
      b += texts;
    }
    const auto work = [&](const Group& group) { return group.size() * in_.lengths[group.text]; };
    std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) { return work(a) > work(b); });
    return groups;
  }

  // The row of the output of the word at first + slot / texts.
  float* context(const Group& group, int64_t slot) const {
    const int64_t b = group.text + slot % group.texts;
    return contexts_ + (firstRow_[b] + group.first - 1 + slot / group.texts) * 2 * H_;
  }

  void remove(const Group& group, Scratch& z) const {
    z.gates.resize(group.size(), 4 * H_);
    for (Matrix* each : {&z.hidden, &z.cells, &z.features}) each->resize(group.size(), H_);
    z.top.assign(group.size(), -INFINITY);
    z.sum.assign(group.size(), 0);
    if (in_.normalization == kUniform) {
      walkBoth(group, z, [](int64_t, float) { return 1.0f; });
    } else if (in_.normalization == kSoftmax) {
      // The weights are relative to the largest score so far.
      walkBoth(group, z, [&](int64_t slot, float score) {
        if (score > z.top[slot]) {
          const float factor = std::exp(z.top[slot] - score);
          Row(context(group, slot), 2 * H_) *= factor;
          z.sum[slot] *= factor;
          z.top[slot] = score;
        }
        return std::exp(score - z.top[slot]);
      });
    } else {
      std::vector<std::vector<float>> scores(group.size());
      walkBoth(group, z, [&](int64_t slot, float score) {
        scores[slot].push_back(score);
        return 0.0f;
      });
      for (int64_t slot = 0; slot < group.size(); ++slot) z.top[slot] = sparsemaxThreshold(scores[slot]);
      walkBoth(group, z, [&](int64_t slot, float score) { return std::max(0.0f, score - z.top[slot]); });
    }
    for (int64_t slot = 0; slot < group.size(); ++slot) Row(context(group, slot), 2 * H_) /= z.sum[slot];
  }

  // Gives `weightOf` the score of each state of each shortened text, and adds the state to the text's context by that.
  template <typename WeightOf>
  void walkBoth(const Group& group, Scratch& z, const WeightOf& weightOf) const {
    for (int direction : {0, 1}) walk(group, direction, z, weightOf);
  }

  // Removals stand in the order in which this direction passes them, the texts of each side by side.
  template <typename WeightOf>
  void walk(const Group& group, int direction, Scratch& z, const WeightOf& weightOf) const {
    const ConstMatrixMap recurrent(in_.recurrent + direction * H_ * 4 * H_, H_, 4 * H_);
    const int64_t time = in_.lengths[group.text], last = group.first + group.removals - 1;
    for (int64_t step = 1; step <= time - 2; ++step) {
      const int64_t t = direction == 0 ? step : time - 1 - step;
      const int64_t passed = direction == 0 ? t - group.first : last - t;
      const int64_t count = std::max<int64_t>(0, std::min(passed, group.removals)) * group.texts;
      if (count > 0) {
        advance(group, direction, t, count, passed <= group.removals ? group.texts : 0, recurrent, z);
        for (int64_t row = 0; row < count; ++row) {
          const int64_t removal = direction == 0 ? row / group.texts : group.removals - 1 - row / group.texts;
          const int64_t text = row % group.texts, slot = removal * group.texts + text;
          const int64_t whole = t * B_ + group.text + text;
          const float weight = weightOf(slot, scoreOf(z, row, whole, direction));
          if (weight == 0.0f) continue;
          z.sum[slot] += weight;
          float* own = context(group, slot);
          Row(own + direction * H_, H_) += weight * ConstRow(z.hidden.data() + row * H_, H_);
          Row(own + (1 - direction) * H_, H_) += weight * ConstRow(hidden_.data() + (2 * whole + 1 - direction) * H_, H_);
        }
      }
      if (passed >= 0 && passed < group.removals) {
        const int64_t before = (direction == 0 ? t - 1 : t + 1) * B_ + group.text;
        z.cells.middleRows(count, group.texts) = cells_.middleRows(direction * layout_.rows + before, group.texts);
      }
    }
  }

  // The states at t of the first `count` rows, and their half of the projection. The last `fresh` of them have left their
  // word out right before t, where the state before and its product are those of the whole text.
  void advance(const Group& group, int direction, int64_t t, int64_t count, int64_t fresh, const ConstMatrixMap& recurrent,
               Scratch& z) const {
    for (int64_t row = 0; row < count; ++row) {
      const int64_t word = in_.rows[t * B_ + group.text + row % group.texts];
      std::memcpy(z.gates.data() + row * 4 * H_, in_.projected + (2 * word + direction) * 4 * H_, 4 * H_ * sizeof(float));
    }
    const int64_t others = count - fresh, removed = (direction == 0 ? t - 1 : t + 1) * B_ + group.text;
    if (others > 0) addProduct(z.gates.topRows(others), z.hidden.topRows(others), recurrent);
    z.gates.middleRows(others, fresh) += products_.middleRows(direction * layout_.rows + removed, fresh);
    for (int64_t row = 0; row < count; ++row) {
      float* cell = z.cells.data() + row * H_;
      cellForward(z.gates.data() + row * 4 * H_, cell, cell, z.hidden.data() + row * H_, H_);
    }
    if (in_.isAdditive()) multiply(z.features.topRows(count), z.hidden.topRows(count), projection(direction));
  }

  // The score of a state of which one half is row `row` and the other one that of the whole text in row `whole`.
  float scoreOf(const Scratch& z, int64_t row, int64_t whole, int direction) const {
    const float* other = whole_[1 - direction].data() + whole * in_.features;
    if (!in_.isAdditive()) return dot(z.hidden.data() + row * H_, whole % B_, direction) + *other;
    return ((ConstRow(z.features.data() + row * H_, H_) + ConstRow(other, H_)).tanh() * ConstRow(in_.vector, H_)).sum();
  }

  const Inputs& in_;
  const int64_t H_, B_;
  const Layout layout_;
  Matrix hidden_, cells_, products_, whole_[2];
  std::vector<int64_t> firstRow_;
  float* const contexts_;
};

void compute(TF_OpKernelContext* context) {
  const Input projected(context, 0), rows(context, 1), recurrent(context, 2), lengths(context, 3), projection(context, 4),
      offsets(context, 5), vector(context, 6), settings(context, 7);
  const auto [T, B, H, words] = checkedSizes(projected, rows, recurrent, lengths);
  const bool additive = projection.size() > 0;
  if (additive) projection.expect("projection", {2 * H, H});
  offsets.expect("offsets", {offsets.dim(0) == 1 ? 1 : B, additive ? H : 2 * H});
  vector.expectSize("vector", additive ? H : 0);
  settings.expect("settings", {1});
  int64_t removals = 0;
  for (int64_t b = 0; b < B; ++b) {
    if (lengths.ints()[b] < 4 || lengths.ints()[b] > T) throw std::invalid_argument("a text needs two words for one to be left");
    removals += lengths.ints()[b] - 2;
  }
  const Inputs inputs{T, B, H, additive ? H : 1, offsets.dim(0), projected.floats(), recurrent.floats(), additive ? projection.floats() : nullptr,
                      offsets.floats(), vector.floats(), rows.ints(), lengths.ints(), Normalization(settings.ints()[0])};
  WithoutEach(inputs, output(context, 0, {removals, 2 * H}, true)).run();
}

const bool registered =
    registerOp<compute>("AttentionBilstmWithoutEach",
                        {"projected: float", "rows: int32", "recurrent: float", "lengths: int32", "projection: float",
                         "offsets: float", "vector: float", "settings: int32"},
                        {"contexts: float"});

}  // namespace
}  // namespace attention
