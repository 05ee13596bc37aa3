// A run through the public header: its bits, its progress, stopping it, and moving its folder.
#include "spanlab/facade/run.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "spanlab/market/simulate.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

std::map<std::string, double> figures_of(const Progress& progress) {
  return {progress.figures.begin(), progress.figures.end()};
}

TEST(Run, HasTheBitsOfTheTrainingBelow) {
  const SmallData data;
  const RunResult below =
      train_run(small_recipe(4), data.inputs, data.out("below"), with_threads(1));
  const spanlab::Run run =
      spanlab::Run::train(small_recipe(4), data.labelled(), data.out("run"), {.threads = 2});
  EXPECT_EQ(run.summary().weights_hash, below.weights_hash);
  EXPECT_EQ(run.summary().epochs, 4);
  EXPECT_EQ(run.metadata().weights_hash, below.weights_hash);
  EXPECT_EQ(run.tables().epoch_metrics.size(), 4u);
  EXPECT_EQ(run.recipe().train.epochs, 4);
  EXPECT_EQ(run.data().bars.close, data.bars.close);
  EXPECT_EQ(run.data().windows, data.windows);
}

TEST(Run, TellsWhereItStands) {
  SmallData data(8);
  for (Window& window : data.windows) window.spans[0].type = SpanType::consolidation;
  std::vector<Progress> seen;
  Job job{.threads = 1};
  job.on_progress = [&](const Progress& progress) { seen.push_back(progress); };
  const spanlab::Run run =
      spanlab::Run::train(small_recipe(3), data.labelled(), data.out("run"), job);
  ASSERT_EQ(seen.size(), 4u);  // before the first epoch, and after each
  for (int64_t step = 0; step < 4; ++step) {
    EXPECT_EQ(seen[static_cast<size_t>(step)].stage, "training");
    EXPECT_EQ(seen[static_cast<size_t>(step)].step, step);
    EXPECT_EQ(seen[static_cast<size_t>(step)].steps, 3);
  }
  EXPECT_EQ(figures_of(seen[0]).at("windows"), 8);
  ASSERT_EQ(seen[0].notes.size(), 1u);
  EXPECT_EQ(seen[0].notes[0],
            "all training windows have the same type: the type task has only one class");
  const auto last = figures_of(seen[3]);
  const EpochMetricsRow row = run.tables().epoch_metrics.back();
  EXPECT_EQ(last.at("training loss"), row.train_loss);
  EXPECT_EQ(last.at("validation loss"), *row.val_loss);
  EXPECT_EQ(last.at("span F1"), *row.span_f1);
  EXPECT_NEAR(
      last.at("loss type") + last.at("loss ptr") + last.at("loss span") + last.at("loss countdown"),
      last.at("validation loss"), 1e-9);
  EXPECT_NEAR(last.at("weight type") + last.at("weight ptr") + last.at("weight span") +
                  last.at("weight countdown"),
              1, 1e-9);
}

TEST(Run, StopsAndResumesElsewhereToTheSameBits) {
  const SmallData data;
  const spanlab::Run whole =
      spanlab::Run::train(small_recipe(6), data.labelled(), data.out("whole"));
  std::stop_source stop;
  Job job{.threads = 1, .stop = stop.get_token()};
  job.on_progress = [&](const Progress& progress) {
    if (progress.step == 2) stop.request_stop();
  };
  EXPECT_THROW(spanlab::Run::train(small_recipe(6), data.labelled(), data.out("run"), job),
               Stopped);
  EXPECT_EQ(spanlab::Run::open(data.out("run")).metadata().status, RunStatus::stopped);
  fs::rename(data.out("run"), data.out("moved"));
  spanlab::Run run = spanlab::Run::open(data.out("moved"));
  run.resume();
  EXPECT_EQ(run.summary().weights_hash, whole.summary().weights_hash);
  run.resume();
  EXPECT_TRUE(run.summary().was_complete);
}

TEST(Run, IsEvaluatedAndDiagnosedFromItsFolderAlone) {
  const SmallData data;
  Recipe recipe = small_recipe(6);
  recipe.split.kind = SplitKind::grouped;
  const spanlab::Run run = spanlab::Run::train(recipe, data.labelled(), data.out("run"));
  const Tested own = run.evaluate();
  EXPECT_EQ(own.figures.windows, run.metadata().val_size);
  EXPECT_TRUE(own.notes.empty());
  EXPECT_NE(markdown_of(own.report).find("the run's validation windows"), std::string::npos);
  HeldOut held_out;
  held_out.spans = simulate_market(6000, 3).spans;
  EXPECT_GT(run.evaluate(held_out).figures.windows, own.figures.windows);
  const Diagnosis diagnosis = run.diagnose({}, "prog");
  EXPECT_FALSE(diagnosis.findings.empty());
  EXPECT_TRUE(diagnosis.notes.empty());
  EXPECT_NE(diagnosis.json.find("\"" + diagnosis.findings[0].rule + "\""), std::string::npos);
  EXPECT_NE(markdown_of(diagnosis.report).find("prog "), std::string::npos);
  const RunsCompared compared = spanlab::compare({run, spanlab::Run::open(data.out("run"))});
  EXPECT_TRUE(compared.figures.settings.empty());
  EXPECT_EQ(compared.figures.difference[1][0].value, 0);
}

TEST(Run, LongCallsStopWhenAsked) {
  const SmallData data;
  Recipe recipe = small_recipe(2);
  recipe.split.kind = SplitKind::grouped;
  const spanlab::Run run = spanlab::Run::train(recipe, data.labelled(), data.out("run"));
  std::stop_source stop;
  stop.request_stop();
  const Job job{.threads = 2, .stop = stop.get_token()};
  EXPECT_THROW(run.evaluate({}, job), Stopped);
  EXPECT_THROW(run.diagnose(job), Stopped);
  EXPECT_THROW(spanlab::compare({run, run}, {}, job), Stopped);
}

TEST(Run, MissingAndBareFoldersAreTold) {
  const SmallData data;
  expect_error([&] { spanlab::Run::open(data.out("nothing")).tables(); }, {"nothing"});
  expect_error([&] { spanlab::Run::open(data.out("nothing")).resume(); }, {"nothing", "no run"});
  const std::string too_long(300, 'x');
  expect_error([&] { spanlab::Run::open(data.out(too_long)).resume(); }, {"cannot access", "xxx"});
}

}  // namespace
}  // namespace spanlab
