// Sums over all stays that begin or end at a bar, in logarithms, so that nothing underflows.
#include "spanlab/market/bayes_ceiling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "spanlab/base/error.h"
#include "spanlab/market/bar_likelihood.h"

namespace spanlab {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();  // log 0

// log sum exp(at(k)), 0 <= k < count.
template <class At>
double log_sum(size_t count, At at) {
  double highest = kNever;
  for (size_t k = 0; k < count; ++k) highest = std::max(highest, at(k));
  if (highest == kNever) return kNever;
  double sum = 0;
  for (size_t k = 0; k < count; ++k) sum += std::exp(at(k) - highest);
  return highest + std::log(sum);
}

// What the chain is in during a stay.
struct State {
  Regime regime;
  int direction;                   // +1 or -1; 0 in quiet
  double drift, volatility;        // in s_t a bar; drift with its sign
  size_t shortest;                 // bars
  std::vector<double> log_length;  // log P(shortest + k bars)
};

State make_state(const MarketModel& model, Regime regime, int direction, double drift) {
  const RegimeModel& of = model.regimes[static_cast<size_t>(regime)];
  std::vector<double> length = length_probabilities(of.length);
  for (double& p : length) p = std::log(p);
  return {regime,
          direction,
          direction * drift,
          of.volatility,
          static_cast<size_t>(of.length.shortest),
          std::move(length)};
}

// Quiet, where every market opens, is the first.
std::vector<State> states_of(const MarketModel& model) {
  std::vector<State> states{make_state(model, Regime::quiet, 0, 0)};
  for (const int direction : {1, -1}) {
    for (const Regime regime : {Regime::trend, Regime::pullback}) {
      const double drift = model.regimes[static_cast<size_t>(regime)].drift;
      states.push_back(make_state(model, regime, direction, drift));
    }
    for (const double level : model.strength_levels) {
      states.push_back(make_state(model, Regime::expansion, direction, model.strength * level));
    }
  }
  return states;
}

double transition(const MarketModel& model, const State& from, const State& to) {
  double p = model.next[static_cast<size_t>(from.regime)][static_cast<size_t>(to.regime)];
  if (to.regime == Regime::quiet) return p;
  if (to.regime == Regime::expansion) p /= static_cast<double>(model.strength_levels.size());
  if (from.regime == Regime::quiet) return p / 2;
  return from.direction == to.direction ? p : 0;
}

// Forward-backward. Rows are first bars of stays, 0 .. T; T stands for "after the end".
class StayPosterior {
 public:
  StayPosterior(const Bars& bars, const MarketModel& model, Sight sight)
      : bars_(bars.close.size()), states_(states_of(model)) {
    for (const State& from : states_) {
      std::vector<double>& row = log_next_.emplace_back();
      for (const State& to : states_) row.push_back(std::log(transition(model, from, to)));
    }
    sum_densities(BarLikelihood(bars, model, sight));
    go_backward();
    go_forward();
  }

  // P(bar t lies in a stay in `regime`), [T].
  std::vector<double> of(Regime regime) const {
    std::vector<double> posterior(bars_);
    for (size_t j = 0; j < states_.size(); ++j) {
      if (states_[j].regime != regime) continue;
      for (size_t first = 0; first < bars_; ++first) add_stays(j, first, posterior);
    }
    for (double& p : posterior) p = std::min(p, 1.0);
    return posterior;
  }

 private:
  using PerState = std::vector<std::vector<double>>;  // [states][T + 1]

  PerState empty() const { return PerState(states_.size(), std::vector<double>(bars_ + 1)); }

  void sum_densities(const BarLikelihood& likelihood) {
    until_ = empty();
    for (size_t j = 0; j < states_.size(); ++j) {
      const State& state = states_[j];
      for (size_t t = 0; t < bars_; ++t) {
        until_[j][t + 1] = until_[j][t] + likelihood.log_of(t, state.drift, state.volatility);
      }
    }
  }

  // Row after a stay's last bar within the series, if its length is shortest + k.
  size_t end_of(size_t j, size_t first, size_t k) const {
    return std::min(first + states_[j].shortest + k, bars_);
  }

  void go_backward() {
    after_ = empty();
    for (size_t j = 0; j < states_.size(); ++j) after_[j][bars_] = until_[j][bars_];
    std::vector<double> from(states_.size());  // log P(bars from here | a stay begins here)
    for (size_t first = bars_; first-- > 0;) {
      for (size_t j = 0; j < states_.size(); ++j) {
        const std::vector<double>& length = states_[j].log_length;
        from[j] = log_sum(length.size(),
                          [&](size_t k) { return length[k] + after_[j][end_of(j, first, k)]; }) -
                  until_[j][first];
      }
      for (size_t j = 0; j < states_.size(); ++j) {
        after_[j][first] = until_[j][first] + log_sum(states_.size(), [&](size_t k) {
                             return log_next_[j][k] + from[k];
                           });
      }
    }
    log_likelihood_ = from[0];
  }

  void go_forward() {
    before_ = empty();
    std::vector<double> ended(states_.size());  // log P(bars before, a stay has ended here)
    for (size_t first = 0; first < bars_; ++first) {
      for (size_t j = 0; j < states_.size(); ++j) {
        const std::vector<double>& length = states_[j].log_length;
        const size_t shortest = states_[j].shortest;
        const size_t count = first < shortest ? 0 : std::min(length.size(), first - shortest + 1);
        ended[j] = until_[j][first] + log_sum(count, [&](size_t k) {
                     return length[k] + before_[j][first - shortest - k];
                   });
      }
      for (size_t j = 0; j < states_.size(); ++j) {
        const double begins =
            first == 0
                ? (j == 0 ? 0 : kNever)
                : log_sum(states_.size(), [&](size_t k) { return ended[k] + log_next_[k][j]; });
        before_[j][first] = begins - until_[j][first];
      }
    }
  }

  // Adds P(a stay in state j begins at `first` and reaches bar t) to every bar t.
  void add_stays(size_t j, size_t first, std::vector<double>& posterior) const {
    const State& state = states_[j];
    double reaches = 0;
    size_t t = end_of(j, first, state.log_length.size() - 1);
    for (size_t k = state.log_length.size(); k-- > 0;) {
      for (const size_t end = end_of(j, first, k); t > end; --t) posterior[t - 1] += reaches;
      reaches += std::exp(before_[j][first] + state.log_length[k] + after_[j][end_of(j, first, k)] -
                          log_likelihood_);
    }
    for (; t > first; --t) posterior[t - 1] += reaches;
  }

  size_t bars_;  // T
  std::vector<State> states_;
  PerState log_next_;  // [from][to]
  PerState until_;     // log P(bars of the rows before | all of them in this state)
  // log P(bars of the rows before, a stay begins here) - until_: with until_ at another row it
  // gives the bars of a whole stay.
  PerState before_;
  PerState after_;  // log P(bars from here on | a stay has just ended) + until_
  double log_likelihood_ = 0;
};

void check(const MarketModel& model) {
  check_market_model(model);
  for (const RegimeModel& regime : model.regimes) {
    if (regime.volatility > 0) continue;
    throw Error("a regime without volatility has no probability density",
                "give every regime a volatility above 0");
  }
}

}  // namespace

std::vector<double> expansion_posterior(const Bars& bars, const MarketModel& model, Sight sight) {
  check(model);
  if (bars.close.empty()) return {};
  return StayPosterior(bars, model, sight).of(Regime::expansion);
}

}  // namespace spanlab
