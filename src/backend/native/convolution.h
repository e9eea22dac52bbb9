// Convolutions of several odd widths over sequences of word rows, with bias and ReLU, and their gradient. The products of
// words and filters are done before, once per distinct word; what is left is to add them up.
#pragma once

#include <utility>

#include "lstm.h"

namespace attention {

// What is convolved, and the states that come of it.
struct Convolved {
  const Layout& at;
  const int32_t* words;    // [rows] which row of `projected` stands there
  const float* projected;  // [words, columns] kernel by kernel, in each offset by offset, for each its filters
  const float* bias;       // [state]
  float* states;           // [rows, state]
};

// What one of two threads does: every second text, or some of the kernels, which have columns of their own.
enum class Half { kOfTexts, kOfKernels };

class Convolution {
 public:
  Convolution(const int32_t* widths, int64_t count, int64_t columns);

  void forward(int part, Half half, const Convolved& n) const;

  // Adds to the gradients of `projected` and `bias`, by half of the kernels.
  void backward(int part, const Convolved& n, const float* stateGradient, float* projectedGradient,
                float* biasGradient) const;

  // The first column of a part's kernels, and how many they have. The widest kernel comes last; it is about as much work as
  // all others together, and the first part.
  std::pair<int64_t, int64_t> columnsOf(int part) const {
    const int64_t widest = kernels_.back().column;
    return part == 0 ? std::make_pair(widest, columns - widest) : std::make_pair(int64_t{0}, widest);
  }

  const int64_t columns;
  int64_t stateSize;

 private:
  struct Kernel {
    int64_t width, column, state;
  };

  // Calls visit(kernel, b, t) for every state of a part.
  template <typename Visit>
  void eachState(int part, Half half, const Layout& at, const Visit& visit) const;
  // Calls visit(place in projected) for every product that enters a state.
  template <typename Visit>
  void eachProduct(const Kernel& kernel, const Convolved& n, int64_t b, int64_t t, const Visit& visit) const;

  int64_t filters_;
  std::vector<Kernel> kernels_;
};

}  // namespace attention
