// The folder of a run: names of its files, and a lock so that only one process trains into it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace spanlab {

/// Holds the lock until it is destroyed or the process ends, however it ends.
class RunFolder {
 public:
  /// For a new run: makes the folder and its parents, or takes one that is empty (or in which an
  /// earlier start was killed before its metadata was written).
  /// Throws Error if it holds a run already or other files, is a file, cannot be made, or another
  /// process trains into it.
  static RunFolder create(const std::filesystem::path& path);

  /// For going on with a run. Removes what killed writers left behind.
  /// Throws Error if there is no run, or another process trains into it.
  static RunFolder open(const std::filesystem::path& path);

  RunFolder(RunFolder&&) noexcept;
  RunFolder& operator=(RunFolder&&) noexcept;
  ~RunFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path recipe() const;    ///< recipe.toml, every setting written out
  std::filesystem::path metadata() const;  ///< metadata.json
  std::filesystem::path data() const;      ///< folder data: a copy of what it is trained on
  std::filesystem::path table(const std::string& name) const;  ///< NAME.csv
  std::filesystem::path checkpoint(int epoch) const;           ///< checkpoint_epoch_10.safetensors
  std::filesystem::path best_model() const;                    ///< best_model.safetensors
  /// resume_state.safetensors: what an interrupted run continues from; not there after its end.
  std::filesystem::path resume_state() const;

 private:
  class Lock;
  RunFolder(std::filesystem::path path, std::unique_ptr<Lock> lock);

  std::filesystem::path path_;
  std::unique_ptr<Lock> lock_;
};

}  // namespace spanlab
