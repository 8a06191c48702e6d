#include "archive/pickle.h"

#include "archive_testing.h"

using namespace tsrun;
using namespace tsrun::testing;
using Catch::Contains;
using namespace std::string_literals;

namespace {

/// Floats 0..9 under key "0", whatever is asked.
Ref<Storage> ten_floats(const StorageRequest& r) {
  if (r.bytes > 40) throw Error(ErrorKind::malformed, "too large");
  Ref<Storage> s = Storage::allocate(40);
  for (int i = 0; i < 10; ++i) reinterpret_cast<float*>(s->data())[i] = static_cast<float>(i);
  return s;
}

Value load(const std::string& pickle, ObjectBuilder* builder = nullptr, PickleLimits limits = {}) {
  return read_pickle({as_bytes(pickle), "p", 0, ten_floats, builder, limits});
}
std::string load_error(const std::string& pickle, PickleLimits limits = {}) {
  return error_of([&] { load(pickle, nullptr, limits); });
}

/// BINUNICODE / SHORT_BINUNICODE.
std::string text(const std::string& s) { return "\x8c"s + static_cast<char>(s.size()) + s; }
/// A tensor of `numel` floats; `shape` holds the opcodes for sizes and strides.
std::string tensor(const std::string& numel, const std::string& offset, const std::string& shape,
                   const std::string& cls = "torch\nFloatStorage\n") {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "c" + cls + text("0") + text("cpu") + numel + "tQ" + offset + shape +
         "\x89" + "ccollections\nOrderedDict\n)RtR.";
}

/// Objects as dicts under key "state" so that tests can look inside.
struct Recorder : ObjectBuilder {
  std::vector<std::string> log;
  Value make_object(std::string_view name) override {
    log.push_back("make " + std::string(name));
    return make_ref<ClassObject>(TypeRef(), 1);
  }
  void set_state(const Value& object, Value state) override {
    log.push_back("state");
    object.to_object().slots[0] = std::move(state);
  }
  Value make_enum(std::string_view name, Value value) override {
    log.push_back("enum " + std::string(name));
    return value;
  }
  Value restore_type(Value container, std::string_view type) override {
    log.push_back("type " + std::string(type));
    return container;
  }
};

}  // namespace

TEST_CASE("scalars", "[pickle]") {
  CHECK(load("N.").is_none());
  CHECK(load("\x88.").to_bool());
  CHECK_FALSE(load("I00\n.").to_bool());
  CHECK(load("K\xff.").to_int() == 255);
  CHECK(load("M\x01\x02.").to_int() == 513);
  CHECK(load("J\xfe\xff\xff\xff.").to_int() == -2);
  CHECK(load("\x8a\x00."s).to_int() == 0);
  CHECK(load("\x8a\x01\xff.").to_int() == -1);
  CHECK(load("\x8a\x09\xff\xff\xff\xff\xff\xff\xff\x7f\x00."s).to_int() == INT64_MAX);
  CHECK(load("L-12L\n.").to_int() == -12);
  CHECK(load("G\x3f\xf8\x00\x00\x00\x00\x00\x00."s).to_double() == 1.5);
  CHECK(load("F2.5\n.").to_double() == 2.5);
  CHECK(load("X\x02\x00\x00\x00hi."s).to_string() == "hi");
  CHECK(load_error("\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00."s) == "3: p: an integer does not fit 64 bits, at byte 0");
  CHECK(load_error("I1x\n.") == "3: p: a number is written wrongly, at byte 0");
}

TEST_CASE("containers, the memo and marks", "[pickle]") {
  const Value v = load("\x80\x02](K\x01K\x02\x86q\x00h\x00}("s + text("k") + "\x88ue."s);
  const auto& list = v.to_list().elements;
  REQUIRE(list.size() == 3);
  CHECK(list[0].is(list[1]));
  CHECK(list[2].to_dict().find("k")->to_bool());
  CHECK(load("(K\x01K\x02l.").to_list().elements.size() == 2);
  CHECK(load("(" + text("a") + "Nd.").to_dict().size() == 1);
  CHECK(load("\x8f(K\x01\x90.").to_list().elements.size() == 1);
  CHECK(load("K\x01\x94K\x02\x94h\x00\x87."s).to_tuple().elements[2].to_int() == 1);
  CHECK(load("K\x01(0.").to_int() == 1);
  CHECK(load("K\x01(K\x02K\x03"s + "1.").to_int() == 1);
  CHECK(load("ccollections\nOrderedDict\n)R(" + text("a") + "Nu}" + text("_metadata") + "NsbN0.").to_dict().size() == 1);
}

TEST_CASE("a broken machine state is refused", "[pickle]") {
  CHECK(load_error("") == "3: p: ends early, at byte 0");
  CHECK(load_error(".") == "3: p: the stack is empty, at byte 0");
  CHECK(load_error("N") == "3: p: ends early, at byte 1");
  CHECK(load_error("NN.") == "3: p: more than one value is left at the end, at byte 2");
  CHECK(load_error("N(.") == "3: p: a MARK is left open at the end, at byte 2");
  CHECK(load_error("t.") == "3: p: a MARK is missing, at byte 0");
  CHECK(load_error("N(\x85.") == "3: p: the stack is empty, at byte 2");
  CHECK(load_error("h\x05.") == "3: p: memo index 5 was never set, at byte 0");
  CHECK(load_error("Nr\xff\xff\xff\x7f.") == "3: p: memo index 2147483647 is out of range, at byte 1");
  CHECK(load_error("q\x00."s) == "3: p: the stack is empty, at byte 0");
  CHECK(load_error("N(e.") == "3: p: APPEND needs a list, found a None, at byte 2");
  CHECK(load_error("NNa.") == "3: p: APPEND needs a list, found a None, at byte 2");
  CHECK(load_error("]NNs.") == "3: p: SETITEM needs a dict, found a List, at byte 3");
  CHECK(load_error("}(Nu.") == "3: p: a dict item lacks its value, at byte 3");
  CHECK(load_error("}NNs.") == "4: p: a dict key is a None, which tsrun does not support, at byte 3");
  CHECK(load_error("N)R.") == "3: p: REDUCE needs a constructor, found a None, at byte 2");
  CHECK(load_error("NNb.") == "3: p: BUILD needs an object, found a None, at byte 2");
  CHECK(load_error("N)\x81.") == "3: p: NEWOBJ needs a class, found a None, at byte 2");
  CHECK(load_error("ctorch\nSize\nNR.") == "3: p: REDUCE needs a tuple of arguments, found a None, at byte 13");
  CHECK(load_error("\x7f.") == "3: p: opcode 127 is not known, at byte 0");
  CHECK(load_error("\x80\x06N.") == "4: p: pickle protocol 6 is not known");
  CHECK(load_error("X\xff\xff\xff\xffhi.") == "3: p: ends early, at byte 8");
  CHECK(load_error("NQ.") == "3: p: a persistent id is no description of a storage, at byte 1");
}

TEST_CASE("names that are not allowed cannot be used", "[pickle]") {
  CHECK(load_error("cos\nsystem\n" + text("ls") + "\x85R.") == "4: p: holds os.system, which tsrun does not build, at byte 16");
  CHECK(load_error(text("builtins") + text("eval") + "\x93.") == "4: p: holds builtins.eval, which tsrun does not build, at byte 17");
  CHECK(load_error("]cos\nsystem\na.") == "4: p: holds os.system, which tsrun does not build, at byte 12");
  CHECK(load_error("cos\nsystem\n\x85.") == "4: p: holds a Capsule, which tsrun does not load by itself, at byte 12");
  CHECK(load_error("ctorch\nFloatStorage\n.") == "4: p: holds torch.FloatStorage, which tsrun does not build, at byte 20");
  CHECK_THAT(load_error("ctorch.nn.modules.linear\nLinear\n)\x81."), Contains("save torch.jit.script(module) with torch.jit.save"));
  CHECK(load_error("c__torch__.a\nB\n)\x81.") == "4: an instance of __torch__.a.B is no plain value");
}

TEST_CASE("constructors", "[pickle]") {
  CHECK(load("cbuiltins\ncomplex\nG\x3f\xf0\0\0\0\0\0\0K\x02\x86R."s).to_complex() == std::complex<double>(1, 2));
  CHECK(load("ctorch\ndevice\n" + text("cuda:1") + "\x85R.").to_device() == Device{Device::Kind::cuda, 1});
  CHECK(load("ctorch\ndevice\n" + text("cuda") + "K\x01\x86R.").to_device() == Device{Device::Kind::cuda, 1});
  CHECK(load("ctorch\nfloat64\n.").to_int() == 7);
  CHECK(load("ctorch\nchannels_last\n.").to_int() == 2);
  CHECK(load("ctorch\nSize\nK\x02\x85\x85R.").to_tuple().elements[0].to_int() == 2);
  CHECK(load("c_codecs\nencode\n" + text("\xc3\xbf") + text("latin1") + "\x86R.").to_string() == "\xff");
  CHECK(load("c__builtin__\nset\n](K\x01"s + "e\x85R.").to_list().elements.size() == 1);
  CHECK(load_error("ctorch\ndevice\n" + text("toaster") + "\x85R.").substr(0, 5) == "3: p:");
  CHECK(load_error("cbuiltins\ncomplex\nK\x01\x85R.") == "3: p: builtins.complex needs 2 arguments, got 1, at byte 21");
}

TEST_CASE("typed containers and instances go through the builder", "[pickle]") {
  Recorder recorder;
  const Value v = load("c__torch__.a\nB\n)\x81q\x01}(" + text("me") + "h\x01" + text("l") + "ctorch.jit._pickle\nbuild_intlist\n](K\x05"s +
                           "e\x85R" + text("d") + "ctorch.jit._pickle\nrestore_type_tag\n}" + text("Dict[str, int]") + "\x86R" + text("e") +
                           "c__torch__\nColor\nK\x01Rub.",
                       &recorder);
  CHECK(recorder.log ==
        std::vector<std::string>{"make __torch__.a.B", "type List[int]", "type Dict[str, int]", "enum __torch__.Color", "state"});
  DictObject& state = v.to_object().slots[0].to_dict();
  CHECK(state.find("me")->is(v));
  CHECK(state.find("e")->to_int() == 1);
  state.clear();  // the instance holds itself
}

TEST_CASE("tensors are views within their storage", "[pickle]") {
  const std::string k10 = "K\x0a";
  const Value v = load(tensor(k10, "K\x01", "K\x02K\x03\x86K\x03K\x01\x86"));
  REQUIRE(v.is_tensor());
  CHECK(v.to_tensor().describe() == "float32 [2, 3]");
  CHECK(v.to_tensor().data<float>()[3] == 4);
  CHECK(load(tensor(k10, "K\0"s, "K\x03\x85K\0\x85"s)).to_tensor().stride(0) == 0);
  CHECK(load(tensor("K\0"s, "K\0"s, "K\0\x85K\x01\x85"s)).to_tensor().numel() == 0);
  CHECK_THAT(load_error(tensor(k10, "K\x05", "K\x02K\x03\x86K\x03K\x01\x86")), Contains("lies outside its storage of 40 bytes, at byte"));
  CHECK_THAT(load_error(tensor(k10, "K\0"s, "K\x02\x85J\xff\xff\xff\xff\x85"s)), Contains("a tensor has negative strides"));
  CHECK_THAT(load_error(tensor(k10, "K\0"s, "J\xff\xff\xff\xff\x85K\x01\x85"s)), Contains("a tensor has negative sizes"));
  CHECK_THAT(load_error(tensor(k10, "J\xff\xff\xff\xff", "K\x01\x85K\x01\x85")), Contains("a tensor has a negative offset"));
  CHECK_THAT(load_error(tensor(k10, "K\0"s, "K\x01\x85)"s)), Contains("a tensor has 1 sizes and 0 strides"));
  CHECK_THAT(load_error(tensor("K\x0b", "K\0"s, "))"s)), Contains("too large"));
  CHECK_THAT(load_error(tensor("J\xff\xff\xff\xff", "K\0"s, "))"s)), Contains("a storage has an impossible size"));
  CHECK_THAT(load_error(tensor("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "K\0"s, "))"s)), Contains("a storage has an impossible size"));
  const std::string huge = "\x8a\x08\0\0\0\0\0\0\0\x40"s;
  CHECK_THAT(load_error(tensor(k10, "K\0"s, huge + huge + "\x86K\0K\0\x86"s)), Contains("too large"));
  CHECK_THAT(load_error(tensor(k10, "K\0"s, "))"s, "torch\nQUInt4x2Storage\n")),
             Contains("storages of class torch.QUInt4x2Storage are not supported"));
  CHECK_THAT(load_error(tensor(k10, "N", "))")), Contains("a tensor has a None for its offset"));
}

TEST_CASE("cycles and depth", "[pickle]") {
  CHECK(load_error("]q\0h\0a."s) == "3: p: a container changes after it became part of another value, at byte 5");
  CHECK(load_error("]q\0(h\0\x85"s + "e.") == "3: p: a container changes after it became part of another value, at byte 7");
  CHECK(load_error("}q\0"s + text("k") + "h\0s."s) == "3: p: a container changes after it became part of another value, at byte 8");
  std::string deep = ")";
  for (int i = 0; i < 999; ++i) deep += '\x85';
  CHECK(load(deep + ".").is_tuple());
  CHECK(load_error(deep + "\x85.") == "6: p: containers nested deeper than allowed, at byte 1000");
  std::string lists;
  for (int i = 0; i < 1001; ++i) lists += ']';
  CHECK(load_error(lists + std::string(1000, 'a') + ".") == "6: p: containers nested deeper than allowed, at byte 2000");
}

TEST_CASE("limits", "[pickle]") {
  CHECK(load_error("NNN000N.", {.opcodes = 5}) == "6: p: more opcodes than allowed, at byte 4");
  CHECK(load_error(text("abcdef") + ".", {.string_bytes = 5}) == "6: p: a string is longer than allowed, at byte 0");
}

TEST_CASE("a pickle is skipped without running it", "[pickle]") {
  const std::string two = "cos\nsystem\n)R.N.";
  const size_t end = skip_pickle(as_bytes(two), "p", 0);
  CHECK(two.substr(end) == "N.");
  size_t after = 0;
  CHECK(read_pickle({as_bytes(two), "p", end}, &after).is_none());
  CHECK(after == two.size());
}

TEST_CASE("every cut and every changed byte is refused or harmless", "[pickle]") {
  const std::string p = tensor("K\x0a", "K\x01", "K\x02K\x03\x86K\x03K\x01\x86");
  for (size_t n = 0; n < p.size(); ++n) CHECK(load_error(p.substr(0, n)) != "no error");
  for (size_t i = 0; i < p.size(); ++i)
    for (int value = 0; value < 256; ++value) {
      std::string copy = p;
      copy[i] = static_cast<char>(value);
      const char kind = load_error(copy)[0];
      CHECK((kind == 'n' || kind == '3' || kind == '4' || kind == '6'));
    }
}
