#include "ops/kernels/conv.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "kernel_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

ConvShape conv(int64_t n, int64_t h, int64_t w, int64_t c_in, int64_t c_out, int64_t kh, int64_t kw, int64_t stride = 1, int64_t pad = 0,
               int64_t dilation = 1, int64_t groups = 1) {
  return {n, h, w, c_in, c_out, kh, kw, stride, stride, pad, pad, pad, pad, dilation, dilation, groups};
}

ConvShape transposed(ConvShape s, int64_t output_padding = 0) {
  s.transposed = true;
  s.output_padding_h = s.output_padding_w = output_padding;
  return s;
}

ConvShape lopsided(ConvShape s) {
  s.stride_w = s.stride_h + 1;
  s.dilation_h = s.dilation_w + 1;
  s.pad_left += 1;
  s.pad_bottom += 2;
  return s;
}

ConvShape cropped(ConvShape s) {
  s.pad_top = -1;
  s.pad_right = -2;
  return s;
}

const ConvShape kShapes[] = {
    conv(1, 7, 9, 20, 33, 1, 1),
    conv(3, 1, 1, 40, 24, 1, 1),
    conv(2, 8, 5, 19, 16, 1, 1, 2),
    conv(2, 6, 7, 16, 40, 3, 3, 1, 1),
    conv(1, 9, 8, 70, 17, 3, 3, 2, 1),
    conv(1, 5, 5, 300, 8, 3, 3, 1, 1),
    conv(2, 11, 13, 3, 32, 7, 7, 2, 3),
    conv(1, 12, 10, 4, 5, 3, 3, 1, 1),
    conv(1, 10, 10, 1, 8, 5, 5, 1, 2),
    conv(1, 3, 3, 2, 6, 3, 3, 1, 3),
    conv(1, 4, 4, 5, 7, 3, 3, 1, 9),
    conv(1, 14, 13, 6, 10, 3, 3, 1, 2, 3),
    conv(2, 9, 9, 12, 18, 3, 3, 1, 1, 1, 3),
    conv(1, 9, 9, 24, 8, 2, 3, 2, 1, 1, 4),
    conv(1, 9, 7, 20, 20, 3, 3, 1, 1, 1, 20),
    conv(2, 8, 8, 35, 35, 5, 5, 2, 2, 1, 35),
    conv(1, 8, 8, 16, 16, 3, 3, 1, 2, 2, 16),
    conv(1, 6, 6, 6, 12, 3, 3, 1, 1, 1, 6),
    conv(2, 1, 50, 10, 12, 1, 5, 1, 2),
    conv(1, 1, 400, 1, 6, 1, 129, 7, 64),
    conv(1, 1, 30, 8, 8, 1, 9, 1, 4, 1, 8),
    lopsided(conv(2, 12, 11, 9, 15, 3, 2, 1, 1)),
    lopsided(conv(1, 12, 11, 8, 8, 3, 3, 1, 1, 1, 8)),
    cropped(conv(1, 9, 9, 6, 8, 3, 3)),
    cropped(conv(1, 9, 9, 3, 8, 3, 3)),
    transposed(conv(2, 4, 5, 6, 9, 3, 3, 2, 1), 1),
    transposed(conv(1, 5, 4, 8, 6, 4, 4, 2, 1)),
    transposed(conv(1, 4, 4, 6, 4, 3, 3, 3, 0, 2, 2), 2),
    transposed(conv(1, 6, 6, 8, 8, 2, 2, 2, 0, 1, 8)),
    transposed(conv(1, 6, 6, 8, 5, 1, 1)),
};

// Index of element (n, y, x, c) of an image batch.
int64_t at(Layout layout, int64_t channels, int64_t h, int64_t w, int64_t n, int64_t y, int64_t x, int64_t c) {
  return layout == Layout::nhwc ? ((n * h + y) * w + x) * channels + c : ((n * channels + c) * h + y) * w + x;
}

struct Expected {
  std::vector<double> value, magnitude;  // [n, out_h, out_w, c_out]
};

struct Problem {
  Problem(const ConvShape& s, const ConvOptions& options) : s(s), options(options), out_h(s.out_h()), out_w(s.out_w()) {
    x = random_values<float>(s.n * s.h * s.w * s.c_in, 1);
    w = random_values<float>(s.c_in * s.c_out / s.groups * s.kh * s.kw, 2);
    bias = random_values<float>(s.c_out, 3);
    residual = random_values<float>(s.n * out_h * out_w * s.c_out, 4);
  }

  // By scattering each input pixel for the transposed form, by gathering for the plain one: the definitions, not the kernels' way.
  Expected reference() const {
    const size_t size = static_cast<size_t>(s.n * out_h * out_w * s.c_out);
    Expected e{std::vector<double>(size), std::vector<double>(size)};
    const int64_t in_group = s.c_in / s.groups, out_group = s.c_out / s.groups;
    const auto add = [&](int64_t n, int64_t oy, int64_t ox, int64_t o, double v) {
      const int64_t i = at(Layout::nhwc, s.c_out, out_h, out_w, n, oy, ox, o);
      e.value[i] += v;
      e.magnitude[i] += std::fabs(v);
    };
    for (int64_t n = 0; n < s.n; n++) {
      for (int64_t oy = 0; oy < out_h; oy++) {
        for (int64_t ox = 0; ox < out_w; ox++) {
          for (int64_t o = 0; o < s.c_out; o++) {
            add(n, oy, ox, o, bias[o]);
            add(n, oy, ox, o, residual[at(options.output, s.c_out, out_h, out_w, n, oy, ox, o)]);
          }
        }
      }
      for (int64_t a = 0; a < (s.transposed ? s.h : out_h); a++) {
        for (int64_t b = 0; b < (s.transposed ? s.w : out_w); b++) {
          for (int64_t ky = 0; ky < s.kh; ky++) {
            for (int64_t kx = 0; kx < s.kw; kx++) {
              const int64_t far_y = a * s.stride_h - s.pad_top + ky * s.dilation_h, far_x = b * s.stride_w - s.pad_left + kx * s.dilation_w;
              const int64_t oy = s.transposed ? far_y : a, ox = s.transposed ? far_x : b;
              const int64_t iy = s.transposed ? a : far_y, ix = s.transposed ? b : far_x;
              if (oy < 0 || oy >= out_h || ox < 0 || ox >= out_w || iy < 0 || iy >= s.h || ix < 0 || ix >= s.w) continue;
              for (int64_t o = 0; o < s.c_out; o++) {
                for (int64_t c = 0; c < in_group; c++) {
                  const int64_t channel = o / out_group * in_group + c;
                  const int64_t row = s.transposed ? channel * out_group + o % out_group : o * in_group + c;
                  add(n, oy, ox, o, double(x[at(options.input, s.c_in, s.h, s.w, n, iy, ix, channel)]) * w[(row * s.kh + ky) * s.kw + kx]);
                }
              }
            }
          }
        }
      }
    }
    return e;
  }

  std::vector<float> run(const ConvPlan& plan, int threads, Activation activation = {}) const {
    Workspace workspace(conv_workspace_bytes(plan, threads));
    std::vector<float> y(residual.size(), kUntouched<float>);
    run_conv(plan, x.data(), y.data(), {bias.data(), residual.data(), 0, activation}, workspace.data(), threads);
    return y;
  }

  ConvShape s;
  ConvOptions options;
  int64_t out_h, out_w;
  std::vector<float> x, w, bias, residual;
};

std::string describe(const ConvShape& s) {
  return std::to_string(s.n) + "x" + std::to_string(s.h) + "x" + std::to_string(s.w) + " " + std::to_string(s.c_in) + ">" +
         std::to_string(s.c_out) + " kernel " + std::to_string(s.kh) + "x" + std::to_string(s.kw) + " stride " +
         std::to_string(s.stride_h) + " dilation " + std::to_string(s.dilation_h) + " groups " + std::to_string(s.groups) +
         (s.transposed ? " transposed" : "");
}

}  // namespace

TEST_CASE("convolution agrees with its definition in every layout and instruction set", "[kernels][conv]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      for (int layouts = 0; layouts < 4; layouts++) {
        const ConvOptions options{layouts & 1 ? Layout::nchw : Layout::nhwc, layouts & 2 ? Layout::nchw : Layout::nhwc, false};
        INFO(describe(s) << " layouts " << layouts);
        const Problem p(s, options);
        const Expected want = p.reference();
        const auto y = p.run(make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s, options), 1);
        for (int64_t n = 0; n < s.n; n++) {
          for (int64_t oy = 0; oy < p.out_h; oy++) {
            for (int64_t ox = 0; ox < p.out_w; ox++) {
              for (int64_t o = 0; o < s.c_out; o++) {
                const int64_t i = at(Layout::nhwc, s.c_out, p.out_h, p.out_w, n, oy, ox, o);
                const double got = y[at(options.output, s.c_out, p.out_h, p.out_w, n, oy, ox, o)];
                if (std::fabs(got - want.value[i]) <= 4e-7 * want.magnitude[i] + 1e-6) continue;
                INFO("pixel " << n << ", " << oy << ", " << ox << " channel " << o);
                REQUIRE(got == want.value[i]);
              }
            }
          }
        }
      }
    }
  });
}

TEST_CASE("convolution gives the same bits for every thread count", "[kernels][conv]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      INFO(describe(s));
      const Problem p(s, {});
      const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s);
      const auto one = p.run(plan, 1, {ActivationKind::relu});
      REQUIRE(one == p.run(plan, 2, {ActivationKind::relu}));
      REQUIRE(one == p.run(plan, 5, {ActivationKind::relu}));
    }
  });
}

TEST_CASE("a channels-last weight packs like a contiguous one", "[kernels][conv]") {
  const ConvShape s = conv(1, 6, 6, 5, 4, 3, 3, 1, 1);
  const Problem p(s, {});
  std::vector<float> last(p.w.size());
  for (int64_t o = 0; o < s.c_out; o++) {
    for (int64_t c = 0; c < s.c_in; c++) {
      for (int64_t t = 0; t < 9; t++) last[(o * 9 + t) * s.c_in + c] = p.w[(o * s.c_in + c) * 9 + t];
    }
  }
  const ConvWeight weight{last.data(), s.c_in, s.c_out, 3, 3, 1, 9 * s.c_in, 1, 3 * s.c_in, s.c_in};
  REQUIRE(p.run(make_plan(pack_conv(weight), s), 1) == p.run(make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s), 1));
}

TEST_CASE("an empty batch does nothing", "[kernels][conv]") {
  const ConvShape s = conv(0, 6, 6, 5, 4, 3, 3);
  const std::vector<float> w = random_values<float>(5 * 4 * 9, 1);
  const ConvPlan plan = make_plan(pack_conv(contiguous_weight(w.data(), s)), s, {Layout::nchw, Layout::nchw});
  REQUIRE(conv_workspace_bytes(plan, 2) == 0);
  run_conv(plan, nullptr, nullptr, {}, nullptr, 2);
}
