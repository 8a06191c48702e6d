#include "ops/kernels/attention.h"

#include <new>

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

/// Inputs as a fused projection leaves them: [batch, tokens, heads, width], so that a head's rows are far apart.
struct Problem {
  AttentionShape shape;
  std::vector<float> q, k, v, mask;

  AttentionOperand operand(const std::vector<float>& x, int64_t tokens, int64_t heads, int64_t width) const {
    return {x.data(), tokens * heads * width, width, heads * width};
  }
  AttentionOperand q_view() const { return operand(q, shape.queries, shape.heads, shape.width); }
  AttentionOperand k_view() const { return operand(k, shape.keys, shape.heads / shape.heads_per_kv, shape.width); }
  AttentionOperand v_view() const { return operand(v, shape.keys, shape.heads / shape.heads_per_kv, shape.v_width); }
  AttentionOperand mask_view() const {
    if (mask.empty()) return {nullptr, 0, 0, 0};
    return {mask.data(), 0, shape.queries * shape.keys, shape.keys};  // shared by the batch
  }
};

Problem make(const AttentionShape& s, bool masked) {
  Problem p{s, {}, {}, {}, {}};
  const int64_t kv_heads = s.heads / s.heads_per_kv;
  p.q = numbers(s.batch * s.queries * s.heads * s.width, 2, 1);
  p.k = numbers(s.batch * s.keys * kv_heads * s.width, 2, 2);
  p.v = numbers(s.batch * s.keys * kv_heads * s.v_width, 1, 3);
  if (masked) {
    p.mask = numbers(s.heads * s.queries * s.keys, 1, 4);
    for (size_t i = 0; i < p.mask.size(); i += 3) p.mask[i] = -kInf;
  }
  return p;
}

/// y[batch, heads, queries, v_width] contiguous.
std::vector<float> run(const Problem& p, int threads) {
  const AttentionShape& s = p.shape;
  Guarded<float> y(s.batch * s.heads * s.queries * s.v_width);
  Workspace workspace(attention_workspace(s, threads));
  attention(s, p.q_view(), p.k_view(), p.v_view(), p.mask_view(), y.data(), s.heads * s.queries * s.v_width, s.queries * s.v_width,
            s.v_width, workspace.data(), threads);
  CHECK(y.intact());
  return {y.data(), y.data() + y.size()};
}

double worst_error(const Problem& p, const std::vector<float>& y) {
  const AttentionShape& s = p.shape;
  const auto at = [](const AttentionOperand& o, int64_t b, int64_t h, int64_t row) {
    return o.data + b * o.batch_stride + h * o.head_stride + row * o.row_stride;
  };
  double worst = 0;
  for (int64_t i = 0; i < s.batch * s.heads * s.queries; i++) {
    const int64_t b = i / s.queries / s.heads, h = i / s.queries % s.heads, t = i % s.queries;
    const int64_t keys = s.causal ? std::min(s.keys, t + 1) : s.keys;
    std::vector<double> p_row(static_cast<size_t>(keys));
    double max = -HUGE_VAL, sum = 0;
    for (int64_t k = 0; k < keys; k++) {
      double dot = 0;
      for (int64_t c = 0; c < s.width; c++) {
        dot += static_cast<double>(at(p.q_view(), b, h, t)[c]) * at(p.k_view(), b, h / s.heads_per_kv, k)[c];
      }
      double& score = p_row[static_cast<size_t>(k)];
      score = dot * s.scale + (p.mask.empty() ? 0.0 : at(p.mask_view(), b, h, t)[k]);
      max = std::max(max, score);
    }
    for (double& score : p_row) sum += score = max == -HUGE_VAL ? 0 : std::exp(score - max);
    for (int64_t c = 0; c < s.v_width; c++) {
      double exact = 0;
      for (int64_t k = 0; k < keys; k++) {
        exact += p_row[static_cast<size_t>(k)] * at(p.v_view(), b, h / s.heads_per_kv, k)[c] / (sum > 0 ? sum : 1);
      }
      worst = std::max(worst, std::fabs(y[static_cast<size_t>(i * s.v_width + c)] - exact));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("attention over strided heads, masks, shared keys and odd sizes") {
  // batch, heads, heads per kv, queries, keys, width, v_width, scale
  const AttentionShape shapes[] = {
      {1, 1, 1, 1, 1, 1, 1, 1.0f},     {2, 3, 1, 16, 16, 64, 64, 0.125f}, {1, 2, 1, 13, 37, 40, 24, 0.2f}, {1, 4, 2, 5, 33, 7, 9, 0.3f},
      {1, 2, 1, 3, 50, 33, 65, 0.15f}, {1, 1, 1, 100, 3, 16, 32, 0.25f},  {2, 1, 1, 25, 64, 32, 31, 0.2f},
  };
  for_each_isa([&] {
    for (AttentionShape s : shapes) {
      for (bool masked : {false, true}) {
        for (bool causal : {false, true}) {
          INFO(s.queries << " queries, " << s.keys << " keys, width " << s.width << ", masked " << masked << ", causal " << causal);
          s.causal = causal;
          const Problem p = make(s, masked);
          const auto y = run(p, 1);
          CHECK(worst_error(p, y) < 2e-6);
          CHECK(y == run(p, 2));
        }
      }
    }
  });
}

TEST_CASE("large attention is the same for one and two threads") {
  const AttentionShape s{1, 1, 1, 150, 200, 32, 64, 0.2f};
  for_each_isa([&] {
    const Problem p = make(s, false);
    const auto y = run(p, 1);
    CHECK(worst_error(p, y) < 2e-6);
    CHECK(y == run(p, 2));
    CHECK(y == run(p, 3));
  });
}

TEST_CASE("a query that sees no key gets zeros, a NaN spreads") {
  for_each_isa([] {
    for (int64_t queries : {2, 6}) {
      Problem p = make({1, 1, 1, queries, 20, 8, 8, 0.3f}, false);
      p.mask.assign(static_cast<size_t>(queries * 20), 0.0f);
      std::fill_n(p.mask.begin(), 20, -kInf);
      auto y = run(p, 1);
      for (size_t i = 0; i < 8; i++) CHECK(y[i] == 0);
      CHECK(y[8] != 0);
      p.q[8] = kNan;
      y = run(p, 1);
      CHECK(y[0] == 0);
      for (size_t i = 8; i < 16; i++) CHECK(std::isnan(y[i]));
      p.mask.clear();
      p.shape.keys = 0;
      for (float value : run(p, 1)) CHECK(value == 0);
    }
  });
}

TEST_CASE("a workspace of impossible size is refused") {
  AttentionShape s{1, 1, 1, 8, int64_t{1} << 40, int64_t{1} << 40, 8, 1.0f};
  CHECK_THROWS_AS(attention_workspace(s, 1), std::bad_alloc);
  s.width = 8, s.keys = 100;
  CHECK(attention_workspace(s, 2) == 2 * attention_workspace(s, 1));
}
