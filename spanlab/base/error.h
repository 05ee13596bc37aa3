// What the library throws when the user's input is at fault.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace spanlab {

/// Bad input. what() says what is wrong and where (file, row, column or key); hint() what to do.
/// Our own bugs are assertions, never this.
class Error : public std::runtime_error {
 public:
  Error(const std::string& what, std::string hint)
      : std::runtime_error(what), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

}  // namespace spanlab
