// Checks of data and recipe, the dataset and its split, and the copy of the data on disk.
#include "spanlab/train/training_data.h"

#include <algorithm>
#include <mutex>
#include <system_error>

#include "spanlab/bars/bars_file.h"
#include "spanlab/bars/check.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/hash.h"
#include "spanlab/windows/window.h"

namespace spanlab {
namespace fs = std::filesystem;
namespace {

constexpr char kDataFolder[] = "data";
constexpr char kBarsFile[] = "bars.safetensors", kWindowsFile[] = "windows.csv",
               kSpansFile[] = "spans.csv", kStartFile[] = "start.safetensors";
/// The parts of training data, as metadata names them, and their files.
constexpr std::pair<const char*, const char*> kFiles[] = {
    {"bars", kBarsFile}, {"windows", kWindowsFile}, {"spans", kSpansFile}, {"start", kStartFile}};

/// By part, as far as the run knows them.
std::map<std::string, std::string> hashes_in(const Metadata& metadata) {
  std::map<std::string, std::string> hashes = metadata.source_hash;
  if (metadata.start_hash) hashes["start"] = *metadata.start_hash;
  return hashes;
}

std::string hash_of(const RunData& data) {
  std::string hashes;
  const auto add = [&](const auto& values) {
    hashes += hash_text(values.data(), values.size() * sizeof(values[0]));
  };
  add(data.dataset.input);
  if (!data.dataset.wide.input.empty()) add(data.dataset.wide.input);
  add(data.dataset.labelled);
  add(data.dataset.type);
  add(data.dataset.pointers);
  add(data.dataset.mask);
  add(data.dataset.countdown);
  add(data.dataset.complete);
  if (!data.dataset.countdown_counted.empty()) add(data.dataset.countdown_counted);
  add(data.split.train);
  add(data.split.validation);
  return hash_text(hashes.data(), hashes.size());
}

/// Of a window that was moved, some bars are unknown: only what can leave bars out goes with that.
void check_shift(const Recipe& recipe) {
  if (recipe.train.shift == 0) return;
  const auto refuse = [](const std::string& why, const std::string& hint) {
    throw Error("train.shift: " + why, hint + ", or train.shift to 0");
  };
  if (recipe.train.shift >= recipe.data.window) {
    refuse("a window shifted by its whole length contains none of its bars",
           "set it below data.window");
  }
  if (recipe.loss.tasks != std::vector<Task>{Task::span}) {
    refuse("only the span task supports shifted windows", "set loss.tasks to [\"span\"]");
  }
  if (recipe.data.feature_mode != FeatureMode::continuous) {
    refuse("features computed from each window alone cannot be shifted",
           "set data.feature_mode to continuous");
  }
  if (recipe.model.span_head == SpanHead::one_span) {
    refuse("the one_span head does not support unlabelled bars",
           "set model.span_head to semi_markov");
  }
  if (recipe.loss.unlabelled == Unlabelled::positive_unlabelled) {
    refuse("positive_unlabelled cannot ignore bars", "set loss.unlabelled to ignored");
  }
  if (recipe.model.span_head == SpanHead::bar && recipe.loss.span_loss != SpanLoss::cross_entropy) {
    refuse("only the cross-entropy can ignore bars", "set loss.span_loss to cross_entropy");
  }
}

constexpr fs::perms kReadOnly =
    fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;

/// Whether the file is there and `is_same(file)`; one that cannot be read is not.
template <class IsSame>
bool holds_same(const fs::path& file, const IsSame& is_same) {
  try {
    return is_there(file) && is_same(file);
  } catch (const Error&) {
    return false;
  }
}

bool same_bars(const Bars& a, const Bars& b) {
  return a.time_ms == b.time_ms && a.open == b.open && a.high == b.high && a.low == b.low &&
         a.close == b.close && a.volume == b.volume;
}

}  // namespace

struct TrainingData::State {
  std::shared_ptr<const Labelled> labelled;
  StartWeights start;
  int64_t bar_faults = 0;
  std::string hash;
  std::map<std::string, std::string> part_hashes;
  InputCache inputs;
  std::mutex mutex;
  fs::path stored;  // folder of a copy; empty: none yet

  State(std::shared_ptr<const Labelled> data, StartWeights weights)
      : labelled(std::move(data)), start(std::move(weights)) {
    const bool none = labelled->bars.time_ms.empty() && labelled->windows.empty();
    if (!none) check_labelled(*labelled);
    bar_faults = check_bars(labelled->bars).faults();
    ContentHashes hashes = content_hashes(*labelled);
    hash = std::move(hashes.whole);
    part_hashes = std::move(hashes.parts);
    if (start.bytes.empty()) return;
    part_hashes["start"] = hash_text(start.bytes.data(), start.bytes.size());
    hash += part_hashes["start"];
    hash = hash_text(hash.data(), hash.size());
  }
};

TrainingData::TrainingData(Labelled labelled, StartWeights start)
    : state_(std::make_shared<State>(std::make_shared<const Labelled>(std::move(labelled)),
                                     std::move(start))) {}

TrainingData TrainingData::viewing(const Labelled& labelled, StartWeights start) {
  const std::shared_ptr<const Labelled> view(std::shared_ptr<void>(), &labelled);
  return TrainingData(std::make_shared<State>(view, std::move(start)));
}

const Labelled& TrainingData::labelled() const {
  return *state_->labelled;
}
const StartWeights& TrainingData::start() const {
  return state_->start;
}
InputCache& TrainingData::inputs() const {
  return state_->inputs;
}
int64_t TrainingData::bar_faults() const {
  return state_->bar_faults;
}
const std::string& TrainingData::hash() const {
  return state_->hash;
}

const std::map<std::string, std::string>& TrainingData::part_hashes() const {
  return state_->part_hashes;
}

void TrainingData::store_in(const fs::path& folder) const {
  make_folder(folder);
  std::error_code problem;
  const std::lock_guard lock(state_->mutex);
  remove_temporaries(folder);
  const bool linkable = !state_->stored.empty() && state_->stored != folder;
  const auto put = [&](const char* name, const auto& is_same, const auto& write) {
    const fs::path to = folder / name, from = state_->stored / name;
    std::error_code failed;
    if (linkable && fs::equivalent(from, to, failed)) return;
    if (holds_same(to, is_same)) return;
    if (linkable && replace_by_link(from, to)) return;
    write(to);
    fs::permissions(to, kReadOnly, failed);  // where the file system can
  };
  const auto put_text = [&](const char* name, const std::string& text) {
    put(
        name, [&](const fs::path& file) { return read_file(file) == text; },
        [&](const fs::path& file) { write_file_atomically(file, text); });
  };
  const Labelled& data = *state_->labelled;
  put(
      kBarsFile, [&](const fs::path& file) { return same_bars(read_bars_file(file), data.bars); },
      [&](const fs::path& file) { write_bars_file(file, data.bars); });
  put_text(kWindowsFile, windows_csv(data.windows));
  if (data.spans) {
    put_text(kSpansFile, spans_csv(*data.spans));
  } else {
    fs::remove(folder / kSpansFile, problem);
  }
  if (!state_->start.bytes.empty()) {
    put_text(kStartFile, state_->start.bytes);
  } else {
    fs::remove(folder / kStartFile, problem);
  }
  state_->stored = folder;
}

TrainingData read_training_data(const fs::path& folder, int length) {
  if (!is_there(folder / kBarsFile)) {
    throw Error(folder.parent_path().string() + " has no copy of its data: there is no " +
                    (folder / kBarsFile).string(),
                "restore its folder data; a run of an older version has none: train again from the "
                "files listed in its metadata.json");
  }
  Labelled data;
  data.names = {(folder / kBarsFile).string(), (folder / kWindowsFile).string(),
                (folder / kSpansFile).string()};
  data.bars = read_bars_file(folder / kBarsFile);
  data.windows = read_windows(folder / kWindowsFile, length);
  if (is_there(folder / kSpansFile)) data.spans = read_spans(folder / kSpansFile);
  StartWeights start;
  if (is_there(folder / kStartFile)) start = read_start_weights(folder / kStartFile);
  return {std::move(data), std::move(start)};
}

TrainingData read_run_data(const fs::path& run, const Metadata& metadata, int length) {
  const fs::path folder = run / kDataFolder;
  TrainingData data = read_training_data(folder, length);
  const auto wanted = hashes_in(metadata);
  for (const auto& [part, file] : kFiles) {
    const std::string path = (folder / file).string();
    const bool belongs = metadata.inputs.contains(part);
    const auto found = data.part_hashes().find(part);
    const bool there = found != data.part_hashes().end();
    if (belongs && !there) {
      throw Error(path + " is missing or empty, but the run was trained with it",
                  "restore the file");
    }
    if (there && !belongs) {
      throw Error(path + " does not belong to the run, which started without it",
                  "remove the file");
    }
    const auto hash = wanted.find(part);
    if (!there || hash == wanted.end() || hash->second == found->second) continue;
    throw Error(path + " changed since the run started, or is damaged",
                "restore the original file, or train again from the files listed in metadata.json");
  }
  return data;
}

bool is_source_of(const TrainingData& data, const Metadata& metadata) {
  return !metadata.source_hash.empty() && data.part_hashes() == hashes_in(metadata);
}

RunData prepare(const Recipe& recipe, const TrainingData& source) {
  check_shift(recipe);
  const Labelled& labelled = source.labelled();
  RunData data{source, complete_windows(labelled, recipe.data.window), {}, {}, {}};
  data.dataset = build_dataset(labelled.bars, data.windows, recipe.data,
                               recipe.loss.countdown_target, &source.inputs());
  if (recipe.train.mirror) {
    add_mirrored_input(labelled.bars, data.windows, recipe.data.feature_mode, data.dataset,
                       &source.inputs());
  }
  if (recipe.train.shift > 0) {
    add_wide_input(labelled.bars, data.windows, recipe.train.shift, recipe.train.mirror,
                   data.dataset, &source.inputs());
  }
  data.split = split_windows(data.windows, recipe.data.window, recipe.split);
  if (recipe.train.patience > 0 && data.split.validation.empty()) {
    throw Error("train.patience needs a validation loss, but there are no validation windows",
                "set split.validation above 0, or train.patience to 0");
  }
  const auto has_label = [&](int w) { return data.dataset.labelled[static_cast<size_t>(w)] != 0; };
  if (!recipe.has(Task::span) &&
      std::none_of(data.split.train.begin(), data.split.train.end(), has_label)) {
    throw Error(labelled.names.windows +
                    ": no training window contains a labelled span, so the recipe's tasks have "
                    "nothing to learn",
                "label windows, or train the span task too: loss.tasks = [\"span\"]");
  }
  data.hash = hash_of(data);
  return data;
}

}  // namespace spanlab
