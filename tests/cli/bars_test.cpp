// `spanlab bars simulate` writes the library's market. What it prints: tests/commands.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/market/simulate.h"
#include "tests/cli/run_program.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class BarsCommand : public ::testing::Test {
 protected:
  std::string file(const std::string& name) { return (folder_ / name).string(); }
  RunResult bars(std::vector<std::string> words) {
    words.insert(words.begin(), "bars");
    return run_program(words);
  }
  TemporaryFolder folder_;
};

TEST_F(BarsCommand, SimulateWritesBarsAndTruth) {
  const RunResult result = bars({"simulate", "--bars", "5000", "--seed", "7", "--strength", "2",
                                 "--out", file("bars.csv"), "--spans", file("spans.csv")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "bars.csv: 5000 bars of 1m, seed 7\n")) << result.out;
  MarketModel model;
  model.strength = 2;
  const SimulatedMarket market = simulate_market(5000, 7, model);
  EXPECT_EQ(read_bars(folder_ / "bars.csv").close, market.bars.close);
  const std::vector<Span> spans = read_spans(folder_ / "spans.csv");
  ASSERT_EQ(spans.size(), market.spans.size());
  ASSERT_GT(spans.size(), 20u);
  for (size_t k = 0; k < spans.size(); ++k) {
    const Span& e = market.spans[k];
    EXPECT_EQ(spans[k].start_row, e.start_row);
    EXPECT_EQ(spans[k].end_row, e.end_row);
    EXPECT_EQ(spans[k].direction, e.direction);
    EXPECT_EQ(spans[k].type, e.type);
    EXPECT_NEAR(spans[k].score, e.score, 1e-4);
  }
  EXPECT_EQ(folder_.entries(), 2u);
}

}  // namespace
}  // namespace spanlab
