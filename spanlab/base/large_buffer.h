// Arrays so large that address translation costs time: on huge pages where possible.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace spanlab {

/// Tells the system that memory aligned to a huge page is better laid on such.
void ask_for_huge_pages(void* memory, size_t bytes);

/// Aligns to a cache line, and from 2 MiB on to a huge page, which it asks the system for.
template <class T>
struct LargeAllocator {
  using value_type = T;
  static constexpr size_t kLine = 64, kHugePage = size_t{2} << 20;

  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) {}  // NOLINT: containers convert it

  static std::align_val_t alignment(size_t count) {
    return std::align_val_t(count * sizeof(T) >= kHugePage ? kHugePage : kLine);
  }
  T* allocate(size_t count) {
    void* memory = ::operator new(count * sizeof(T), alignment(count));
    if (count * sizeof(T) >= kHugePage) ask_for_huge_pages(memory, count * sizeof(T));
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t count) { ::operator delete(memory, alignment(count)); }
  bool operator==(const LargeAllocator&) const { return true; }
};

/// A vector for activations and their gradients.
template <class T>
using LargeBuffer = std::vector<T, LargeAllocator<T>>;

}  // namespace spanlab
