#include "archive/npy.h"

#include "archive/value_file.h"
#include "archive_testing.h"

using namespace tsrun;
using namespace tsrun::testing;
using Catch::Contains;

namespace {

std::string npy(const std::string& header, const std::string& data) {
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size());
  return out + '\0' + header + data;
}
Tensor read(const std::string& bytes) { return read_npy(as_bytes(bytes), "x.npy"); }
std::string read_error(const std::string& header, const std::string& data = "") {
  return error_of([&] { read(npy(header, data)); });
}

}  // namespace

TEST_CASE("arrays are read in row-major order and native bytes", "[npy]") {
  const Tensor x = read(npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", std::string("\0\1\0\2\0\3\0\4\0\5\0\6", 12)));
  CHECK(x.describe() == "int16 [2, 3]");
  CHECK(std::vector<int16_t>(x.data<int16_t>(), x.data<int16_t>() + 6) == std::vector<int16_t>{1, 3, 5, 2, 4, 6});
  CHECK(read(npy("{\"shape\": (), \"descr\": '|b1', 'fortran_order': False}", "\7")).data<uint8_t>()[0] == 1);
  CHECK(read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1000000000000)}", "")).numel() == 0);
}

TEST_CASE("what is written is read back", "[npy]") {
  const Tensor x = Tensor::zeros(Dims{2, 3}, DType::f64);
  x.data<double>()[5] = 2.5;
  const std::string bytes = write_npy(x);
  CHECK((bytes.size() - 6 * sizeof(double)) % 64 == 0);
  CHECK(read(bytes).data<double>()[5] == 2.5);
  const Tensor b = Tensor::zeros(Dims{1}, DType::bf16);
  b.data<uint16_t>()[0] = 0x3fc0;
  CHECK(read(write_npy(b)).data<float>()[0] == 1.5f);
  CHECK(read(write_npy(Tensor::zeros(Dims{}, DType::i64))).dim() == 0);
  CHECK(error_of([] { write_npy(Tensor::zeros(Dims{1}, DType::f8_e5m2)); }) == "4: NumPy has no dtype float8_e5m2; write a .pt file");
}

TEST_CASE("arrays that lie or hold no numbers are refused", "[npy]") {
  CHECK_THAT(read_error("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), Contains("3: x.npy: holds Python objects"));
  CHECK_THAT(read_error("{'descr': '<U3', 'fortran_order': False, 'shape': (1,)}"), Contains("holds text"));
  CHECK_THAT(read_error("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}"), Contains("holds records"));
  CHECK_THAT(read_error("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}"), Contains("dtype <f16 is not supported"));
  CHECK_THAT(read_error("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "1234"),
             Contains("holds 4 bytes of data, which shape [2]"));
  CHECK_THAT(read_error("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"), Contains("does not fill"));
  CHECK_THAT(read_error("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), Contains("its shape is damaged"));
  CHECK_THAT(read_error("{'descr': '<f4', 'shape': (1,)}"), Contains("its header is incomplete"));
  CHECK_THAT(read_error("{'descr': '<f4'"), Contains("its header is damaged"));
  const std::string whole = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "1234");
  for (size_t n = 0; n < whole.size(); ++n) CHECK(error_of([&] { read(whole.substr(0, n)); })[0] == '3');
}

TEST_CASE("files of values are told by content and written by name", "[npy]") {
  const Tensor x = Tensor::zeros(Dims{2});
  CHECK(read_value_file(file_of(write_value_file("x.npy", x))).to_tensor().describe() == "float32 [2]");
  CHECK(read_value_file(file_of(write_value_file("x.pt", make_list({x})))).is_list());
  const Value npz = read_value_file(file_of(write_value_file("x.npz", make_tuple({x, x}))));
  REQUIRE(npz.is_dict());
  CHECK(npz.to_dict().find("arr_1")->to_tensor().describe() == "float32 [2]");
  CHECK(error_of([&] { write_value_file("x.npy", make_list({x})); }) == "2: a value of kind List does not go into x.npy; write a .pt file");
  CHECK(error_of([&] { write_value_file("x.npz", Value(1)); }) == "2: a value of kind int does not go into x.npz; write a .pt file");
}
