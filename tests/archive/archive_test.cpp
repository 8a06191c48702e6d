#include "archive/archive.h"

#include "archive/file_kind.h"
#include "archive/zip_writer.h"
#include "archive_testing.h"

using namespace tsrun;
using namespace tsrun::testing;
using Catch::Contains;

namespace {

/// Keeps the state of every instance; types are left alone.
struct States : PlainObjectBuilder {
  Value make_object(std::string_view) override { return make_ref<ClassObject>(TypeRef(), 1); }
  void set_state(const Value& object, Value state) override { object.to_object().slots[0] = std::move(state); }
};

const Value& attribute(const Value& object, const char* name) {
  const Value* v = object.to_object().slots[0].to_dict().find(name);
  REQUIRE(v);
  return *v;
}

std::string open_error(const std::string& bytes) {
  return error_of([&] { Archive::open(file_of(bytes)); });
}
using Records = std::vector<std::pair<std::string, std::string>>;
std::string zip_of(const Records& records) {
  ZipWriter w("m");
  for (const auto& [name, content] : records) w.add(name, content);
  return w.finish();
}
const std::string empty_pickle = "\x80\x02).", empty_object = "\x80\x02}.";

}  // namespace

TEST_CASE("a scripted module is taken apart", "[archive]") {
  for (const char* name : {"net.pt", "net_rezipped.pt"}) {
    INFO(name);
    const Ref<FileBytes> file = golden(name);
    const Archive a = Archive::open(file);
    CHECK(a.kind() == ArchiveKind::torchscript);
    CHECK(a.root() == "net");
    CHECK(a.version() == 3);
    CHECK(a.code_names() == std::vector<std::string>{"code/__torch__.py", "code/__torch__/torch/nn/modules/linear.py"});
    CHECK_THAT(a.text(Archive::code_name("__torch__")), Contains("class Net(Module):"));
    CHECK(Archive::code_name("__torch__.a.b") == "code/__torch__/a/b.py");
    CHECK(a.extra_names() == std::vector<std::string>{"note.txt"});
    CHECK(a.text("extra/note.txt") == "hello");
    CHECK(error_of([&] { a.text("nothing"); }) == "3: " + file->name() + ": record nothing is missing");
    a.verify();

    States states;
    CHECK(a.read("constants", states).to_tuple().elements.empty());
    const Value net = a.read("data", states);
    CHECK(attribute(net, "names").to_dict().find("b")->to_int() == int64_t{1} << 40);
    const Tensor weight = attribute(attribute(net, "linear"), "weight").to_tensor();
    CHECK(weight.describe() == "float32 [2, 3]");
    CHECK(weight.requires_grad());
    const auto* begin = file->data();
    const bool in_file = weight.storage()->data() >= begin && weight.storage()->data() < begin + file->size();
    CHECK(in_file == (std::string(name) == "net.pt"));
    CHECK(weight.storage()->owner() == (in_file ? static_cast<RefCounted*>(file.get()) : nullptr));
    const Tensor conjugated = attribute(net, "conjugated").to_tensor();
    CHECK(conjugated.data<std::complex<float>>()[1] == std::complex<float>(2, 4));
  }
}

TEST_CASE("places in the code lead to the Python source", "[archive]") {
  const Archive a = Archive::open(golden("net.pt"));
  const std::string code = a.text("code/__torch__.py");
  const SourceRanges ranges = a.source_ranges("code/__torch__.py");
  const auto place = ranges.find(code.find("ops.prim.RaiseException"));
  REQUIRE(place);
  CHECK(place->file == "make_golden.py");
  CHECK(place->line == 26);
  CHECK(place->text == "            raise ValueError(\"too much\")");
  CHECK_FALSE(ranges.find(0));
  CHECK(a.source_ranges("code/none.py").empty());
  CHECK(error_of([] { SourceRanges::parse(as_bytes("\x80\x02K\x01."), "d"); })[0] == '2');
}

TEST_CASE("files that are something else say what to do", "[archive]") {
  const std::pair<std::string, const char*> cases[] = {
      {"", "is empty"},
      {std::string("\x10\0\0\0PTMF....", 12), "FlatBuffer mobile model; load it in PyTorch"},
      {"PYTORCH1", "preview release"},
      {"\x89HDF\r\n", "HDF5"},
      {"\x93NUMPY", "NumPy array"},
      {"\x08\x08\x12\x07pytorch\x1a", "ONNX model; tsrun runs TorchScript"},
      {"hello world\n", "text file"},
      {"<!DOCTYPE html>", "web page"},
      {"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"},
      {"\x1f\x8b\x08", "gzip"},
      {"\x80\x02N.", "bare pickle"},
      {"\x01\x02\x03", "no file that PyTorch saved"},
      {raw_zip({{"x", "1"}}), "entry x lies outside any folder"},
      {raw_zip({}), "empty archive"},
      {raw_zip({{"a/data.pkl", ""}, {"b/x", ""}}), "several folders: a and b"},
      {zip_of({{"model.json", "{}"}}), "PyTorch 1.3 or older"},
      {zip_of({{".data/extern_modules", ""}}), "torch.package"},
      {zip_of({{"x", ""}}), "there is no data.pkl"},
      {zip_of({{"data.pkl", empty_object}, {"code/__torch__.py", ""}}), "lacks its record constants.pkl"},
      {zip_of({{"data.pkl", ""}, {"constants.pkl", ""}}), "lacks its record version"},
      {zip_of({{"data.pkl", ""}, {"constants.pkl", ""}, {"version", "x"}}), "no version number"},
      {zip_of({{"data.pkl", ""}, {"version", "0"}}), "no version number"},
      {zip_of({{"data.pkl", ""}, {"version", "3"}, {"byteorder", "big"}}), "big-endian"},
      {zip_of({{"data.pkl", ""}, {"version", "3"}, {"byteorder", "pdp"}}), "neither little nor big"},
  };
  for (const auto& [bytes, expected] : cases) {
    INFO(expected);
    CHECK_THAT(open_error(bytes), Catch::StartsWith("3: test.pt: ") && Contains(expected));
  }
  CHECK_THAT(error_of([] { Archive::open(golden("values_legacy.pt")); }), Contains("torch.save file of before 1.6"));
  CHECK_THAT(error_of([] { FileBytes::open("no/such/file"); }), Contains("3: no/such/file: cannot be read: No such file"));
  CHECK_THAT(error_of([] { FileBytes::open("/"); }), Contains("it is a directory"));
}

TEST_CASE("kinds and versions", "[archive]") {
  CHECK(Archive::open(file_of(zip_of({{"data.pkl", ""}, {"version", " 10\n"}}))).version() == 10);
  CHECK(Archive::open(file_of(zip_of({{"data.pkl", ""}, {".data/version", "6"}, {"version", "x"}}))).version() == 6);
  CHECK(Archive::open(file_of(zip_of({{"data.pkl", ""}}))).kind() == ArchiveKind::tensors);
  CHECK(Archive::open(file_of(zip_of({{"archive_format", "pt2"}, {".data/version", "6"}}))).kind() == ArchiveKind::exported_program);
  CHECK(Archive::open(file_of(raw_zip({{"version", "8.2"}, {"serialized_exported_program.json", ""}}))).root().empty());
}

TEST_CASE("storages are shared, checked and never invented", "[archive]") {
  const std::string bytes = zip_of({{"data.pkl", empty_object}, {"data/0", "12345678"}, {"data/none", ""}});
  const Archive a = Archive::open(file_of(bytes));
  CHECK(a.storage("data/0", 4) == a.storage("data/0", 8));
  CHECK(a.storage("data/0", 8)->bytes() == 8);
  CHECK(error_of([&] { a.storage("data/0", 9); }) == "3: test.pt: record data/0 holds 8 bytes, a tensor needs 9");
  CHECK(error_of([&] { a.storage("data/1", 1); }) == "3: test.pt: record data/1 is missing");
  CHECK(error_of([&] { a.storage("data/1", 1); }) == "3: test.pt: record data/1 is missing");
  CHECK(a.storage("data/2", 0)->bytes() == 0);
  CHECK(error_of([&] { a.storage("data/none", 1); }) == "3: test.pt: record data/none holds 0 bytes, a tensor needs 1");
}

TEST_CASE("writing to a weight leaves the file alone", "[archive]") {
  const Ref<FileBytes> file = golden("net.pt");
  States states;
  const Value net = Archive::open(file).read("data", states);
  const Tensor weight = attribute(attribute(net, "linear"), "weight").to_tensor();
  const float before = weight.data<float>()[0];
  weight.data<float>()[0] = before + 1;
  const Value again = Archive::open(golden("net.pt")).read("data", states);
  CHECK(attribute(attribute(again, "linear"), "weight").to_tensor().data<float>()[0] == before);
}

TEST_CASE("verify finds a changed storage", "[archive]") {
  std::string bytes(as_text(golden("net.pt")->bytes()));
  const Archive intact = Archive::open(file_of(bytes));
  intact.verify();
  const Ref<FileBytes> whole = file_of(bytes);
  const size_t at = static_cast<size_t>(Archive::open(whole).storage("data/0", 1)->data() - whole->data());
  bytes[at] ^= 1;
  const Archive damaged = Archive::open(file_of(bytes));
  CHECK(error_of([&] { damaged.verify(); }) == "3: test.pt: entry net/data/0 is damaged: its checksum differs");
}

TEST_CASE("a model cut or changed anywhere is refused or harmless", "[archive]") {
  const std::string whole(as_text(golden("net.pt")->bytes()));
  auto read = [](const std::string& bytes) {
    return error_of([&] {
      const Archive a = Archive::open(file_of(bytes));
      States states;
      a.read("constants", states);
      a.read("data", states);
      for (const std::string& name : a.code_names()) {
        a.text(name);
        a.source_ranges(name);
      }
    });
  };
  for (size_t n = 0; n < whole.size(); ++n) REQUIRE(read(whole.substr(0, n))[0] == '3');
  for (size_t i = 0; i < whole.size(); ++i)
    for (int value : {0, 0xff, whole[i] ^ 1, whole[i] ^ 0x80}) {
      std::string copy = whole;
      copy[i] = static_cast<char>(value);
      const std::string error = read(copy);
      INFO(error);
      REQUIRE((error[0] == 'n' || error[0] == '3' || error[0] == '4' || error[0] == '6'));
    }
}
