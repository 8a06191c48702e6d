#include "ops/recurrent.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "ops/tensor_ops.h"
#include "tsrun/error.h"

using namespace tsrun;

static Tensor waves(const Dims& sizes, DType dtype, float phase) {
  Context ctx;
  Tensor x = Tensor::empty(sizes);
  for (int64_t i = 0; i < x.numel(); ++i) x.data<float>()[i] = 0.5f * std::sin(static_cast<float>(i) * 0.9f + phase);
  return cast(ctx, x, dtype);
}

struct Run {
  Tensor y, h, c;
};

static Run run(RecurrentKind kind, DType dtype, const Tensor& x, const Steps& steps, bool reverse) {
  Context ctx;
  int64_t hidden = 5, gates = gate_count(kind);
  Tensor w_ih = waves({gates * hidden, 3}, dtype, 0), w_hh = waves({gates * hidden, hidden}, dtype, 1),
         b_ih = waves({gates * hidden}, dtype, 2), b_hh = waves({gates * hidden}, dtype, 3);
  RecurrentCell cell = make_cell(ctx, kind, {&w_ih, &w_hh, &b_ih, &b_hh, nullptr}, true);
  Run r{Tensor::zeros(Dims{x.size(0), hidden}, dtype), waves({steps.batch, hidden}, dtype, 4), waves({steps.batch, hidden}, dtype, 5)};
  run_cell(ctx, cell, cast(ctx, x, dtype), r.y, r.h, kind == RecurrentKind::lstm ? r.c : Tensor(), steps, reverse);
  return r;
}

static void check_close(const Tensor& a, const Tensor& b) {
  Context ctx;
  Tensor x = contiguous(ctx, cast(ctx, a, DType::f64)), y = contiguous(ctx, cast(ctx, b, DType::f64));
  REQUIRE(x.numel() == y.numel());
  for (int64_t i = 0; i < x.numel(); ++i) REQUIRE(x.data<double>()[i] == Approx(y.data<double>()[i]).margin(1e-5));
}

TEST_CASE("step kernels agree with the plain steps, padded and packed, in both directions") {
  const int64_t sizes[] = {3, 2, 2, 1};
  for (RecurrentKind kind : {RecurrentKind::lstm, RecurrentKind::gru})
    for (bool reverse : {false, true})
      for (const Steps& steps : {Steps{4, 3}, Steps{4, 3, sizes}}) {
        Tensor x = waves({steps.sizes ? 8 : 12, 3}, DType::f32, 6);
        Run fast = run(kind, DType::f32, x, steps, reverse), plain = run(kind, DType::f64, x, steps, reverse);
        check_close(fast.y, plain.y);
        check_close(fast.h, plain.h);
        if (kind == RecurrentKind::lstm) check_close(fast.c, plain.c);
      }
}

TEST_CASE("weights that do not fit each other are refused") {
  Context ctx;
  Tensor w_ih = Tensor::zeros(Dims{20, 3}), w_hh = Tensor::zeros(Dims{20, 5}), narrow_hh = Tensor::zeros(Dims{20, 4}),
         bias = Tensor::zeros(Dims{19});
  CHECK_NOTHROW(make_cell(ctx, RecurrentKind::lstm, {&w_ih, &w_hh, nullptr, nullptr, nullptr}, true));
  CHECK_THROWS_AS(make_cell(ctx, RecurrentKind::lstm, {&w_ih, &narrow_hh, nullptr, nullptr, nullptr}, true), Error);
  CHECK_THROWS_AS(make_cell(ctx, RecurrentKind::lstm, {&w_ih, &w_hh, &bias, &bias, nullptr}, true), Error);
  CHECK_THROWS_AS(make_cell(ctx, RecurrentKind::gru, {&w_ih, &w_hh, nullptr, nullptr, nullptr}, true), Error);
}
