// The order of findings: causes first, and what may follow from them next.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/diagnose/diagnose.h"

namespace spanlab {
namespace {

Finding finding(std::string rule, Severity severity, std::vector<std::string> leads_to = {}) {
  Finding f;
  f.rule = std::move(rule);
  f.severity = severity;
  f.leads_to = std::move(leads_to);
  return f;
}

std::string order_of(const std::vector<Finding>& findings) {
  std::string order;
  for (const Finding& f : in_causal_order(findings)) order += f.rule;
  return order;
}

constexpr Severity kNote = Severity::note, kMedium = Severity::medium, kHigh = Severity::high;

TEST(CausalOrder, CausesBeforeWhatFollows) {
  EXPECT_EQ(
      order_of({finding("C", kHigh), finding("B", kMedium, {"C"}), finding("A", kNote, {"B"})}),
      "ABC");
}

TEST(CausalOrder, AFindingWaitsForAllItsCauses) {
  EXPECT_EQ(order_of({finding("A", kHigh, {"C"}), finding("B", kNote, {"C"}), finding("C", kHigh)}),
            "ABC");
}

TEST(CausalOrder, ARootThatExplainsASevereFindingGoesFirst) {
  EXPECT_EQ(order_of({finding("X", kHigh), finding("B", kMedium, {"C"}), finding("C", kHigh)}),
            "BCX");
}

TEST(CausalOrder, WhatFollowsGoesBeforeTheNextRoot) {
  for (const Severity follower : {kNote, kHigh}) {
    EXPECT_EQ(order_of({finding("A", kHigh, {"B"}), finding("X", kHigh), finding("B", follower)}),
              "ABX");
  }
}

TEST(CausalOrder, AmongEqualsTheSevereThenTheEarlier) {
  EXPECT_EQ(order_of({finding("A", kNote), finding("B", kHigh), finding("C", kHigh)}), "BCA");
}

TEST(CausalOrder, CirclesDoNotHang) {
  const std::string order = order_of(
      {finding("A", kHigh, {"B"}), finding("B", kHigh, {"A", "C"}), finding("C", kHigh, {"C"})});
  EXPECT_EQ(order.size(), 3u);
  EXPECT_EQ(order.back(), 'C');
}

}  // namespace
}  // namespace spanlab
