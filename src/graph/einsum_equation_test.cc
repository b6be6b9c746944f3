#include "graph/einsum_equation.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

std::string parse(std::string_view equation, const std::vector<int>& ranks) {
  const Result<EinsumEquation> result = parse_einsum(equation, ranks);
  if (!result.ok()) return "error";
  std::string text;
  for (const std::string& term : result->inputs) text += term + ",";
  return text + result->output;
}

TEST(Einsum, ExplicitAndImplicitOutputs) {
  EXPECT_EQ(parse("bij, bjk -> bik", {3, 3}), "bij,bjk,bik");
  EXPECT_EQ(parse("kj,ji", {2, 2}), "kj,ji,ik");
  EXPECT_EQ(parse("ii", {2}), "ii,");
  EXPECT_EQ(parse("ij->", {2}), "ij,");
  EXPECT_EQ(parse(",i->i", {0, 1}), ",i,i");
}

TEST(Einsum, EllipsisCountsFromTheEnd) {
  EXPECT_EQ(parse("...ii->...i", {4}), "10ii,10i");
  EXPECT_EQ(parse("...i,...j", {2, 3}), "0i,10j,10ij");
}

TEST(Einsum, RefusesWhatDoesNotFit) {
  EXPECT_EQ(parse("ij,jk->ik", {2}), "error");
  EXPECT_EQ(parse("ij", {2, 2}), "error");
  EXPECT_EQ(parse("ij->i", {3}), "error");
  EXPECT_EQ(parse("ij->ik", {2}), "error");
  EXPECT_EQ(parse("ij->ii", {2}), "error");
  EXPECT_EQ(parse("i*->i", {2}), "error");
  EXPECT_EQ(parse("......->...", {2}), "error");
  EXPECT_EQ(parse("...->...", {17}), "error");
}

}  // namespace
}  // namespace sixtops
