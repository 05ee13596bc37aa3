// CSV in its usual forms, and malformed, damaged and random bytes.
#include "spanlab/base/csv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"
#include "tests/gzip_bytes.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> read_all(const std::filesystem::path& path) {
  CsvReader csv(path);
  std::vector<Row> rows = {csv.header()};
  while (csv.next()) {
    Row& row = rows.emplace_back();
    for (size_t k = 0; k < csv.header().size(); ++k)
      row.emplace_back(csv.text(static_cast<int>(k)));
  }
  return rows;
}

class CsvTest : public ::testing::Test {
 protected:
  std::vector<Row> read(std::string_view bytes) { return read_all(folder_.write("t.csv", bytes)); }
  void expect_malformed(std::string_view bytes, std::initializer_list<const char*> parts) {
    SCOPED_TRACE(bytes.substr(0, 60));
    expect_error([&] { read(bytes); }, parts);
  }
  TemporaryFolder folder_;
};

const std::vector<Row> kTable = {{"a", "b"}, {"1", "x y"}, {"2", ""}};

TEST_F(CsvTest, AcceptsEveryUsualForm) {
  EXPECT_EQ(read("a,b\n1,x y\n2,\n"), kTable);
  EXPECT_EQ(read("a,b\n1,x y\n2,"), kTable) << "no line end at the end";
  EXPECT_EQ(read("a;b\n1;x y\n2;\n"), kTable) << "semicolon";
  EXPECT_EQ(read("a\tb\n1\tx y\n2\t\n"), kTable) << "tab";
  EXPECT_EQ(read("a,b\r\n1,x y\r\n2,\r\n"), kTable) << "CRLF";
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\n1,x y\n2,\n"),
            kTable)
      << "byte order mark";
  EXPECT_EQ(read("\na,b\n\n  \n1,x y\n\r\n2,\n\n"), kTable) << "blank lines";
  EXPECT_EQ(read(" a , b\n 1,x y \n2 , \n"), kTable) << "blanks around fields";
  EXPECT_EQ(read("\"a\",\"b\"\n\"1\",\"x y\"\n2,\"\"\n"), kTable) << "quotes";
  EXPECT_EQ(read(gzip_bytes("a,b\n1,x y\n2,\n")), kTable) << "gzip";
  EXPECT_EQ(read(gzip_bytes("a,b\n1,x y\n") + gzip_bytes("2,\n")), kTable) << "gzip in two parts";
}

TEST_F(CsvTest, QuotedFields) {
  EXPECT_EQ(read("a,b\n\"1,5\",\"say \"\"yes\"\"\"\n"),
            (std::vector<Row>{{"a", "b"}, {"1,5", "say \"yes\""}}));
  EXPECT_EQ(read("a,b\n\" 1 \",\"\"\"\"\n"), (std::vector<Row>{{"a", "b"}, {" 1 ", "\""}}));
  EXPECT_EQ(read("a,b\n5\" pipe,x\"y\n"), (std::vector<Row>{{"a", "b"}, {"5\" pipe", "x\"y"}}))
      << "a quote inside a field is a letter";
}

TEST_F(CsvTest, OneColumnAndHeaderOnly) {
  EXPECT_EQ(read("a\n1\n2\n"), (std::vector<Row>{{"a"}, {"1"}, {"2"}}));
  EXPECT_EQ(read("a,b\n"), (std::vector<Row>{{"a", "b"}}));
  EXPECT_EQ(read("a,b"), (std::vector<Row>{{"a", "b"}}));
}

TEST_F(CsvTest, ALastLineThatWasCutCanBeDropped) {
  const auto rows = [&](std::string_view bytes, bool drop) {
    CsvReader csv(folder_.write("t.csv", bytes));
    if (drop) csv.drop_cut_line();
    int n = 0;
    while (csv.next()) ++n;
    return std::pair(n, csv.cut());
  };
  EXPECT_EQ(rows("a,b\n1,2\n3,4\n", true), std::pair(2, false));
  EXPECT_EQ(rows("a,b\n1,2\n3,4", true), std::pair(1, true));
  EXPECT_EQ(rows("a,b\n1,2\n3", true), std::pair(1, true)) << "too few fields are no error there";
  EXPECT_EQ(rows("a,b\n1,2\n3,4", false), std::pair(2, true));
  EXPECT_EQ(rows("a,b", true), std::pair(0, true));
  EXPECT_EQ(rows("a,b\n", true), std::pair(0, false));
  EXPECT_EQ(rows("a,b\n1,2\n\n  ", true), std::pair(1, false)) << "blanks are no line";
}

TEST_F(CsvTest, RowsAreCountedAsAnEditorDoes) {
  CsvReader csv(folder_.write("t.csv", "a\n\n1\r\n\n2\n"));
  EXPECT_EQ(csv.row(), 1);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.row(), 3);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.row(), 5);
  EXPECT_FALSE(csv.next());
  EXPECT_FALSE(csv.next());
}

TEST_F(CsvTest, ColumnsByName) {
  CsvReader csv(folder_.write("t.csv", "Time,OPEN,x,X,\n1,2,3,4,5\n"));
  EXPECT_EQ(csv.column("time"), 0);
  EXPECT_EQ(csv.find_column("Open"), 1);
  EXPECT_EQ(csv.find_column("close"), -1);
  expect_error([&] { csv.column("close"); }, {"t.csv", "\"close\"", "Time, OPEN, x, X"});
  expect_error([&] { csv.column("x"); }, {"t.csv", "two columns", "\"x\""});
}

TEST_F(CsvTest, ColumnNamesMayHaveBlanks) {
  CsvReader csv(folder_.write("t.csv", "Window ID,first_row,start row\n1,2,3\n"));
  EXPECT_EQ(csv.column("window_id"), 0);
  EXPECT_EQ(csv.column("FirstRow"), 1);
  EXPECT_EQ(csv.column("start_row"), 2);
  CsvReader twice(folder_.write("u.csv", "open_time,Open time\n1,2\n"));
  expect_error([&] { twice.column("open_time"); }, {"u.csv", "two columns"});
}

TEST_F(CsvTest, Numbers) {
  CsvReader csv(folder_.write("t.csv", "a\n1\n-2.5\n+3e2\n0.1\n.5\nnan\n-inf\n"));
  for (const double expected : {1.0, -2.5, 300.0, 0.1, 0.5}) {
    ASSERT_TRUE(csv.next());
    EXPECT_EQ(csv.number(0), expected);
  }
  ASSERT_TRUE(csv.next());
  EXPECT_TRUE(std::isnan(csv.number(0)));
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.number(0), -std::numeric_limits<double>::infinity());
}

TEST_F(CsvTest, TextInANumberIsNamedByRowAndColumn) {
  for (const char* bad :
       {"x", "1x", "1 2", "--1", "+-1", "+", "1,5", "0x10", "1e999", "1e-999", "1_000",
        "\xC2\xA0"
        "1",
        "1\t"}) {
    SCOPED_TRACE(bad);
    const auto path = folder_.write("t.csv", "a;Price\n1;2\n1;" + std::string(bad) + "\n");
    CsvReader csv(path);
    csv.next();
    csv.next();
    expect_error([&] { csv.number(1); },
                 {"t.csv, row 3, column \"Price\"", "not a number", "decimal point"});
    expect_error([&] { csv.integer(1); }, {"t.csv, row 3, column \"Price\"", "not a whole number"});
  }
  CsvReader csv(folder_.write("t.csv", "a,b\n,1.5\n"));
  csv.next();
  expect_error([&] { csv.number(0); }, {"row 2, column \"a\"", "empty"});
  expect_error([&] { csv.integer(0); }, {"row 2, column \"a\"", "empty"});
  expect_error([&] { csv.integer(1); }, {"row 2, column \"b\"", "\"1.5\" is not a whole number"});
}

TEST_F(CsvTest, IntegersToTheirLimits) {
  CsvReader csv(folder_.write(
      "t.csv", "a,b,c\n9223372036854775807,-9223372036854775808,9223372036854775808\n"));
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.integer(0), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(csv.integer(1), std::numeric_limits<int64_t>::min());
  expect_error([&] { csv.integer(2); }, {"whole number"});
}

TEST_F(CsvTest, MalformedFiles) {
  expect_malformed("", {"t.csv", "empty"});
  expect_malformed("\n\n  \r\n", {"t.csv", "empty"});
  expect_malformed("\xEF\xBB\xBF", {"t.csv", "empty"});
  expect_malformed(gzip_bytes(""), {"t.csv", "empty"});
  expect_malformed(std::string_view("a,b\n1,\0\n", 8), {"not a text file"});
  expect_malformed(std::string_view("\xFF\xFE"
                                    "a\0,\0b\0",
                                    8),
                   {"not a text file"});
  expect_malformed("a,b\n1\n", {"t.csv, row 2", "1 field, but", "2"});
  expect_malformed("a,b\n1,2\n1,2,3\n", {"t.csv, row 3", "3 fields", "2"});
  expect_malformed("a,b\n1,2\n1;2\n", {"t.csv, row 3", "1 field, but"});
  expect_malformed("a,b\n1,\"2\n", {"t.csv, row 2", "quotes of field 2"});
  expect_malformed("a,b\n\"1\"2,3\n", {"t.csv, row 2", "quotes of field 1"});
  expect_malformed("a,b\n1,\"\n", {"t.csv, row 2", "quotes of field 2"});
  expect_malformed("\"a,b\n1,2\n", {"t.csv, row 1", "quotes of field 1"});
  expect_malformed("7,100,10,14,retracement\n",
                   {"t.csv, row 1", "seems to have no header", "7,100,10,14,retracement"});
  expect_malformed("\n-1;.5;+2\n", {"t.csv, row 2", "seems to have no header"});
}

TEST_F(CsvTest, AHeaderMayHoldAFewNumbers) {
  EXPECT_EQ(read("0,a\n1,2\n").size(), 2u);
  EXPECT_EQ(read(",2nd,a,b\n1,2,3,4\n").size(), 2u);
}

TEST_F(CsvTest, FilesThatCannotBeRead) {
  expect_error([&] { CsvReader csv(folder_ / "none.csv"); }, {"none.csv", "No such file"});
  expect_error([&] { CsvReader csv(folder_.path()); }, {folder_.path().c_str(), "folder"});
  expect_error([&] { CsvReader csv(folder_.write("f", "a\n") / "t.csv"); },
               {"t.csv", "Not a directory"});
}

TEST_F(CsvTest, LinesUpToOneMebibyte) {
  constexpr size_t kLimit = size_t{1} << 20;
  const std::string longest(kLimit, 'x');
  EXPECT_EQ(read("a\n" + longest + "\n1\n"), (std::vector<Row>{{"a"}, {longest}, {"1"}}));
  EXPECT_EQ(read("a\n" + longest), (std::vector<Row>{{"a"}, {longest}}));
  expect_malformed("a\n" + longest + "x\n1\n", {"t.csv, row 2", "longer than 1048576 bytes"});
  expect_malformed("a\n" + std::string(10'000'000, '1') + "\n", {"t.csv, row 2", "longer than"});
  expect_malformed(std::string(10'000'000, ','), {"t.csv, row 1", "longer than"});
  expect_malformed(gzip_bytes("a\n1\n" + std::string(10'000'000, '1')),
                   {"t.csv, row 3", "longer than"});
}

// Every row must survive whatever place the ends of the blocks fall on.
TEST_F(CsvTest, ManyBlocks) {
  RandomStream random(5, Purpose::market);
  std::string bytes = "n,text\n";
  std::vector<std::string> texts;
  while (bytes.size() < 3'000'000) {
    texts.emplace_back(random.below(texts.size() % 100 == 0 ? 20000 : 60),
                       'a' + static_cast<char>(texts.size() % 26));
    bytes += std::to_string(texts.size()) + "," + texts.back() + (texts.size() % 3 ? "\n" : "\r\n");
  }
  for (const std::string& stored : {bytes, gzip_bytes(bytes)}) {
    CsvReader csv(folder_.write("t.csv", stored));
    for (size_t k = 0; k < texts.size(); ++k) {
      ASSERT_TRUE(csv.next());
      ASSERT_EQ(csv.integer(0), static_cast<int64_t>(k) + 1);
      ASSERT_EQ(csv.text(1), texts[k]);
    }
    ASSERT_FALSE(csv.next());
    EXPECT_EQ(csv.bytes_read(), bytes.size());
  }
}

std::string numbered_rows(int64_t count) {
  std::string bytes = "n,square\n";
  for (int k = 1; k <= count; ++k)
    bytes += std::to_string(k) + "," + std::to_string(int64_t{k} * k) + "\n";
  return bytes;
}

TEST_F(CsvTest, TruncatedGzipAtEveryLength) {
  const std::string whole = gzip_bytes(numbered_rows(100));
  for (size_t length = 2; length < whole.size(); ++length) {
    const auto path = folder_.write("t.csv.gz", std::string_view(whole).substr(0, length));
    expect_error([&] { read_all(path); }, {"t.csv.gz", "too early", "after row"});
  }
}

TEST_F(CsvTest, TruncatedGzipGivesTheRowsBeforeAndTheirNumber) {
  const std::string whole = gzip_bytes(numbered_rows(100000));
  CsvReader csv(folder_.write("t.csv.gz", std::string_view(whole).substr(0, whole.size() / 2)));
  int64_t rows = 0;
  try {
    while (csv.next()) ASSERT_EQ(csv.integer(0), ++rows);
    ADD_FAILURE() << "no Error thrown";
  } catch (const Error& e) {
    EXPECT_GT(rows, 30000);
    EXPECT_NE(std::string(e.what()).find("after row " + std::to_string(rows + 1)),
              std::string::npos)
        << e.what();
  }
}

TEST_F(CsvTest, DamagedGzipNeverPassesForWhole) {
  const std::string plain = numbered_rows(100);
  const std::string whole = gzip_bytes(plain);
  const std::vector<Row> rows = read(plain);
  constexpr size_t kHeader = 10;
  int refused = 0;
  for (size_t place = kHeader; place < whole.size(); ++place) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    try {
      EXPECT_EQ(read(damaged), rows) << place;  // an unused bit at the end of the deflate data
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("t.csv"), std::string::npos);
      ++refused;
    }
  }
  EXPECT_GE(refused, static_cast<int>(whole.size() - kHeader) - 1);
  EXPECT_EQ(read(whole), rows);
}

TEST_F(CsvTest, RandomBytesNeverDoMoreThanThrow) {
  RandomStream random(6, Purpose::market);
  constexpr std::string_view kAlphabet = "a1,;\t\"\r\n .-\xEF\xBB\xBF";
  for (int file = 0; file < 500; ++file) {
    std::string bytes(random.below(200), ' ');
    for (char& c : bytes) c = kAlphabet[random.below(kAlphabet.size())];
    try {
      for (const Row& row : read(bytes)) ASSERT_FALSE(row.empty());
    } catch (const Error& e) {
      ASSERT_FALSE(e.hint().empty());
    }
  }
}

TEST_F(CsvTest, WriterReadsBack) {
  CsvText csv({"name", "double", "float", "integer"});
  csv.cell("a,b \"c\"").cell(0.1).cell(0.1f).cell(int64_t{-3}).end_row();
  csv.cell("").cell(std::nan("")).cell(1e10f).cell(int64_t{0}).end_row();
  EXPECT_EQ(csv.text(), "name,double,float,integer\n\"a,b \"\"c\"\"\",0.1,0.1,-3\n,nan,1e+10,0\n");
  EXPECT_EQ(read(csv.text()), (std::vector<Row>{{"name", "double", "float", "integer"},
                                                {"a,b \"c\"", "0.1", "0.1", "-3"},
                                                {"", "nan", "1e+10", "0"}}));
}

TEST_F(CsvTest, WriterKeepsBlanksAtTheEnds) {
  CsvText csv({"a", "b"});
  csv.cell(" x").cell("y ").end_row();
  EXPECT_EQ(csv.text(), "a,b\n\" x\",\"y \"\n");
  EXPECT_EQ(read(csv.text()), (std::vector<Row>{{"a", "b"}, {" x", "y "}}));
}

}  // namespace
}  // namespace spanlab
