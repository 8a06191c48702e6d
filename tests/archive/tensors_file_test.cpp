#include "archive/tensors_file.h"

#include "archive/pickle_writer.h"
#include "archive_testing.h"

using namespace tsrun;
using namespace tsrun::testing;

namespace {

struct Saved {
  Value all;
  const Value& operator[](const char* name) {
    const Value* v = all.to_dict().find(name);
    REQUIRE(v);
    return *v;
  }
  const Tensor& tensor(const char* name) { return (*this)[name].to_tensor(); }
};

Value again(const Value& v) { return load_tensors_file(file_of(write_tensors_file(v))); }

}  // namespace

TEST_CASE("values of torch.save, in each of its formats", "[tensors_file]") {
  for (const char* name : {"values.pt", "values_protocol4.pt", "values_legacy.pt"}) {
    INFO(name);
    Saved s{load_tensors_file(golden(name))};
    CHECK(s.tensor("tensor").describe() == "float32 [3, 4]");
    CHECK(s.tensor("transposed").stride(0) == 1);
    CHECK(s.tensor("transposed").storage() == s.tensor("tensor").storage());
    CHECK(s.tensor("row").data<float>()[1] == 5);
    CHECK(s.tensor("parameter").requires_grad());
    CHECK(s.tensor("empty").describe() == "float32 [0, 3]");
    CHECK(s.tensor("scalar").item_int() == 7);
    CHECK(s.tensor("long").data<int64_t>()[2] == int64_t{1} << 40);
    CHECK(s.tensor("half").data<uint16_t>()[1] == 0xbc00);
    CHECK(s.tensor("bool").data<bool>()[0]);
    CHECK(s.tensor("complex_tensor").data<std::complex<float>>()[0] == std::complex<float>(1, 2));
    CHECK(s.tensor("conjugated").data<std::complex<float>>()[1] == std::complex<float>(3, 4));
    CHECK(s.tensor("negated").data<float>()[0] == -2);
    if (std::string(name) != "values_legacy.pt") {
      CHECK(s.tensor("float8").describe() == "float8_e4m3fn [2]");
      CHECK(s.tensor("uint16").data<uint16_t>()[1] == 65535);
    }
    const auto& nested = s["nested"].to_tuple().elements;
    CHECK(nested[1].to_list().elements[2].to_string() == "text");
    CHECK(nested[2].to_dict().find("k")->to_tuple().elements[0].to_bool());
    CHECK(s["complex"].to_complex() == std::complex<double>(3, -4));
    CHECK(s["device"].to_device() == Device{Device::Kind::cuda, 1});
    CHECK(s["dtype"].to_int() == 7);
    CHECK(s["size"].to_tuple().elements[1].to_int() == 3);
    CHECK(s["set"].to_list().elements[0].to_int() == 5);
    CHECK(s["bytes"].to_string() == std::string("\0\xff", 2));
    CHECK(s["many"].to_list().elements.size() == 1500);
    CHECK(s["many"].to_list().elements[1499].to_int() == 1499);
    CHECK(s["big"].to_int() == -(int64_t{1} << 62));
  }
}

TEST_CASE("models are no tensors", "[tensors_file]") {
  CHECK_THAT(error_of([] { load_tensors_file(golden("net.pt")); }), Catch::Contains("is a model, not a file of tensors"));
}

TEST_CASE("written values are read back", "[tensors_file]") {
  Saved s{load_tensors_file(golden("values.pt"))};
  Saved t{again(s.all)};
  size_t compared = 0;
  s.all.to_dict().for_each([&](const DictObject::Entry& e) {
    const Value& b = t[e.key.to_string().c_str()];
    INFO(e.key.to_string());
    REQUIRE(b.tag() == e.value.tag());
    if (!b.is_tensor()) return;
    CHECK(b.to_tensor().describe() == e.value.to_tensor().describe());
    CHECK(Dims(b.to_tensor().strides()) == Dims(e.value.to_tensor().strides()));
    CHECK(b.to_tensor().requires_grad() == e.value.to_tensor().requires_grad());
    if (b.to_tensor().is_contiguous())
      CHECK(std::memcmp(b.to_tensor().data(), e.value.to_tensor().data(),
                        static_cast<size_t>(b.to_tensor().numel()) * item_size(b.to_tensor().dtype())) == 0);
    ++compared;
  });
  CHECK(compared == 14);
  CHECK(t.tensor("row").storage() == t.tensor("tensor").storage());
  CHECK(t["complex"].to_complex() == std::complex<double>(3, -4));
  CHECK(t["big"].to_int() == -(int64_t{1} << 62));
}

TEST_CASE("only the bytes that tensors span are written", "[tensors_file]") {
  const Tensor big = Tensor::zeros(Dims{100000});
  big.data<float>()[501] = 5;
  const Tensor a = Tensor::view_of(big.storage(), DType::f32, Dims{3}, Dims{2}, 501),
               b = Tensor::view_of(big.storage(), DType::f32, Dims{2}, Dims{1}, 500);
  const std::string bytes = write_tensors_file(make_list({a, b, a}));
  CHECK(bytes.size() < 2000);
  const Value v = load_tensors_file(file_of(bytes));
  const auto& list = v.to_list().elements;
  CHECK(list[0].is(list[2]));
  CHECK(list[0].to_tensor().data<float>()[0] == 5);
  CHECK(list[1].to_tensor().data<float>()[1] == 5);
  CHECK(list[0].to_tensor().storage() == list[1].to_tensor().storage());
  CHECK(list[0].to_tensor().storage()->bytes() == 6 * sizeof(float));
}

TEST_CASE("shared and cyclic containers", "[tensors_file]") {
  const Value shared = make_list({1});
  const Value v = again(make_tuple({shared, shared}));
  CHECK(v.to_tuple().elements[0].is(v.to_tuple().elements[1]));
  Value deep = 1;
  for (int i = 0; i < 1002; ++i) deep = make_list({deep});
  CHECK(error_of([&] { write_tensors_file(deep); }) == "6: containers nest too deep to be saved, or hold themselves");
  CHECK(error_of([&] { write_tensors_file(Value(Ref<ClassObject>(new ClassObject(TypeRef(), 0)))); }).substr(0, 23) ==
        "4: a value of kind Obje");
}

TEST_CASE("a legacy stream cut or changed anywhere is refused or harmless", "[tensors_file]") {
  for (const char* name : {"values_legacy.pt"}) {
    const std::string whole(as_text(golden(name)->bytes()));
    auto read = [](const std::string& bytes) { return error_of([&] { load_tensors_file(file_of(bytes)); }); };
    for (size_t n = 0; n < whole.size(); ++n) REQUIRE(read(whole.substr(0, n))[0] == '3');
    for (size_t i = 0; i < whole.size(); ++i)
      for (int value : {0, 0xff, whole[i] ^ 1}) {
        std::string copy = whole;
        copy[i] = static_cast<char>(value);
        const std::string error = read(copy);
        INFO(error);
        REQUIRE((error[0] == 'n' || error[0] == '3' || error[0] == '4' || error[0] == '6'));
      }
  }
}
