#include "product.h"

namespace attention {

void multiply(Product to, Factor a, Factor b) { to.noalias() = a * b; }
void addProduct(Product to, Factor a, Factor b) { to.noalias() += a * b; }
void multiplyTransposed(Product to, Factor a, Factor b) { to.noalias() = a.transpose() * b; }
void addProductWithTransposed(Product to, Factor a, Factor b) { to.noalias() += a * b.transpose(); }

}  // namespace attention
