#include "ops/kernels/recurrent.h"

#include <array>

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct Layer {
  Cell cell;
  int64_t steps, batch, hidden;
  bool reverse = false;
  std::vector<int64_t> batch_sizes = {};

  int64_t gates() const { return static_cast<int64_t>(cell); }
  int64_t live(int64_t t) const { return batch_sizes.empty() ? batch : batch_sizes[static_cast<size_t>(t)]; }
  int64_t rows_before(int64_t t) const {
    int64_t rows = 0;
    for (int64_t i = 0; i < t; i++) rows += live(i);
    return rows;
  }
};

struct States {
  std::vector<double> y, h, c;
};

States expected(const Layer& l, const std::vector<float>& gates, const std::vector<float>& w, const std::vector<float>& bias_n,
                const std::vector<float>& h0, const std::vector<float>& c0) {
  const int64_t n = l.hidden;
  States s{std::vector<double>(static_cast<size_t>(l.rows_before(l.steps) * n)), {h0.begin(), h0.end()}, {c0.begin(), c0.end()}};
  for (int64_t i = 0; i < l.steps; i++) {
    const int64_t t = l.reverse ? l.steps - 1 - i : i;
    for (int64_t b = 0; b < l.live(t); b++) {
      const std::vector<double> old(s.h.begin() + b * n, s.h.begin() + (b + 1) * n);
      const float* input = gates.data() + (l.rows_before(t) + b) * l.gates() * n;
      for (int64_t u = 0; u < n; u++) {
        double part[4] = {};
        for (int64_t g = 0; g < l.gates(); g++) {
          for (int64_t k = 0; k < n; k++) part[g] += w[static_cast<size_t>((g * n + u) * n + k)] * old[static_cast<size_t>(k)];
        }
        const auto at = static_cast<size_t>(b * n + u);
        if (l.cell == Cell::lstm) {
          s.c[at] = sigmoid(input[n + u] + part[1]) * s.c[at] + sigmoid(input[u] + part[0]) * std::tanh(input[2 * n + u] + part[2]);
          s.h[at] = sigmoid(input[3 * n + u] + part[3]) * std::tanh(s.c[at]);
        } else {
          const double r = sigmoid(input[u] + part[0]), z = sigmoid(input[n + u] + part[1]);
          const double fresh = std::tanh(input[2 * n + u] + r * (part[2] + bias_n[static_cast<size_t>(u)]));
          s.h[at] = (1 - z) * fresh + z * old[static_cast<size_t>(u)];
        }
        s.y[static_cast<size_t>((l.rows_before(t) + b) * n + u)] = s.h[at];
      }
    }
  }
  return s;
}

void check(const Layer& l) {
  INFO("gates " << l.gates() << ", steps " << l.steps << ", batch " << l.batch << ", hidden " << l.hidden << ", reverse " << l.reverse);
  const int64_t n = l.hidden, rows = l.rows_before(l.steps);
  const float scale = 1 / std::sqrt(static_cast<float>(n));
  const auto gates = numbers(rows * l.gates() * n, 2, 1), w = numbers(l.gates() * n * n, scale, 2), bias_n = numbers(n, 1, 3);
  const auto h0 = numbers(l.batch * n, 1, 4), c0 = numbers(l.batch * n, 1, 5);
  const States want = expected(l, gates, w, bias_n, h0, c0);
  std::vector<float> packed(static_cast<size_t>(packed_recurrent_size(l.cell, n)));
  pack_recurrent(l.cell, w.data(), n, packed.data());
  std::vector<float> first_y;
  for (int threads : {1, 2}) {
    Guarded<float> y(rows * n), h(l.batch * n), c(l.batch * n);
    std::copy(h0.begin(), h0.end(), h.data());
    std::copy(c0.begin(), c0.end(), c.data());
    Sequence s{l.steps, l.batch, n, gates.data(), l.batch * l.gates() * n, l.gates() * n, y.data(), l.batch * n, n};
    s.batch_sizes = l.batch_sizes.empty() ? nullptr : l.batch_sizes.data();
    s.reverse = l.reverse;
    if (l.cell == Cell::lstm) lstm(s, packed.data(), h.data(), c.data(), threads);
    else gru(s, packed.data(), bias_n.data(), h.data(), threads);
    CHECK((y.intact() && h.intact() && c.intact()));
    double worst = 0;
    for (int64_t i = 0; i < rows * n; i++) worst = std::max(worst, std::fabs(y[i] - want.y[static_cast<size_t>(i)]));
    for (int64_t i = 0; i < l.batch * n; i++) {
      worst = std::max(worst, std::fabs(h[i] - want.h[static_cast<size_t>(i)]));
      if (l.cell == Cell::lstm) worst = std::max(worst, std::fabs(c[i] - want.c[static_cast<size_t>(i)]));
    }
    CHECK(worst < 3e-6);
    if (threads == 1) first_y.assign(y.data(), y.data() + rows * n);
    else CHECK(std::equal(first_y.begin(), first_y.end(), y.data()));
  }
}

}  // namespace

TEST_CASE("LSTM and GRU over sequences, both directions") {
  for_each_isa([] {
    for (Cell cell : {Cell::lstm, Cell::gru}) {
      for (bool reverse : {false, true}) {
        for (const auto& [steps, batch, hidden] : {std::array<int64_t, 3>{1, 1, 1}, {5, 1, 16}, {4, 3, 7}, {3, 5, 33}, {6, 2, 64}}) {
          check({cell, steps, batch, hidden, reverse});
        }
      }
    }
  });
}

TEST_CASE("wide layers and large batches are shared by threads without a difference") {
  for_each_isa([] {
    for (Cell cell : {Cell::lstm, Cell::gru}) {
      check({cell, 3, 1, 200});
      check({cell, 2, 11, 96});
    }
  });
}

TEST_CASE("packed sequences of falling length") {
  for_each_isa([] {
    for (Cell cell : {Cell::lstm, Cell::gru}) {
      for (bool reverse : {false, true}) check({cell, 5, 6, 20, reverse, {6, 4, 4, 2, 1}});
    }
  });
}

TEST_CASE("no steps leave the state alone") {
  std::vector<float> packed(static_cast<size_t>(packed_recurrent_size(Cell::gru, 4))), h = {1, 2, 3, 4};
  gru({0, 1, 4, nullptr, 0, 0, nullptr, 0, 0}, packed.data(), nullptr, h.data(), 1);
  CHECK(h == std::vector<float>{1, 2, 3, 4});
}
