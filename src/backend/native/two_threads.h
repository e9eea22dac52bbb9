// Work in two parts side by side. There are always two, so that no result depends on the number of cores.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>

namespace attention {

// Tells the processor that this thread waits for another one.
inline void pauseBriefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ __volatile__("yield");
#endif
}

// The thread that does the second part, for the life of the process. Whoever waits looks again for some microseconds, as
// the other part is seldom behind by more, and then sleeps, so that a busy machine loses no time to waiting.
class Helper {
 public:
  static Helper& get() {
    static Helper* const helper = new Helper;  // never destroyed, as its thread may outlive all that is
    return *helper;
  }

  // One op at a time has the helper; one on another thread meanwhile does both parts itself.
  void run(const std::function<void(int)>& part) {
    std::unique_lock<std::mutex> use(inUse_, std::try_to_lock);
    if (!use || !started_) {
      part(0);
      part(1);
      return;
    }
    part_ = &part;
    error_ = nullptr;
    const int64_t turn = asked_.load() + 1;
    announce(asked_, turn);
    std::exception_ptr own;
    try {
      part(0);
    } catch (...) {
      own = std::current_exception();
    }
    await(done_, turn);
    if (own || error_) std::rethrow_exception(own ? own : error_);
  }

 private:
  Helper() {
    try {
      std::thread([this] { work(); }).detach();
      started_ = true;
    } catch (const std::system_error&) {
      // No thread is to be had: each op does both parts itself.
    }
  }

  void work() {
    for (int64_t turn = 1;; ++turn) {
      await(asked_, turn);
      try {
        (*part_)(1);
      } catch (...) {
        error_ = std::current_exception();
      }
      announce(done_, turn);
    }
  }

  void await(const std::atomic<int64_t>& counter, int64_t turn) {
    const auto reached = [&] { return counter.load(std::memory_order_acquire) == turn; };
    for (int look = 0; look < 300; ++look) {
      if (reached()) return;
      pauseBriefly();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, reached);
  }

  void announce(std::atomic<int64_t>& counter, int64_t turn) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      counter.store(turn, std::memory_order_release);
    }
    changed_.notify_one();
  }

  std::mutex inUse_, mutex_;
  std::condition_variable changed_;
  std::atomic<int64_t> asked_{0}, done_{0};
  const std::function<void(int)>* part_ = nullptr;
  std::exception_ptr error_;
  bool started_ = false;
};

// Runs part(0) and part(1) at the same time, one of them on this thread.
template <typename Part>
void inTwoThreads(const Part& part) {
  Helper::get().run(std::ref(part));
}

}  // namespace attention
