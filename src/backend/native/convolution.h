// Convolutions of several odd widths over sequences of word rows, with bias and ReLU, and their gradient. The products of words
// and filters are done before, once per distinct word; what is left is to add them up.
#pragma once

#include "lstm.h"

namespace attention {

class Convolution {
 public:
  struct Kernel {
    int64_t width, column, state;
  };

  // How many columns all products of F filters for each width have, and where those of each kernel begin.
  Convolution(const int32_t* widths, int64_t count, int64_t columns) : columns(columns) {
    int64_t offsets = 0;
    for (int64_t k = 0; k < count; ++k) {
      if (widths[k] < 1 || widths[k] % 2 == 0) throw std::invalid_argument("widths must be odd");
      offsets += widths[k];
    }
    if (offsets == 0 || columns % offsets != 0) throw std::invalid_argument("projected has the wrong number of columns");
    filters = columns / offsets;
    stateSize = count * filters;
    for (int64_t k = 0, column = 0; k < count; column += widths[k++] * filters) kernels.push_back({widths[k], column, k * filters});
  }

  // Of two threads: the widest kernel is about as much work as all others together.
  std::pair<size_t, size_t> ofPart(int part) const {
    const size_t widest = kernels.size() - 1;
    return part == 0 ? std::make_pair(widest, kernels.size()) : std::make_pair(size_t{0}, widest);
  }

  // The states of sequence b by a kernel: [rows, stateSize], of which a row has the kernel's filters.
  void forward(const Kernel& kernel, const Layout& at, int64_t b, const int32_t* words, const float* projected,
               const float* bias, float* states) const;

  // Adds to the gradients of `projected` and `bias` by those of a kernel's states.
  void backward(const Kernel& kernel, const Layout& at, const int32_t* words, const float* states,
                const float* stateGradient, float* projectedGradient, float* biasGradient) const;

  int64_t columns, filters, stateSize;
  std::vector<Kernel> kernels;
};

}  // namespace attention
