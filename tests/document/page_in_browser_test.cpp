// The page of the sample in a real browser, where there is one: every chart is drawn, no script
// fails.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <regex>
#include <string>

#include "spanlab/document/document.h"
#include "tests/document/sample_document.h"
#include "tests/temporary_folder.h"

namespace spanlab::testing {
namespace {

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  pclose(pipe);
  return text;
}

std::string browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    const std::string path = output_of(std::string("command -v ") + name);
    if (!path.empty()) return name;
  }
  return "";
}

// The value of an attribute of <html>; empty if it is not there.
std::string root_attribute(const std::string& page, const std::string& name) {
  const std::string tag = page.substr(0, page.find("<head>"));
  std::smatch match;
  return std::regex_search(tag, match, std::regex(name + "=\"([^\"]*)\"")) ? match[1]
                                                                           : std::string();
}

class PageInBrowser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (browser().empty()) GTEST_SKIP() << "no chromium here to open a page with";
  }

  // The page as it is after its scripts have run; `arguments` for the browser.
  std::string page_of(const std::string& html, const std::string& arguments) const {
    folder_.write("page.html", html);
    const std::string page = (folder_ / "page.html").string();
    return output_of("timeout 60 " + browser() +
                     " --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
                     "--virtual-time-budget=10000 --user-data-dir='" +
                     (folder_ / "profile").string() + "' " + arguments + " --dump-dom 'file://" +
                     page + "' 2>/dev/null");
  }

  TemporaryFolder folder_;
};

TEST_F(PageInBrowser, DrawsEveryChart) {
  const std::string page = page_of(html_of(sample_document()), "--window-size=1280,900");
  EXPECT_EQ(root_attribute(page, "data-charts-drawn"), "11");
  EXPECT_EQ(root_attribute(page, "data-charts-failed"), "0");
  EXPECT_EQ(root_attribute(page, "data-script-error"), "");
  EXPECT_EQ(page.find(">This chart could not be drawn"), std::string::npos);
}

// On a dark phone: before it prints, the page draws what is missing and takes the colours of paper;
// the script tells what it saw then.
TEST_F(PageInBrowser, PrintsEveryChartInTheColoursOfPaper) {
  const std::string print =
      "<script>addEventListener('load', () => {"
      "dispatchEvent(new Event('beforeprint'));"
      "document.documentElement.dataset.printed = document.documentElement.dataset.chartsDrawn +"
      "' on ' + getComputedStyle(document.body).backgroundColor;"
      "dispatchEvent(new Event('afterprint')); })</script>";
  const std::string page = page_of(html_of(sample_document()) + print,
                                   "--window-size=360,640 --blink-settings=preferredColorScheme=0");
  EXPECT_EQ(root_attribute(page, "data-printed"), "11 on rgb(255, 255, 255)");
  EXPECT_EQ(root_attribute(page, "class"), "");
  EXPECT_EQ(root_attribute(page, "data-charts-drawn"), "11");
  EXPECT_EQ(root_attribute(page, "data-script-error"), "");
}

}  // namespace
}  // namespace spanlab::testing
