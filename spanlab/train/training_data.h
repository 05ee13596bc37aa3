// The data of runs: labelled bars in memory, with everything that many runs of them share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "spanlab/recipe/recipe.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/windows/dataset.h"
#include "spanlab/windows/labelled.h"
#include "spanlab/windows/split.h"

namespace spanlab {

/// Labelled bars, the weights to start from, inputs of the model as far as somebody has asked for
/// them, and where their copy on disk lies. A handle: copies share it all. Safe to use from several
/// threads. Making one throws Error as check_labelled() does; data without any bar and window may
/// stand for none.
class TrainingData {
 public:
  TrainingData() : TrainingData(Labelled{}) {}
  TrainingData(Labelled labelled, StartWeights start = {});
  /// Without a copy of the data, which must outlive this.
  static TrainingData viewing(const Labelled& labelled, StartWeights start = {});
  static TrainingData viewing(Labelled&& labelled, StartWeights start = {}) = delete;

  const Labelled& labelled() const;
  const StartWeights& start() const;
  InputCache& inputs() const;
  int64_t bar_faults() const;  ///< see BarsReport::faults()
  /// Of the labelled bars and the weights.
  const std::string& hash() const;
  /// Of their parts, see ContentHashes, and "start" if there are weights.
  const std::map<std::string, std::string>& part_hashes() const;

  /// Puts a copy of all data into `folder`, for read_training_data(). What is there with the same
  /// contents stays, anything else is replaced atomically: by a link (where the file system can) to
  /// the copy that this made or found before, or by a new file. The files are read-only, since an
  /// edit would show through all their links; so a file that is a link to this handle's own copy is
  /// not read again.
  void store_in(const std::filesystem::path& folder) const;

 private:
  struct State;
  explicit TrainingData(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// The copy that store_in() put into `folder`. Throws Error (missing, damaged). `length`: bars in a
/// window.
TrainingData read_training_data(const std::filesystem::path& folder, int length);

/// The copy in the folder `run`, compared with what the run was given when it was made. Throws
/// Error naming the file that is missing, foreign or changed.
TrainingData read_run_data(const std::filesystem::path& run, const Metadata& metadata, int length);

/// Whether `data` are just what the run was given; false too for a run of an older version, which
/// does not know.
bool is_source_of(const TrainingData& data, const Metadata& metadata);

/// What a recipe makes of training data.
struct RunData {
  TrainingData source;
  std::vector<Window> windows;  ///< with all that is known of their spans
  Dataset dataset;
  Split split;
  std::string hash;  ///< of all that training sees

  const Bars& series() const { return source.labelled().bars; }
};

/// Throws Error (windows or spans that do not fit the bars, nothing to learn).
RunData prepare(const Recipe& recipe, const TrainingData& source);

}  // namespace spanlab
