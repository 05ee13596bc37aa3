// One matrix per width: the walk from cell to cell of an interval that it never leaves.
#include "spanlab/market/range_law.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

constexpr double kCellsPerStep = 2.5;
constexpr double kLongestMove = 5, kLongestExcess = 3.5;  // standard deviations of a bar
constexpr double kLeast = 1e-12;                          // a density that rounding cannot undercut

double normal_density(double x, double deviation) {
  const double z = x / deviation;
  return std::exp(-z * z / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
}

Eigen::MatrixXd power(Eigen::MatrixXd base, int exponent) {
  Eigen::MatrixXd result = Eigen::MatrixXd::Identity(base.rows(), base.cols());
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result * base;
    if (exponent > 1) base = base * base;
  }
  return result;
}

// Walks of `steps` steps inside an interval of `width` cells.
class Strip {
 public:
  Strip(int width, double cell, double deviation, int steps)
      : width_(width), cell_(cell), deviation_(deviation), steps_(steps) {
    step_ = Eigen::MatrixXd(width, width);
    for (int from = 0; from < width; ++from) {
      for (int to = 0; to < width; ++to) {
        step_(to, from) = cell * normal_density((to - from) * cell, deviation);
      }
    }
  }

  // Integral of the density of walks from u to u + move, [moves] of 0, 1, .. cells.
  std::vector<double> along(int moves) const {
    const Eigen::MatrixXd walk = power(step_, steps_);
    std::vector<double> sums(static_cast<size_t>(moves), 0.0);
    for (int move = 0; move < std::min(moves, width_); ++move) {
      sums[static_cast<size_t>(move)] = walk.diagonal(-move).sum();  // cell^-1 cell = 1
    }
    return sums;
  }

  // Density of walks from one end to the other.
  double across() const {
    if (steps_ == 1) return normal_density(width_ * cell_, deviation_);
    Eigen::VectorXd at(width_), leaves(width_);
    for (int i = 0; i < width_; ++i) {
      at[i] = cell_ * normal_density((i + 0.5) * cell_, deviation_);
      leaves[i] = normal_density((width_ - i - 0.5) * cell_, deviation_);
    }
    for (int k = 2; k < steps_; ++k) at = step_ * at;
    return leaves.dot(at);
  }

 private:
  int width_;  // cells
  double cell_, deviation_;
  int steps_;
  Eigen::MatrixXd step_;  // [to, from] probability that a step ends in the cell
};

// Between the two entries around x; the nearest one outside.
struct Place {
  size_t index;
  double share;  // of the next entry
};
Place place(double x, size_t count) {
  const double inside = std::clamp(x, 0.0, static_cast<double>(count - 1));
  const size_t index = std::min(static_cast<size_t>(inside), count - 2);
  return {index, inside - static_cast<double>(index)};
}

}  // namespace

RangeLaw::RangeLaw(int path_steps) {
  if (path_steps < 2 || path_steps > 64) {
    throw Error(
        fmt::format("bars of {} path steps: the law of the range is known for 2 to 64", path_steps),
        "use 32 path steps, or look at the closes only");
  }
  const double step = 1 / std::sqrt(path_steps);
  const int steps = path_steps - 1;
  cell_ = step / kCellsPerStep;
  const int moves = static_cast<int>(kLongestMove / cell_) + 1;
  excesses_ = static_cast<int>(kLongestExcess / cell_);
  std::vector<std::vector<double>> free_room(1, std::vector<double>(static_cast<size_t>(moves)));
  for (int width = 1; width <= moves + excesses_; ++width) {
    const Strip strip(width, cell_, step, steps);
    free_room.push_back(strip.along(moves));
  }
  for (int move = 0; move < moves; ++move) {
    const auto m = static_cast<size_t>(move);
    const double all = normal_density(move * cell_, step * std::sqrt(steps));
    none_.push_back(move == 0 ? 0 : Strip(move, cell_, step, steps).across() / all);
    for (int excess = 1; excess <= excesses_; ++excess) {
      const auto w = static_cast<size_t>(move + excess);
      const double bend = free_room[w + 1][m] - 2 * free_room[w][m] + free_room[w - 1][m];
      density_.push_back(std::max(kLeast, bend / (cell_ * cell_ * all)));
    }
  }
}

double RangeLaw::no_excess(double move) const {
  const auto [m, share] = place(std::abs(move) / cell_, none_.size());
  return (1 - share) * none_[m] + share * none_[m + 1];
}

double RangeLaw::excess_density(double move, double excess) const {
  const auto [m, move_share] = place(std::abs(move) / cell_, none_.size());
  const auto columns = static_cast<size_t>(excesses_);
  auto [e, excess_share] = place(excess / cell_ - 1, columns);
  if (excess < cell_) excess_share = excess / cell_ - 1;  // the line continues down to 0
  const double* from = density_.data() + m * columns + e;
  const double* to = from + columns;
  const double nearer = (1 - move_share) * from[0] + move_share * to[0];
  const double further = (1 - move_share) * from[1] + move_share * to[1];
  return std::max(kLeast, (1 - excess_share) * nearer + excess_share * further);
}

}  // namespace spanlab
