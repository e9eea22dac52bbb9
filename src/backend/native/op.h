// The little that every op of ours needs from TensorFlow's C API: reading inputs, making outputs, reporting errors.
// Only the C API is used, so that the addon does not depend on the C++ ABI that libtensorflow was built with.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <future>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace attention {

// The outcome of a call of TensorFlow.
class Status {
 public:
  ~Status() { TF_DeleteStatus(status_); }
  operator TF_Status*() { return status_; }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }
  void check() const {
    if (!ok()) throw std::runtime_error(TF_Message(status_));
  }

 private:
  TF_Status* const status_ = TF_NewStatus();
};

// An input of an op. It holds a reference to the tensor, whose memory it shares.
class Input {
 public:
  Input(TF_OpKernelContext* context, int index) {
    Status status;
    TF_GetInput(context, index, &tensor_, status);
    status.check();
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
  Status status;
  TF_Tensor* tensor = TF_AllocateOutput(context, index, TF_FLOAT, shape.begin(), static_cast<int>(shape.size()),
                                        count * sizeof(float), status);
  status.check();
  float* data = static_cast<float*>(TF_TensorData(tensor));
  if (zeroed) std::memset(data, 0, count * sizeof(float));
  TF_DeleteTensor(tensor);
  return data;
}

// Runs part(0) and part(1) at the same time, one of them on this thread.
template <typename Part>
void inTwoThreads(const Part& part) {
  auto second = std::async(std::launch::async, [&] { part(1); });
  part(0);
  second.get();
}

// Registers an op and its kernel for the CPU. Inputs and outputs are written as TensorFlow writes them, for example
// "lengths: int32". An exception in `compute` becomes the op's error status.
template <void (*compute)(TF_OpKernelContext*)>
bool registerOp(const char* name, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  Status status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const std::string& input : inputs) TF_OpDefinitionBuilderAddInput(definition, input.c_str());
  for (const std::string& out : outputs) TF_OpDefinitionBuilderAddOutput(definition, out.c_str());
  TF_OpDefinitionBuilderSetIsStateful(definition, true);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, [](TF_ShapeInferenceContext* context, TF_Status* shapes) {
    TF_ShapeInferenceContextSetUnknownShape(context, shapes);
  });
  TF_RegisterOpDefinition(definition, status);
  if (!status.ok()) return false;
  const auto guarded = [](void*, TF_OpKernelContext* context) {
    try {
      compute(context);
    } catch (const std::exception& error) {
      Status failure;
      TF_SetStatus(failure, TF_INVALID_ARGUMENT, error.what());
      TF_OpKernelContext_Failure(context, failure);
    }
  };
  TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", nullptr, guarded, nullptr), status);
  return status.ok();
}

}  // namespace attention
