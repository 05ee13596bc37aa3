// The HTML page of a document: nothing breaks out of its element, nothing is fetched, chart data
// are JSON.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "spanlab/document/document.h"
#include "tests/document/sample_document.h"

namespace spanlab::testing {
namespace {

using nlohmann::json;

size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

// The page from <body> to the scripts behind the text.
std::string body(const Document& document) {
  const std::string page = html_of(document);
  const size_t start = page.find("<body>") + 7;
  return page.substr(start, page.find("</main>") - start);
}
std::string body(const Block& block) {
  return body(Document{"", {block}});
}

// All JSON blocks of the page, cut where a browser would cut them.
std::vector<json> charts_of(const std::string& page) {
  const std::string open = "<script type=\"application/json\">";
  std::vector<json> charts;
  for (size_t at = page.find(open); at != std::string::npos; at = page.find(open, at + 1)) {
    const size_t start = at + open.size();
    charts.push_back(json::parse(page.substr(start, page.find("</script", start) - start)));
  }
  return charts;
}
json chart_of(const Block& block) {
  return charts_of(html_of({"", {block}})).at(0);
}

const char* const kNasty = "</script><script>alert(1)</script> <!-- \"'&<b>";

TEST(Html, TextIsEscaped) {
  EXPECT_EQ(
      body(Paragraph{"1 < 2 & **b** > `<i>` \""}),
      "<main>\n<p>1 &lt; 2 &amp; <strong>b</strong> &gt; <code>&lt;i&gt;</code> &quot;</p>\n");
}

TEST(Html, NastyTextBreaksOutOfNoBlock) {
  const Document plain{"t",
                       {Heading{2, "t"}, Paragraph{"t"}, Bullets{{"t"}}, CodeBlock{"t"},
                        TextTable{{"t"}, {{"t"}}}, LineChart{"t", "t", "t", {{"t", {}, false}}},
                        CandleChart{"t", {}, {}, {}, {}, 0.5}, IntervalChart{"t", "t", {}, {}}}};
  const Document nasty{
      kNasty,
      {Heading{2, kNasty}, Paragraph{kNasty}, Bullets{{kNasty}}, CodeBlock{kNasty},
       TextTable{{kNasty}, {{kNasty}}}, LineChart{kNasty, kNasty, kNasty, {{kNasty, {}, false}}},
       CandleChart{kNasty, {}, {}, {}, {}, 0.5}, IntervalChart{kNasty, kNasty, {}, {}}}};
  EXPECT_EQ(count(html_of(nasty), "<"), count(html_of(plain), "<"));
  EXPECT_EQ(count(html_of(nasty), "alert"), count(html_of(nasty), "&lt;script&gt;alert") +
                                                count(html_of(nasty), "\\u003cscript>alert") +
                                                1)  // the anchor of the heading
      << html_of(nasty);
  EXPECT_EQ(charts_of(html_of(nasty))[0]["lines"][0]["name"], kNasty);
}

TEST(Html, BytesThatAreNotUtf8DoNotThrow) {
  EXPECT_EQ(chart_of(LineChart{"", "\xff", "", {}, false, false})["x_label"], "\uFFFD");
}

TEST(Html, PageFetchesNothing) {
  const std::string page = html_of(sample_document());
  // Chart.js names its own and a helper's home in licence comments.
  static const std::regex kAddress(R"((https?:)?//[a-z0-9-]+\.[a-z]+[^\s"'`]*)");
  for (std::sregex_iterator it(page.begin(), page.end(), kAddress), end; it != end; ++it) {
    const std::string address = it->str();
    EXPECT_TRUE(address == "https://www.chartjs.org" ||
                address == "https://github.com/kurkle/color#readme")
        << address;
  }
  for (const char* fetching : {" src=", "@import", "url(", "fetch(", "XMLHttpRequest", "<iframe",
                               "<img", "sendBeacon", "WebSocket"}) {
    EXPECT_EQ(count(page, fetching), 0u) << fetching;
  }
  EXPECT_EQ(count(page, "<link "), 1u);
  EXPECT_EQ(count(page, "<link rel=\"icon\" href=\"data:,\">"), 1u) << "keeps browsers from asking";
}

TEST(Html, LicenceOfTheChartLibraryTravelsAlong) {
  EXPECT_EQ(count(html_of(sample_document()), "Released under the MIT License"), 2u);
}

TEST(Html, PageWithoutChartsHasNoScript) {
  const std::string page = html_of({"t", {Paragraph{"p"}}});
  EXPECT_EQ(count(page, "<script"), 0u);
  EXPECT_LT(page.size(), 10'000u);
}

TEST(Html, ContentsListSections) {
  const std::string page = body(Document{
      "t", {Heading{2, "Why & how"}, Heading{3, "no"}, Heading{2, "Why, how?"}, Heading{2, "–"}}});
  EXPECT_EQ(count(page, "<li><a href=\"#why-how\">Why &amp; how</a></li>"), 1u);
  EXPECT_EQ(count(page, "<li><a href=\"#why-how-2\">Why, how?</a></li>"), 1u);
  EXPECT_EQ(count(page, "<h2 id=\"section\">–</h2>"), 1u);
  EXPECT_EQ(count(page, "<li>"), 3u);
  EXPECT_EQ(count(body(Heading{2, "One alone"}), "<nav"), 0u);
}

TEST(Html, RowsOfAnyLengthMakeAWholeTable) {
  const std::string table = body(TextTable{{"a", "b"}, {{"x"}, {"y", "1.5", "z"}, {}}});
  EXPECT_EQ(count(table, "<tr>"), 4u);
  EXPECT_EQ(count(table, "<th"), 3u + 1u);  // and <thead>
  EXPECT_EQ(count(table, "<td"), 9u);
  EXPECT_EQ(count(table, "<td class=\"n\">1.5</td>"), 1u);
}

TEST(Html, EmptyBlocksLeaveNothing) {
  EXPECT_EQ(body(Document{"", {Paragraph{""}, Bullets{}, CodeBlock{""}, TextTable{}}}), "<main>\n");
}

TEST(Html, CodeKeepsItsFirstLineBreak) {
  EXPECT_EQ(body(CodeBlock{"\nx"}), "<main>\n<pre>\n\nx</pre>\n");
}

TEST(Html, EveryChartOfTheSampleIsJson) {
  EXPECT_EQ(charts_of(html_of(sample_document())).size(), 11u);
}

TEST(ChartData, ValuesThatAreNotFiniteAreNull) {
  const json line =
      chart_of(LineChart{"", "", "", {{"a", {{0, 1}, {1, kNan}, {2, kInfinity}}, false}}});
  EXPECT_EQ(line["x"], json({0, 1, 2}));
  EXPECT_EQ(line["lines"][0]["y"], json({1, nullptr, nullptr}));
  const json row = chart_of(IntervalChart{"", "", {{"a", kNan, -kInfinity, 1}}, kNan});
  EXPECT_EQ(row["rows"][0],
            json({{"name", "a"}, {"value", nullptr}, {"low", nullptr}, {"high", 1}}));
  EXPECT_TRUE(row["reference"].is_null());
  EXPECT_EQ(chart_of(CandleChart{"", {{1, kNan, 0, 1}}, {}, {}, {}, 0.5})["bars"],
            json::parse("[[1, null, 0, 1]]"));
}

TEST(ChartData, LogarithmsOfZeroAndBelowAreGaps) {
  const json data =
      chart_of(LineChart{"", "", "", {{"a", {{-1, 0.1}, {0, 0.0}, {1, -2}}, false}}, true});
  EXPECT_EQ(data["lines"][0]["y"], json({0.1, nullptr, nullptr}));
  EXPECT_EQ(data["x"], json({-1, 0, 1}));
}

TEST(ChartData, NumbersAreShort) {
  const json data =
      chart_of(LineChart{"", "", "", {{"a", {{1, 1.0 / 3.0}, {2, 123456.7}}, false}}});
  EXPECT_EQ(data["lines"][0]["y"].dump(), "[0.33333,123460]");
}

// A range of 30 at 97123: five digits would make a body of 0.9 nothing.
TEST(ChartData, PricesKeepWhatTheChartCanShow) {
  const json data = chart_of(
      CandleChart{"", {{97123.45, 97140.0, 97110.0, 97124.35}}, {{0, 0}}, {}, {0.25f}, 0.35});
  EXPECT_NEAR(data["bars"][0][0].get<double>(), 97123.45, 0.01);
  EXPECT_NEAR(data["bars"][0][3].get<double>(), 97124.35, 0.01);
  EXPECT_EQ(data["labelled"], json::parse("[[0, 0]]"));
  EXPECT_EQ(data["probability"], json({0.25}));
  EXPECT_EQ(data["threshold"], 0.35);
}

TEST(ChartData, LinesShareTheirXWhereItIsEqual) {
  const json data = chart_of(LineChart{
      "",
      "",
      "",
      {{"a", {{0, 1}, {1, 2}}, false}, {"b", {{0, 3}, {1, 4}}, true}, {"c", {{5, 6}}, false}}});
  EXPECT_FALSE(data["lines"][0].contains("x"));
  EXPECT_FALSE(data["lines"][1].contains("x"));
  EXPECT_EQ(data["lines"][1]["dashed"], true);
  EXPECT_EQ(data["lines"][2]["x"], json({5}));
}

TEST(ChartData, LongLinesAreThinnedAndKeepTheirPeaks) {
  LineChart chart{"", "", "", {{"a", {}, false}}};
  for (int i = 0; i < 100'000; ++i) chart.lines[0].points.push_back({double(i), 0.5});
  chart.lines[0].points[54'321][1] = 99.0;
  chart.lines[0].points[54'322][1] = -99.0;
  const json data = chart_of(chart);
  const std::vector<double> y = data["lines"][0]["y"], x = data["x"];
  EXPECT_LE(y.size(), 1200u);
  EXPECT_EQ(y.size(), x.size());
  EXPECT_TRUE(std::is_sorted(x.begin(), x.end()));
  EXPECT_EQ(*std::max_element(y.begin(), y.end()), 99.0);
  EXPECT_EQ(*std::min_element(y.begin(), y.end()), -99.0);
}

TEST(ChartData, StackedLinesKeepCommonX) {
  LineChart chart{"", "", "", {{"a", {}, false}, {"b", {}, false}}, false, true};
  for (int i = 0; i < 5000; ++i) {
    chart.lines[0].points.push_back({double(i), i % 7 / 7.0});
    chart.lines[1].points.push_back({double(i), 1.0 - i % 7 / 7.0});
  }
  const json data = chart_of(chart);
  EXPECT_EQ(data["stacked"], true);
  EXPECT_FALSE(data["lines"][1].contains("x"));
  EXPECT_EQ(data["x"].back(), 4999);
  const std::vector<double> a = data["lines"][0]["y"], b = data["lines"][1]["y"];
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i] + b[i], 1.0, 2e-5);
}

TEST(Html, LargeReportStaysUnderThreeMegabytes) {
  Document document{"Large", {}};
  for (int c = 0; c < 20; ++c) {
    LineChart chart{"c", "x", "y", {}, false, c % 2 == 0};
    for (int k = 0; k < 8; ++k) {
      LineChart::Line line{"line", {}, false};
      for (int i = 0; i < 20'000; ++i)
        line.points.push_back({double(i), std::sin(i * 0.01 * (k + 1.1))});
      chart.lines.push_back(line);
    }
    document.blocks.emplace_back(chart);
  }
  EXPECT_LT(html_of(document).size(), 3'000'000u);
}

}  // namespace
}  // namespace spanlab::testing
