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

// Advances the elements that are held in registers together. 1 / (sqrt(maximum) + epsilon) is computed anew only when a
// maximum has grown.
inline void advanceBlock(const AmsgradTables& tables, int64_t at, const AmsgradSettings& s, const float* sizes,
                         int64_t missed, const float* gradient) {
  using namespace Eigen::internal;
  const Packet beta1 = pset1<Packet>(s.beta1), rest1 = pset1<Packet>(1.0f - s.beta1), beta2 = pset1<Packet>(s.beta2),
               rest2 = pset1<Packet>(1.0f - s.beta2), decay = pset1<Packet>(s.decay), epsilon = pset1<Packet>(s.epsilon);
  Packet value[kPackets], mean[kPackets], variance[kPackets], maximum[kPackets], scale[kPackets];
  const auto each = [&](const auto& apply) {
    for (int k = 0; k < kPackets; ++k) {
      apply(value[k], tables.value + at + k * kLanes);
      apply(mean[k], tables.mean + at + k * kLanes);
      apply(variance[k], tables.variance + at + k * kLanes);
      apply(maximum[k], tables.maximum + at + k * kLanes);
    }
  };
  const auto rescale = [&] {
    for (int k = 0; k < kPackets; ++k) scale[k] = pdiv(pset1<Packet>(1.0f), padd(psqrt(maximum[k]), epsilon));
  };
  const auto update = [&](float size, const float* gradientOfBlock) {
    Packet grown = pzero(epsilon);
    for (int k = 0; k < kPackets; ++k) {
      const Packet g = gradientOfBlock ? pmadd(decay, value[k], ploadu<Packet>(gradientOfBlock + k * kLanes)) : pmul(decay, value[k]);
      mean[k] = pmadd(beta1, mean[k], pmul(rest1, g));
      variance[k] = pmadd(beta2, variance[k], pmul(pmul(rest2, g), g));
      grown = por(grown, pcmp_lt(maximum[k], variance[k]));
    }
    if (predux_any(grown)) {
      for (int k = 0; k < kPackets; ++k) maximum[k] = pmax(maximum[k], variance[k]);
      rescale();
    }
    for (int k = 0; k < kPackets; ++k) value[k] = pmadd(pmul(pset1<Packet>(-size), mean[k]), scale[k], value[k]);
  };
  each([](Packet& packet, const float* from) { packet = ploadu<Packet>(from); });
  rescale();
  for (int64_t index = 0; index < missed; ++index) update(sizes[index], nullptr);
  if (gradient) update(sizes[missed], gradient);
  each([](const Packet& packet, float* to) { pstoreu(to, packet); });
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
