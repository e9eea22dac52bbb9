// Products of matrices. They are compiled once, in product.cc, since Eigen's take most of the time of a compilation.
#pragma once

#include "Eigen/Core"

namespace attention {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
// A matrix, a map, or some rows or columns of one.
using Factor = const Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>&;
using Product = Eigen::Ref<Matrix, 0, Eigen::OuterStride<>>;

// to = a b
void multiply(Product to, Factor a, Factor b);
// to += a b
void addProduct(Product to, Factor a, Factor b);
// to = aᵀ b
void multiplyTransposed(Product to, Factor a, Factor b);
// to += a bᵀ
void addProductWithTransposed(Product to, Factor a, Factor b);

}  // namespace attention
