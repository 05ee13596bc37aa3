// Turns gradients, weights and gates of a batch into rows.
#include "spanlab/train/batch_diagnostics.h"

#include <cmath>
#include <limits>

namespace spanlab {
namespace {

/// Place of the pair in TaskGradientsRow::cosine, which goes through the pairs row by row.
size_t pair_place(size_t first, size_t second) {
  size_t place = 0;
  for (size_t a = 0; a < kTaskCount; ++a) {
    for (size_t b = a + 1; b < kTaskCount; ++b, ++place) {
      if (a == first && b == second) return place;
    }
  }
  return place;
}

}  // namespace

TaskGradientsRow task_gradients_row(int epoch, std::span<const Task> tasks,
                                    std::span<const uint8_t> present, std::span<const double> gram,
                                    std::span<const double> weight) {
  TaskGradientsRow row{epoch, {}, {}, {}};
  const size_t count = tasks.size();
  const auto norm = [&](size_t t) { return std::sqrt(gram[t * count + t]); };
  for (size_t t = 0; t < count; ++t) {
    if (!present[t]) continue;
    row.norm[static_cast<size_t>(tasks[t])] = norm(t);
    row.weight[static_cast<size_t>(tasks[t])] = weight[t];
    for (size_t u = 0; u < t; ++u) {
      if (!present[u] || norm(t) == 0 || norm(u) == 0) continue;
      const auto a = static_cast<size_t>(tasks[t]), b = static_cast<size_t>(tasks[u]);
      row.cosine[pair_place(std::min(a, b), std::max(a, b))] =
          gram[t * count + u] / norm(t) / norm(u);
    }
  }
  return row;
}

UpdateStatsRow update_stats_row(int epoch, double learning_rate, const ParameterTable& table,
                                std::span<const float> before, std::span<const float> after) {
  UpdateStatsRow row{epoch, learning_rate, {}};
  for (const Parameter& p : table.entries()) {
    double step = 0, weights = 0;
    for (size_t i = p.offset; i < p.offset + p.size; ++i) {
      const auto old = static_cast<double>(before[i]);
      const double change = static_cast<double>(after[i]) - old;
      step += change * change;
      weights += old * old;
    }
    const bool undefined = weights == 0 && step != 0;
    row.ratios.push_back(undefined   ? std::numeric_limits<double>::quiet_NaN()
                         : step == 0 ? 0
                                     : std::sqrt(step / weights));
  }
  return row;
}

std::vector<GateStatsRow> gate_stats_rows(int epoch, const Jade<float>& model) {
  constexpr char kNames[] = "ifgo";
  std::vector<GateStatsRow> rows;
  for (int layer = 0; layer < model.config().layers; ++layer) {
    for (int direction = 0; direction < 2; ++direction) {
      const auto gates = model.saturation(layer, direction);
      for (size_t gate = 0; gate < gates.size(); ++gate) {
        rows.push_back({epoch, layer, direction, kNames[gate], gates[gate].low, gates[gate].high});
      }
    }
  }
  return rows;
}

}  // namespace spanlab
