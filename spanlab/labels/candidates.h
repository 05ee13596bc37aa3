// Stretches that may be expansions: a file for the user's verdicts, and the spans that they add.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"

namespace spanlab {

/// A stretch that looks like an expansion and is not labelled.
struct Candidate {
  Span span;                          ///< its score is how much it looks like one
  std::optional<double> probability;  ///< mean over its bars by a detector; none without one

  bool operator==(const Candidate&) const = default;
};

/// Writes the candidates in their order, rank 1 first, atomically: rank, start_row, end_row,
/// start_time, end_time, direction, type, score, probability (empty without one) and verdict, an
/// empty column for the user. The candidates must lie in the series.
void write_candidates(const std::filesystem::path& path, const Bars& series,
                      const std::vector<Candidate>& candidates);

/// What the user made of a candidates file.
struct Verdicts {
  std::vector<Span> accepted;  ///< in the file's order
  int64_t refused = 0;         ///< verdict no
  int64_t open = 0;            ///< no verdict
};

/// Reads the columns start_row, end_row, type, verdict and, if they are there, direction and score.
/// A verdict is yes, no or empty, in any case of letters. Throws Error naming file, row and column:
/// another word, a bad cell, a negative row, start after end.
Verdicts read_verdicts(ByteSource source);
Verdicts read_verdicts(const std::filesystem::path& path);

/// A span that was not added, and one before it that shares a bar with it.
struct Collision {
  Span left_out, kept;
};

struct JoinedSpans {
  std::vector<Span> spans;  ///< by row, disjoint
  std::vector<Collision> collisions;
};

/// `spans`, which must be disjoint, and those of `accepted` that share no bar with them or with an
/// accepted one before.
JoinedSpans add_spans(std::vector<Span> spans, const std::vector<Span>& accepted);

}  // namespace spanlab
