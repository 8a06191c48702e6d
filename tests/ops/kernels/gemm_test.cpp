#include "ops/kernels/gemm.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "kernel_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

struct Shape {
  int64_t m, n, k;
};

const Shape kShapes[] = {{1, 1, 1},   {1, 31, 7},   {2, 33, 300}, {3, 16, 64},  {5, 17, 3},    {11, 64, 257},  {12, 32, 256},
                         {13, 48, 1}, {24, 15, 12}, {49, 65, 91}, {97, 1, 130}, {200, 40, 20}, {7, 129, 1031}, {6, 8, 0}};

double activated(const Activation& activation, double x) {
  const double relu6 = std::fmin(std::fmax(x + 3, 0), 6);
  switch (activation.kind) {
    case ActivationKind::none: return x;
    case ActivationKind::relu: return std::fmax(x, 0);
    case ActivationKind::relu6: return std::fmin(std::fmax(x, 0), 6);
    case ActivationKind::hardtanh: return std::fmin(std::fmax(x, activation.a), activation.b);
    case ActivationKind::leaky_relu: return x < 0 ? x * activation.a : x;
    case ActivationKind::hardswish: return x * relu6 / 6;
    case ActivationKind::hardsigmoid: return relu6 / 6;
    case ActivationKind::silu: return x / (1 + std::exp(-x));
    case ActivationKind::sigmoid: return 1 / (1 + std::exp(-x));
    case ActivationKind::tanh: return std::tanh(x);
    case ActivationKind::gelu: return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
    case ActivationKind::gelu_tanh: return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  }
  return x;
}

// One random problem: operands in buffers of their exact size, so that a sanitizer sees any access outside.
template <class T>
struct Problem {
  Problem(Shape s, bool with_bias, bool with_residual) : s(s), lda(s.k + 3), ldb(s.n + 5), ldc(s.n + 2), ldr(s.n + 1) {
    a = random_values<T>(s.m * lda, 1);
    b = random_values<T>(s.k * ldb, 2);
    if (with_bias) bias = random_values<T>(s.n, 3);
    if (with_residual) residual = random_values<T>(s.m * ldr, 4);
  }

  Epilogue<T> epilogue(Activation activation = {}) const {
    return {bias.empty() ? nullptr : bias.data(), residual.empty() ? nullptr : residual.data(), ldr, activation};
  }

  // Rounding of a blocked sum stays far below this share of the sum of magnitudes; a wrong element is far above it.
  void check(const std::vector<T>& c, Activation activation = {}) const {
    const double eps = std::numeric_limits<T>::epsilon();
    for (int64_t i = 0; i < s.m; i++) {
      for (int64_t j = 0; j < s.n; j++) {
        double sum = 0, magnitude = 0;
        const auto add = [&](double x) { sum += x, magnitude += std::fabs(x); };
        for (int64_t k = 0; k < s.k; k++) add(double(a[i * lda + k]) * b[k * ldb + j]);
        if (!bias.empty()) add(bias[j]);
        if (!residual.empty()) add(residual[i * ldr + j]);
        const double want = activated(activation, sum);
        INFO("element " << i << ", " << j);
        REQUIRE(std::fabs(c[i * ldc + j] - want) <= 8 * eps * magnitude + 4 * eps * std::fabs(want) + 4 * eps);
      }
      for (int64_t j = s.n; j < ldc; j++) REQUIRE(c[i * ldc + j] == kUntouched<T>);
    }
  }

  std::vector<T> output() const { return std::vector<T>(s.m * ldc, kUntouched<T>); }

  Shape s;
  int64_t lda, ldb, ldc, ldr;
  std::vector<T> a, b, bias, residual;
};

template <class T>
std::vector<T> transposed(const std::vector<T>& x, int64_t rows, int64_t cols, int64_t ld) {
  std::vector<T> y(rows * cols);
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < cols; j++) y[j * rows + i] = x[i * ld + j];
  }
  return y;
}

}  // namespace

TEMPLATE_TEST_CASE("packed product agrees with the reference in every instruction set", "[kernels][gemm]", float, double) {
  using T = TestType;
  for_each_isa([] {
    for (Shape s : kShapes) {
      for (int options = 0; options < 4; options++) {
        const Problem<T> p(s, options & 1, options & 2);
        INFO(s.m << "x" << s.n << "x" << s.k << " options " << options);
        const auto by_rows = pack_b(p.b.data(), s.k, s.n, p.ldb, 1);
        auto c = p.output();
        gemm_packed(s.m, p.a.data(), p.lda, by_rows, c.data(), p.ldc, p.epilogue(), 1);
        p.check(c);

        const auto weight = transposed(p.b, s.k, s.n, p.ldb);
        auto c2 = p.output();
        gemm_packed(s.m, p.a.data(), p.lda, pack_b(weight.data(), s.k, s.n, 1, s.k), c2.data(), p.ldc, p.epilogue(), 1);
        REQUIRE(c == c2);
      }
    }
  });
}

TEMPLATE_TEST_CASE("unpacked product takes operands by any strides", "[kernels][gemm]", float, double) {
  using T = TestType;
  for_each_isa([] {
    for (Shape s : kShapes) {
      const Problem<T> p(s, true, false);
      const auto at = transposed(p.a, s.m, s.k, p.lda), bt = transposed(p.b, s.k, s.n, p.ldb);
      Workspace workspace(gemm_workspace_bytes<T>(s.m, s.n, s.k));
      for (int form = 0; form < 4; form++) {
        INFO(s.m << "x" << s.n << "x" << s.k << " form " << form);
        const MatrixView<T> a = form & 1 ? MatrixView<T>{at.data(), 1, s.m} : MatrixView<T>{p.a.data(), p.lda, 1};
        const MatrixView<T> b = form & 2 ? MatrixView<T>{bt.data(), 1, s.k} : MatrixView<T>{p.b.data(), p.ldb, 1};
        auto c = p.output();
        gemm(s.m, s.n, s.k, a, b, c.data(), p.ldc, p.epilogue(), workspace.data(), 2);
        p.check(c);
      }
    }
  });
}

TEST_CASE("broadcast and reversed operands are read by their strides", "[kernels][gemm]") {
  const float row[] = {1, 2, 3}, column[] = {5, 7, 11};
  float c[4];
  Workspace workspace(gemm_workspace_bytes<float>(2, 2, 3));
  gemm(2, 2, 3, {row, 0, 1}, {column + 2, -1, 0}, c, 2, {}, workspace.data(), 1);
  for (float x : c) REQUIRE(x == 1 * 11 + 2 * 7 + 3 * 5);
}

TEST_CASE("every activation is applied once, after bias and residual", "[kernels][gemm]") {
  for_each_isa([] {
    for (int kind = 0; kind <= static_cast<int>(ActivationKind::gelu_tanh); kind++) {
      Activation activation{static_cast<ActivationKind>(kind)};
      if (activation.kind == ActivationKind::hardtanh) activation.a = -0.25, activation.b = 0.5;
      if (activation.kind == ActivationKind::leaky_relu) activation.a = 0.01;
      for (Shape s : {Shape{7, 37, 20}, Shape{1, 70, 600}}) {
        INFO("activation " << kind << ", " << s.m << " rows");
        const Problem<float> p(s, true, true);
        auto c = p.output();
        gemm_packed(s.m, p.a.data(), p.lda, pack_b(p.b.data(), s.k, s.n, p.ldb, 1), c.data(), p.ldc, p.epilogue(activation), 1);
        p.check(c, activation);
      }
    }
  });
}

TEST_CASE("NaN passes through every activation", "[kernels][gemm]") {
  for_each_isa([] {
    const float a[] = {NAN, 1}, one = 1;
    for (int kind = 0; kind <= static_cast<int>(ActivationKind::gelu_tanh); kind++) {
      float c[2];
      gemm_packed(2, a, 1, pack_b(&one, 1, 1, 1, 1), c, 1, {nullptr, nullptr, 0, {static_cast<ActivationKind>(kind), -1, 1}}, 1);
      INFO("activation " << kind);
      REQUIRE(std::isnan(c[0]));
      REQUIRE(std::isfinite(c[1]));
    }
  });
}

TEST_CASE("C can be its own residual, over several blocks of K", "[kernels][gemm]") {
  for_each_isa([] {
    const Problem<float> p({30, 50, 700}, false, true);
    auto expected = p.output();
    const auto packed = pack_b(p.b.data(), p.s.k, p.s.n, p.ldb, 1);
    gemm_packed(p.s.m, p.a.data(), p.lda, packed, expected.data(), p.ldc, p.epilogue(), 1);
    auto c = p.output();
    for (int64_t i = 0; i < p.s.m; i++) std::memcpy(&c[i * p.ldc], &p.residual[i * p.ldr], p.s.n * sizeof(float));
    gemm_packed(p.s.m, p.a.data(), p.lda, packed, c.data(), p.ldc, {nullptr, c.data(), p.ldc, {}}, 1);
    REQUIRE(c == expected);
  });
}

TEST_CASE("results are the same bits for every thread count", "[kernels][gemm]") {
  for_each_isa([] {
    for (Shape s : {Shape{1, 1000, 1024}, Shape{2, 513, 900}, Shape{150, 70, 500}, Shape{1000, 24, 96}, Shape{16, 520, 512}}) {
      INFO(s.m << "x" << s.n << "x" << s.k);
      const Problem<float> p(s, true, true);
      const auto packed = pack_b(p.b.data(), s.k, s.n, p.ldb, 1);
      auto one = p.output();
      gemm_packed(s.m, p.a.data(), p.lda, packed, one.data(), p.ldc, p.epilogue(), 1);
      for (int threads : {2, 3, 7}) {
        auto many = p.output();
        gemm_packed(s.m, p.a.data(), p.lda, packed, many.data(), p.ldc, p.epilogue(), threads);
        REQUIRE(one == many);
      }
    }
  });
}

TEST_CASE("unpacked products are the same bits for every thread count", "[kernels][gemm]") {
  for_each_isa([] {
    for (Shape s : {Shape{1, 2000, 300}, Shape{3, 1111, 200}, Shape{700, 2, 400}, Shape{10, 300, 300}, Shape{90, 100, 300}}) {
      const Problem<float> p(s, true, true);
      const auto bt = transposed(p.b, s.k, s.n, p.ldb);
      Workspace workspace(gemm_workspace_bytes<float>(s.m, s.n, s.k));
      for (MatrixView<float> b : {MatrixView<float>{p.b.data(), p.ldb, 1}, MatrixView<float>{bt.data(), 1, s.k}}) {
        INFO(s.m << "x" << s.n << "x" << s.k << (b.row_stride == 1 ? " transposed" : ""));
        const auto run = [&](int threads) {
          auto c = p.output();
          gemm(s.m, s.n, s.k, {p.a.data(), p.lda, 1}, b, c.data(), p.ldc, p.epilogue({ActivationKind::silu}), workspace.data(), threads);
          return c;
        };
        const auto one = run(1);
        p.check(one, {ActivationKind::silu});
        for (int threads : {2, 5}) REQUIRE(run(threads) == one);
      }
    }
  });
}

TEST_CASE("sizes that no memory holds are refused", "[kernels][gemm]") {
  const int64_t huge = int64_t{1} << 40;
  REQUIRE_THROWS_AS(gemm_workspace_bytes<float>(huge, huge, huge), std::bad_alloc);
  const float b = 0;
  REQUIRE_THROWS_AS(pack_b(&b, huge, huge, 0, 0), std::bad_alloc);
}
