// Evidence from real run folders, whole, poor and damaged.
#include "spanlab/evaluate/run_evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "spanlab/bars/bars_file.h"
#include "spanlab/base/file.h"
#include "spanlab/diagnose/diagnose.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/window.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTables[] = {"epoch_metrics",     "loss_components", "uncertainty_params",
                                   "probability_stats", "feature_stats",   "gradient_stats"};

/// One small run on a grouped split; every test works on a copy of its folder.
class RunFolderEvidence : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    data_ = new SmallData;
    Recipe recipe = small_recipe(6);
    recipe.split.kind = SplitKind::grouped;
    recipe.record.diagnostics_every = 2;
    train_run(recipe, data_->inputs, data_->out("original"), with_threads(1));
  }
  static void TearDownTestSuite() { delete data_; }

  void SetUp() override {
    run_ = copies_ / "run";
    fs::copy(data_->out("original"), run_, fs::copy_options::recursive);
  }

  std::string table(const std::string& name) const { return read_file(run_ / (name + ".csv")); }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(run_ / name, std::ios::binary) << bytes;
  }
  static bool has_note(const RunEvidence& evidence, std::string_view part) {
    return std::any_of(evidence.notes.begin(), evidence.notes.end(), [&](const std::string& note) {
      return note.find(part) != std::string::npos;
    });
  }

  static SmallData* data_;
  TemporaryFolder copies_;
  fs::path run_;
};
SmallData* RunFolderEvidence::data_ = nullptr;

TEST_F(RunFolderEvidence, IsWhole) {
  const RunEvidence evidence = gather_evidence(run_, 1);
  EXPECT_TRUE(evidence.recipe && evidence.metadata && evidence.data && evidence.model &&
              evidence.evaluation);
  EXPECT_EQ(evidence.model->file, "checkpoint_epoch_6.safetensors");
  EXPECT_TRUE(evidence.notes.empty()) << evidence.notes.front();
  EXPECT_FALSE(evidence.record.task_gradients.empty());
  EXPECT_EQ(evidence.evaluation->windows, static_cast<int>(evidence.data->split.validation.size()));
}

TEST(PatientRun, IsJudgedByItsBestEpoch) {
  const SmallData data;
  Recipe recipe = small_recipe(30);
  recipe.split.kind = SplitKind::grouped;
  recipe.model.input_dropout = recipe.model.head_dropout = 0;
  recipe.train.rate.peak = 0.02;
  recipe.train.patience = 2;
  const RunResult run = train_run(recipe, data.inputs, data.out("run"), with_threads(1));
  ASSERT_LT(run.loop.progress.best_epoch, run.loop.progress.epoch);
  const RunEvidence evidence = gather_evidence(data.out("run"), 1);
  ASSERT_TRUE(evidence.model);
  EXPECT_EQ(evidence.model->file, "best_model.safetensors");
  EXPECT_EQ(evidence.model->parameters, load_model(data.out("run") / "best_model.safetensors",
                                                   evidence.recipe->model, evidence.data->dataset));
  EXPECT_TRUE(evidence.notes.empty());
  EXPECT_EQ(epochs_of_run(evidence), run.loop.progress.epoch);
  EXPECT_NO_THROW(diagnose(evidence));
  // Where it is missing, the last epoch's has to do.
  fs::remove(data.out("run") / "best_model.safetensors");
  EXPECT_EQ(gather_run(data.out("run"), 1).model->file,
            "checkpoint_epoch_" + std::to_string(run.loop.progress.epoch) + ".safetensors");
}

TEST_F(RunFolderEvidence, TablesAloneAreEnough) {
  const fs::path bare = copies_ / "bare";
  fs::create_directory(bare);
  for (const char* name : kTables) {
    fs::copy(run_ / (std::string(name) + ".csv"), bare / (std::string(name) + ".csv"));
  }
  const RunEvidence evidence = gather_evidence(bare, 1);
  EXPECT_FALSE(evidence.recipe || evidence.data || evidence.model);
  EXPECT_TRUE(has_note(evidence, "metadata.json"));
  diagnose(evidence);
  for (const char* name : kTables) {
    fs::remove(bare / (std::string(name) + ".csv"));
    if (std::string(name) == "gradient_stats") break;  // the last one
    const RunEvidence poorer = gather_evidence(bare, 1);
    EXPECT_TRUE(has_note(poorer, name)) << name;
    diagnose(poorer);
  }
  expect_error([&] { gather_evidence(bare, 1); }, {"bare"});
}

TEST_F(RunFolderEvidence, NoFolderAndAFile) {
  expect_error([&] { gather_run(copies_ / "nowhere", 1); }, {"nowhere"});
  expect_error([&] { gather_run(run_ / "epoch_metrics.csv", 1); }, {"epoch_metrics.csv"});
}

TEST_F(RunFolderEvidence, InputsThatChangedAreANote) {
  std::vector<Window> fewer = data_->windows;
  fewer.pop_back();
  write_windows(run_ / "data" / "windows.csv", fewer);
  const RunEvidence changed = gather_evidence(run_, 1);
  EXPECT_FALSE(changed.data || changed.model);
  EXPECT_TRUE(has_note(changed, "the data are not used"));
  fs::remove(run_ / "data" / "windows.csv");
  const RunEvidence gone = gather_evidence(run_, 1);
  EXPECT_FALSE(gone.data);
  EXPECT_FALSE(diagnose(gone).empty());
  expect_error([&] { evaluate_run(gone, {}, 1); }, {"cannot be tested", "windows"});
}

TEST_F(RunFolderEvidence, WhatPreventsATestIsToldAlone) {
  fs::remove(run_ / "feature_stats.csv");  // no obstacle
  Bars bars = data_->bars;
  bars.close[5999] += 0.25;  // no window comes near
  write_bars_file(run_ / "data" / "bars.safetensors", bars);
  const RunEvidence damaged = gather_run(run_, 1);
  EXPECT_TRUE(has_note(damaged, "feature_stats.csv"));
  EXPECT_TRUE(has_note(damaged, "bars.safetensors changed since the run started"));
  try {
    evaluate_run(damaged, {}, 1);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("feature_stats"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("bars.safetensors"), std::string::npos);
    EXPECT_NE(error.hint().find("metadata.json"), std::string::npos) << error.hint();
  }
  write("checkpoint_epoch_6.safetensors", "not a weight file");
  expect_error([&] { evaluate_run(gather_run(run_, 1, &data_->inputs), {}, 1); },
               {"cannot be tested", "checkpoint_epoch_6.safetensors"});
}

TEST_F(RunFolderEvidence, FurtherSpansThatAreGoneAreToldAsThat) {
  const TrainingData inputs =
      data_->with_spans({{5990, 5992, Direction::up, SpanType::retracement, 1}});
  train_run(small_recipe(2), inputs, copies_ / "with spans", with_threads(1));
  fs::remove(copies_ / "with spans" / "data" / "spans.csv");
  expect_error([&] { evaluate_run(gather_run(copies_ / "with spans", 1), {}, 1); },
               {"cannot be tested", "spans.csv is missing", "restore the file"});
}

TEST_F(RunFolderEvidence, CheckpointsThatDoNotFitAreANote) {
  write("checkpoint_epoch_6.safetensors", "not a weight file");
  EXPECT_TRUE(has_note(gather_run(run_, 1), "the model is not used"));
  for (const auto& entry : fs::directory_iterator(run_)) {
    if (entry.path().extension() == ".safetensors") fs::remove(entry.path());
  }
  const RunEvidence none = gather_run(run_, 1);
  EXPECT_TRUE(has_note(none, "no checkpoint"));
  expect_error([&] { evaluate_run(none, {}, 1); }, {"no checkpoint"});
}

TEST_F(RunFolderEvidence, DamagedSettingsNameTheFile) {
  write("recipe.toml", "[train]\nepochs = \"many\"\n");
  expect_error([&] { gather_run(run_, 1); }, {"recipe.toml"});
  fs::copy(data_->out("original") / "recipe.toml", run_ / "recipe.toml",
           fs::copy_options::overwrite_existing);
  write("metadata.json", "{\"status\": ");
  expect_error([&] { gather_run(run_, 1); }, {"metadata.json"});
}

TEST_F(RunFolderEvidence, TablesOfAnotherVersion) {
  std::string text = table("loss_components");
  write("loss_components.csv", "epoch,phase,loss_kind\n1,train,0.5\n");
  expect_error([&] { gather_run(run_, 1); }, {"loss_components.csv", "loss_"});
  text.insert(text.find('\n'), ",more");  // a column that is not known
  for (size_t at = text.find('\n') + 1; (at = text.find('\n', at)) != std::string::npos; at += 3) {
    text.insert(at, ",7");
  }
  write("loss_components.csv", text);
  EXPECT_EQ(gather_run(run_, 1).record.loss_components.size(), 12u);
}

TEST_F(RunFolderEvidence, NumbersThatAreNone) {
  std::string text = table("epoch_metrics");
  const size_t row = text.rfind('\n', text.size() - 2) + 1;
  const size_t cell = text.find(',', row) + 1;
  text.replace(cell, text.find(',', cell) - cell, "nan");
  write("epoch_metrics.csv", text);
  const std::vector<Finding> findings = diagnose(gather_evidence(run_, 1));
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(),
                          [](const Finding& f) { return f.rule == "N1"; }));
}

TEST_F(RunFolderEvidence, CutAnywhereItIsAnErrorOrFindings) {
  for (const char* name : kTables) {
    const std::string whole = table(name), file = std::string(name) + ".csv";
    for (size_t i = 0; i < 25; ++i) {
      write(file, std::string_view(whole).substr(0, whole.size() * i / 25));
      try {
        diagnose(gather_run(run_, 1));
      } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find(".csv"), std::string::npos) << error.what();
      }
    }
    write(file, whole);
  }
}

TEST_F(RunFolderEvidence, HeldOutStretch) {
  const std::vector<Span> spans = simulate_market(6000, 3, MarketModel{}).spans;
  const RunEvidence run = gather_run(run_, 1);
  const Evaluation tested = evaluate_run(run, HeldOut{spans, {}}, 1);
  int64_t end = 0;
  for (const Window& w : data_->windows) end = std::max(end, w.first_row + 30);
  EXPECT_EQ(tested.windows, static_cast<int>((6000 - (end + 30)) / 30));
  EXPECT_EQ(tested.groups, tested.windows);
  EXPECT_EQ(tested.threshold_from, "the run's validation windows");
  // The bootstrap follows its seed alone.
  const Evaluation again = evaluate_run(run, HeldOut{spans, {}}, 1);
  EXPECT_EQ(again.model.metrics[0].low, tested.model.metrics[0].low);
  EXPECT_EQ(draw_run(run, HeldOut{spans, {}}, kEvaluationSeed, 1).value[0],
            tested.model.metrics[0].value);

  expect_error(
      [&] {
        evaluate_run(run, HeldOut{spans, end - 1}, 1);
      },
      {"held-out stretch begins at row"});
  expect_error([&] { evaluate_run(run, HeldOut{spans, 5990}, 1); }, {"no window"});
}

}  // namespace
}  // namespace spanlab
