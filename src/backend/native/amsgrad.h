// Adam with AMSGrad (Reddi et al. 2018) and an L2 term, for any number of updates at once.
//
// An element without a gradient has the gradient decay * w: what becomes of it follows from its own four numbers and the
// sizes of the updates alone. Several such updates can thus be made up for in registers, with the same operations in the
// same order as one by one, so that the bits are the same. Every multiply-add is one instruction in the source (pmadd),
// which leaves a compiler nothing to contract in one place and not in another.
#pragma once

#include <cstdint>
#include <cstring>

#include "Eigen/Core"

namespace attention {

// A parameter and the optimiser's state, which have one shape.
struct AmsgradTables {
  float *value, *mean, *variance, *maximum;
};

struct AmsgradSettings {
  float beta1, beta2, epsilon, decay;
};

using Packet = Eigen::internal::packet_traits<float>::type;
constexpr int kLanes = Eigen::internal::unpacket_traits<Packet>::size;
// As many as the registers hold.
constexpr int kPackets = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 4 : 3;
constexpr int kBlock = kPackets * kLanes;

// The elements that advance together. 1 / (sqrt(maximum) + epsilon) is computed anew only when a maximum has grown.
class AmsgradBlock {
 public:
  AmsgradBlock(const AmsgradTables& tables, int64_t at, const AmsgradSettings& settings) : settings_(settings) {
    using namespace Eigen::internal;
    for (int k = 0; k < kPackets; ++k) {
      const int64_t from = at + k * kLanes;
      value_[k] = ploadu<Packet>(tables.value + from);
      mean_[k] = ploadu<Packet>(tables.mean + from);
      variance_[k] = ploadu<Packet>(tables.variance + from);
      maximum_[k] = ploadu<Packet>(tables.maximum + from);
    }
    rescale();
  }

  void store(const AmsgradTables& tables, int64_t at) const {
    using namespace Eigen::internal;
    for (int k = 0; k < kPackets; ++k) {
      const int64_t from = at + k * kLanes;
      pstoreu(tables.value + from, value_[k]);
      pstoreu(tables.mean + from, mean_[k]);
      pstoreu(tables.variance + from, variance_[k]);
      pstoreu(tables.maximum + from, maximum_[k]);
    }
  }

  EIGEN_ALWAYS_INLINE void update(float size, const float* gradient) {
    using namespace Eigen::internal;
    const Packet beta1 = pset1<Packet>(settings_.beta1), rest1 = pset1<Packet>(1.0f - settings_.beta1),
                 beta2 = pset1<Packet>(settings_.beta2), rest2 = pset1<Packet>(1.0f - settings_.beta2),
                 decay = pset1<Packet>(settings_.decay), back = pset1<Packet>(-size);
    Packet grown = pzero(beta1);
    for (int k = 0; k < kPackets; ++k) {
      const Packet g = gradient ? pmadd(decay, value_[k], ploadu<Packet>(gradient + k * kLanes)) : pmul(decay, value_[k]);
      mean_[k] = pmadd(beta1, mean_[k], pmul(rest1, g));
      variance_[k] = pmadd(beta2, variance_[k], pmul(pmul(rest2, g), g));
      grown = por(grown, pcmp_lt(maximum_[k], variance_[k]));
    }
    if (predux_any(grown)) {
      for (int k = 0; k < kPackets; ++k) maximum_[k] = pmax(maximum_[k], variance_[k]);
      rescale();
    }
    for (int k = 0; k < kPackets; ++k) value_[k] = pmadd(pmul(back, mean_[k]), scale_[k], value_[k]);
  }

 private:
  void rescale() {
    using namespace Eigen::internal;
    const Packet one = pset1<Packet>(1.0f), epsilon = pset1<Packet>(settings_.epsilon);
    for (int k = 0; k < kPackets; ++k) scale_[k] = pdiv(one, padd(psqrt(maximum_[k]), epsilon));
  }

  const AmsgradSettings settings_;
  Packet value_[kPackets], mean_[kPackets], variance_[kPackets], maximum_[kPackets], scale_[kPackets];
};

inline void advanceBlock(const AmsgradTables& tables, int64_t at, const AmsgradSettings& settings, const float* sizes,
                         int64_t missed, const float* gradient) {
  AmsgradBlock block(tables, at, settings);
  for (int64_t update = 0; update < missed; ++update) block.update(sizes[update], nullptr);
  if (gradient) block.update(sizes[missed], gradient);
  block.store(tables, at);
}

// Advances `count` elements from `at` on by as many updates without a gradient as were missed, and then, unless
// `gradient` is null, by one with it. `sizes` has the step size of each of these updates.
inline void advance(const AmsgradTables& tables, int64_t at, int64_t count, const AmsgradSettings& settings,
                    const float* sizes, int64_t missed, const float* gradient) {
  if (missed == 0 && !gradient) return;
  int64_t done = 0;
  for (; done + kBlock <= count; done += kBlock) {
    advanceBlock(tables, at + done, settings, sizes, missed, gradient ? gradient + done : nullptr);
  }
  if (done == count) return;
  float padded[5][kBlock] = {};
  const size_t left = (count - done) * sizeof(float);
  float* const parts[] = {tables.value, tables.mean, tables.variance, tables.maximum};
  for (int i = 0; i < 4; ++i) std::memcpy(padded[i], parts[i] + at + done, left);
  if (gradient) std::memcpy(padded[4], gradient + done, left);
  advanceBlock({padded[0], padded[1], padded[2], padded[3]}, 0, settings, sizes, missed, gradient ? padded[4] : nullptr);
  for (int i = 0; i < 4; ++i) std::memcpy(parts[i] + at + done, padded[i], left);
}

}  // namespace attention
