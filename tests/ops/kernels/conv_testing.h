// A convolution problem and its answer from the definition in f64, for the tests of every algorithm.
#pragma once
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "kernel_testing.h"
#include "ops/kernels/conv.h"

namespace tsrun::kernels::testing {

inline ConvShape conv(int64_t n, int64_t h, int64_t w, int64_t c_in, int64_t c_out, int64_t kh, int64_t kw, int64_t stride = 1,
                      int64_t pad = 0, int64_t dilation = 1, int64_t groups = 1) {
  return {n, h, w, c_in, c_out, kh, kw, stride, stride, pad, pad, pad, pad, dilation, dilation, groups};
}

inline ConvShape transposed(ConvShape s, int64_t output_padding = 0) {
  s.transposed = true;
  s.output_padding_h = s.output_padding_w = output_padding;
  return s;
}

inline ConvShape lopsided(ConvShape s) {
  s.stride_w = s.stride_h + 1;
  s.dilation_h = s.dilation_w + 1;
  s.pad_left += 1;
  s.pad_bottom += 2;
  return s;
}

inline ConvShape cropped(ConvShape s) {
  s.pad_top = -1;
  s.pad_right = -2;
  return s;
}

// Index of element (n, y, x, c) of an image batch.
inline int64_t at(Layout layout, int64_t channels, int64_t h, int64_t w, int64_t n, int64_t y, int64_t x, int64_t c) {
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

inline std::string describe(const ConvShape& s) {
  return std::to_string(s.n) + "x" + std::to_string(s.h) + "x" + std::to_string(s.w) + " " + std::to_string(s.c_in) + ">" +
         std::to_string(s.c_out) + " kernel " + std::to_string(s.kh) + "x" + std::to_string(s.kw) + " stride " +
         std::to_string(s.stride_h) + " dilation " + std::to_string(s.dilation_h) + " groups " + std::to_string(s.groups) +
         (s.transposed ? " transposed" : "");
}

/// Element by element against the definition: |error| <= relative * (sum of magnitudes) + share * (largest output).
inline void check(const Problem& p, const std::vector<float>& y, double relative, double share) {
  const Expected want = p.reference();
  double largest = 1;
  for (double v : want.value) largest = std::max(largest, std::fabs(v));
  for (int64_t n = 0; n < p.s.n; n++) {
    for (int64_t oy = 0; oy < p.out_h; oy++) {
      for (int64_t ox = 0; ox < p.out_w; ox++) {
        for (int64_t o = 0; o < p.s.c_out; o++) {
          const int64_t i = at(Layout::nhwc, p.s.c_out, p.out_h, p.out_w, n, oy, ox, o);
          const double got = y[at(p.options.output, p.s.c_out, p.out_h, p.out_w, n, oy, ox, o)];
          if (std::fabs(got - want.value[i]) <= relative * want.magnitude[i] + share * largest) continue;
          INFO("pixel " << n << ", " << oy << ", " << ox << " channel " << o);
          REQUIRE(got == want.value[i]);
        }
      }
    }
  }
}

/// Rounding of sums in blocks of at most 256, and of their join.
constexpr double kDirectError = 4e-7;

}  // namespace tsrun::kernels::testing
