// Draws the spans, then the places, then the shifted windows, all from one random stream.
#include "spanlab/windows/cut.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>

#include "spanlab/bars/bars.h"
#include "spanlab/bars/check.h"
#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/base/settings.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/check.h"

namespace spanlab {
namespace {

// A span with the first rows that a window around it can have.
struct Candidate {
  Span span;
  BarRange stretch;  // rows without gap around it
  BarRange places;   // first rows of windows that show the whole span
};

void check(const CutSettings& settings) {
  const auto require = [](bool fine, const std::string& what, const char* hint) {
    if (!fine) throw Error("cut." + what, hint);
  };
  require(settings.length >= 1, "length: a window needs at least one bar",
          "give a length of 1 or more");
  require(!settings.count || *settings.count >= 1, "count: it is below 1",
          "give a count of 1 or more");
  require(settings.overlaps >= 0, "overlaps: the number is negative", "give 0 for none");
  require(settings.stride >= 1, "stride: it is below 1 bar", "give a stride of 1 bar or more");
  require(settings.min_visible > 0.0 && settings.min_visible <= 1.0,
          fmt::format("min_visible: the smallest visible fraction {} is out of range",
                      settings.min_visible),
          "give a fraction above 0 and up to 1");
}

// The spans that fit into a window, by start row.
std::vector<Candidate> candidates_of(const Bars& series, const std::vector<Span>& spans,
                                     const CutSettings& settings, int64_t rows_before) {
  std::vector<Candidate> candidates;
  for (const Span& span : spans) {
    const BarRange rows = span.rows();
    if (rows.end > rows_before) continue;
    // No window that shows a part of the span reaches further.
    const int64_t reach = 2 * int64_t{settings.length};
    const int64_t after = std::min(rows.end + reach, rows_before) - rows.begin - 1;
    const BarRange stretch = widened(series, {rows.begin, rows.begin + 1}, reach, after);
    const BarRange places{std::max(rows.end - settings.length, stretch.begin),
                          std::min(rows.begin, stretch.end - settings.length) + 1};
    if (rows.end <= stretch.end && !places.empty()) candidates.push_back({span, stretch, places});
  }
  return candidates;
}

// How many base windows there will be.
size_t base_windows(size_t candidates, size_t spans, const CutSettings& settings,
                    int64_t rows_before) {
  if (spans == 0) {
    throw Error("there are no spans to cut windows around",
                "label some first; the command `label hindsight` finds spans by a rule");
  }
  const auto wanted = static_cast<size_t>(settings.count.value_or(kDefaultBaseWindows));
  if (candidates == 0 || (settings.count && candidates < wanted)) {
    throw Error(
        fmt::format("{}{} wanted, but {} of {} fit into a window of {} without gap before "
                    "row {}",
                    settings.count ? "cut.count: " : "",
                    counted(static_cast<int64_t>(wanted), "window"), candidates,
                    counted(static_cast<int64_t>(spans), "span"), counted(settings.length, "bar"),
                    rows_before),
        candidates == 0
            ? "give more bars or shorter windows"
            : fmt::format("a count of {} takes all that fit; or give more bars or shorter windows",
                          candidates));
  }
  return std::min(candidates, wanted);
}

// `count` of the values at random, in their old order.
template <class T>
std::vector<T> draw(const std::vector<T>& values, size_t count, RandomStream& random) {
  std::vector<size_t> chosen(values.size());
  for (size_t i = 0; i < chosen.size(); ++i) chosen[i] = i;
  random.shuffle(std::span(chosen));
  chosen.resize(std::min(count, chosen.size()));
  std::sort(chosen.begin(), chosen.end());
  std::vector<T> drawn;
  for (const size_t i : chosen) drawn.push_back(values[i]);
  return drawn;
}

// The window from `first_row` on, with what it shows of the span.
Window window_at(int64_t first_row, const Span& span, const CutSettings& settings) {
  const BarRange shown = span.rows().common({first_row, first_row + settings.length});
  Window window{.id = {},
                .base_id = {},
                .offset = 0,
                .first_row = first_row,
                .visible_fraction = 0.0,
                .spans = {}};
  if (shown.empty()) return window;
  window.visible_fraction =
      static_cast<double>(shown.size()) / static_cast<double>(span.rows().size());
  window.spans.push_back({static_cast<int>(shown.begin - first_row),
                          static_cast<int>(shown.end - 1 - first_row), span.type});
  return window;
}

// The windows shifted from `base` to either side that stay in the stretch and show enough.
void add_overlaps(const Window& base, const Candidate& c, const CutSettings& settings,
                  std::vector<Window>& overlaps) {
  if (settings.stride >= settings.length) return;  // shifted out of sight
  for (const int64_t offset : {-settings.stride, settings.stride}) {
    const int64_t first_row = base.first_row + offset;
    if (first_row < c.stretch.begin || first_row + settings.length > c.stretch.end) continue;
    Window window = window_at(first_row, c.span, settings);
    if (window.visible_fraction < settings.min_visible) continue;
    window.id = fmt::format("{}_{:+}", base.id, offset);
    window.base_id = base.id;
    window.offset = offset;
    overlaps.push_back(std::move(window));
  }
}

}  // namespace

std::vector<Window> cut_windows(const Bars& series, const std::vector<Span>& spans,
                                const CutSettings& settings) {
  check(settings);
  check_spans(series, spans);
  const int64_t rows_before = rows_below(series, settings.rows_before, "cut.rows_before");
  const std::vector<Candidate> candidates = candidates_of(series, spans, settings, rows_before);
  const size_t count = base_windows(candidates.size(), spans.size(), settings, rows_before);

  RandomStream random(settings.seed, Purpose::window_cut);
  std::vector<Window> windows, overlaps;
  for (const Candidate& c : draw(candidates, count, random)) {
    const auto places = static_cast<uint64_t>(c.places.size());
    const int64_t first_row = c.places.begin + static_cast<int64_t>(random.below(places));
    Window window = window_at(first_row, c.span, settings);
    window.id = window.base_id = std::to_string(windows.size());
    add_overlaps(window, c, settings, overlaps);
    windows.push_back(std::move(window));
  }
  for (Window& window : draw(overlaps, static_cast<size_t>(settings.overlaps), random)) {
    windows.push_back(std::move(window));
  }
  return windows;
}

std::vector<Setting> settings_of(CutSettings& s) {
  return {
      integer_setting(
          "cut.count", s.count, {1, 1'000'000'000},
          fmt::format(
              "base windows, each around a span of its own (default: as many as fit, at most {})",
              kDefaultBaseWindows)),
      integer_setting("cut.overlaps", s.overlaps, {0, 1'000'000'000},
                      "largest number of additional shifted windows"),
      integer_setting("cut.stride", s.stride, {1, 1'000'000'000},
                      "bars by which they are shifted, in either direction"),
      number_setting("cut.min_visible", s.min_visible, {0, 1, true},
                     "smallest fraction of the span in a shifted window"),
      integer_setting("cut.length", s.length, {1, 1'000'000}, "bars in a window"),
      integer_setting_or_none(
          "cut.rows_before", s.rows_before, kNoLimit, {0, kNoLimit},
          "all windows end before this row: the bars from there are kept for testing"),
      integer_setting("cut.seed", s.seed, {0, kNoLimit}, "the same seed gives the same windows")};
}

}  // namespace spanlab
