// Training and validation windows.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/windows/window.h"

namespace spanlab {

enum class SplitKind {
  random,   ///< window by window, as the reported run did: overlapping windows land on both sides;
            ///< the windows that torch.utils.data.random_split gives for the same seed
  grouped,  ///< group by group: no bar and no base window is on both sides
  time,     ///< the later windows validate; earlier ones that share a bar with them are left out
  kfold,    ///< one of several folds of whole groups validates; the folds hold about as many
            ///< labelled bars each
  purged,  ///< one of several blocks in time validates; training windows that share a bar or a base
           ///< window with it, or begin in the embargo after it, are left out
  walk_forward,  ///< a block in time validates, the windows before it train, later ones wait;
                 ///< purged, with the embargo between the two
};

/// Which settings matter: `validation` to random, grouped and time; `seed` to random, grouped and
/// kfold; `folds` and `fold` to kfold, purged and walk_forward; `embargo` to purged and
/// walk_forward.
struct SplitSettings {
  SplitKind kind = SplitKind::random;
  double validation = 0.2;  ///< share of the windows, [0, 1)
  uint64_t seed = 42;
  int folds = 5;    ///< validation blocks to choose from, 2 or more
  int fold = 0;     ///< the one that validates, from 0
  int embargo = 0;  ///< bars
};

/// Indices of windows, each list ascending but for the validation windows of a random split: they
/// keep the order of the draw, on which the mean over batches depends where the last batch is
/// short. Every window is in exactly one list.
struct Split {
  std::vector<int> train, validation;
  /// Neither: purged, or by walk_forward after the block that validates.
  std::vector<int> left_out;
  int groups = 0;  ///< number of groups among all windows
  int purged = 0;  ///< windows left out because of what they share, or of the embargo
};

/// random, grouped, time: about `validation` of the windows validate; above 0 and with two windows
/// or more, at least one does and at least one trains. One window trains, without validation.
///
/// kfold: every window validates in one of the folds. Groups go to folds as scikit-learn's
/// StratifiedGroupKFold sends them, with bars as samples and two classes: inside a labelled span or
/// not. Other seeds give other folds; several of them make a repeated k-fold.
///
/// purged: the windows by first row are cut into `folds` blocks of about equal size, and block
/// `fold` validates (Lopez de Prado, Advances in Financial Machine Learning, 2018, ch. 7). Every
/// window validates in one of them.
///
/// walk_forward: the same with folds + 1 blocks, of which block fold + 1 validates.
///
/// Throws Error if there is no window, a setting is out of range, or the split is impossible: too
/// few groups or windows for it, or nothing left to train on.
Split split_windows(const std::vector<Window>& windows, int length, const SplitSettings& settings);

/// Validation windows that share a bar or a base window with a training window, ascending.
std::vector<int> leaking_windows(const Split& split, const std::vector<Window>& windows,
                                 int length);

/// How much one side of a split has to tell.
struct SampleSize {
  int windows = 0;
  int groups = 0;             ///< among these windows, see groups.h
  int labelled_windows = 0;   ///< with a labelled span
  int distinct_spans = 0;     ///< labelled spans, those that share a bar counted once
  int64_t positive_bars = 0;  ///< bars of the windows inside any of their spans
  int64_t bars = 0;           ///< bars of the windows
};

struct EffectiveSample {
  SampleSize train, validation;
};

EffectiveSample effective_sample(const std::vector<Window>& windows, const Split& split,
                                 int length);

}  // namespace spanlab
