// The little that every op of ours needs from TensorFlow's C API: reading inputs, making outputs, reporting errors.
// Only the C API is used, so that the addon does not depend on the C++ ABI that libtensorflow was built with.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace attention {

// An input of an op. It holds a reference to the tensor, whose memory it shares.
class Input {
 public:
  Input(TF_OpKernelContext* context, int index) {
    TF_Status* status = TF_NewStatus();
    TF_GetInput(context, index, &tensor_, status);
    const bool ok = TF_GetCode(status) == TF_OK;
    const std::string message = TF_Message(status);
    TF_DeleteStatus(status);
    if (!ok) throw std::runtime_error(message);
  }
  ~Input() { TF_DeleteTensor(tensor_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  int rank() const { return TF_NumDims(tensor_); }
  // TF_Dim ends the process for an axis that is not there.
  int64_t dim(int axis) const {
    if (axis < 0 || axis >= rank()) throw std::invalid_argument("an input has the wrong rank, thus the wrong shape");
    return TF_Dim(tensor_, axis);
  }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  float* floats() const { return static_cast<float*>(TF_TensorData(tensor_)); }
  int32_t* ints() const { return static_cast<int32_t*>(TF_TensorData(tensor_)); }

  // Throws unless the number of elements is the one given.
  void expectSize(const char* name, int64_t count) const {
    if (size() != count) throw std::invalid_argument(std::string(name) + " has the wrong size");
  }

  // Throws unless the shape is the one given.
  void expect(const char* name, std::initializer_list<int64_t> shape) const {
    bool same = rank() == static_cast<int>(shape.size());
    int axis = 0;
    for (int64_t length : shape) same = same && dim(axis++) == length;
    if (!same) throw std::invalid_argument(std::string(name) + " has the wrong shape");
  }

 private:
  TF_Tensor* tensor_ = nullptr;
};

// Throws unless every entry of `rows` is the number of one of the projected words.
inline void expectRows(const Input& rows, int64_t words) {
  for (int64_t i = 0; i < rows.size(); ++i) {
    if (rows.ints()[i] < 0 || rows.ints()[i] >= words) throw std::invalid_argument("rows names a row that projected lacks");
  }
}

// Allocates output `index`, zeroed on request, and returns its memory.
inline float* output(TF_OpKernelContext* context, int index, std::initializer_list<int64_t> shape, bool zeroed = false) {
  int64_t count = 1;
  for (int64_t size : shape) count *= size;
  TF_Status* status = TF_NewStatus();
  TF_Tensor* tensor = TF_AllocateOutput(context, index, TF_FLOAT, shape.begin(), static_cast<int>(shape.size()),
                                        count * sizeof(float), status);
  const bool ok = TF_GetCode(status) == TF_OK;
  const std::string message = TF_Message(status);
  TF_DeleteStatus(status);
  if (!ok) throw std::runtime_error(message);
  float* data = static_cast<float*>(TF_TensorData(tensor));
  if (zeroed) std::memset(data, 0, count * sizeof(float));
  TF_DeleteTensor(tensor);
  return data;
}

// Runs an op's body; an exception becomes the op's error status.
inline void guarded(TF_OpKernelContext* context, const char* op, const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& error) {
    TF_Status* status = TF_NewStatus();
    TF_SetStatus(status, TF_INVALID_ARGUMENT, (std::string(op) + ": " + error.what()).c_str());
    TF_OpKernelContext_Failure(context, status);
    TF_DeleteStatus(status);
  }
}

// Runs part(0) and part(1) at the same time, one of them on this thread.
template <typename Part>
void inTwoThreads(const Part& part) {
  std::exception_ptr error;
  std::thread second([&] {
    try {
      part(1);
    } catch (...) {
      error = std::current_exception();
    }
  });
  try {
    part(0);
  } catch (...) {
    second.join();
    throw;
  }
  second.join();
  if (error) std::rethrow_exception(error);
}

// Registers an op and its kernel for the CPU. Inputs, outputs and attributes are written as TensorFlow writes them, for
// example "lengths: int32".
inline bool registerOp(const char* name, const std::vector<const char*>& inputs, const std::vector<const char*>& outputs,
                       const std::vector<const char*>& attributes, void* (*create)(TF_OpKernelConstruction*),
                       void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*)) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* out : outputs) TF_OpDefinitionBuilderAddOutput(definition, out);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetIsStateful(definition, true);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, [](TF_ShapeInferenceContext* context, TF_Status* shapes) {
    TF_ShapeInferenceContextSetUnknownShape(context, shapes);
  });
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", create, compute, destroy);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  const bool ok = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return ok;
}

}  // namespace attention
