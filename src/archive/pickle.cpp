#include "archive/pickle.h"

#include <unordered_map>

#include "archive/pickle_atoms.h"
#include "archive/pickle_globals.h"
#include "archive/pickle_opcodes.h"

namespace tsrun {
namespace pickle {
namespace {

class Machine {
 public:
  explicit Machine(const PickleInput& input)
      : input_(input), reader_(input.bytes, input.name, input.start), builder_(input.builder ? *input.builder : plain_builder_) {}

  Value run() {
    for (uint64_t count = 0;; ++count) {
      if (count == input_.limits.opcodes) limit("more opcodes than allowed");
      Instruction i = next_instruction(reader_, input_.name);
      at_ = i.at;
      if (i.opcode == Op::stop) break;
      execute(i);
    }
    if (!marks_.empty()) fail("a MARK is left open at the end");
    Value result = pop();
    if (!stack_.empty()) fail("more than one value is left at the end");
    admit(result);
    return result;
  }
  size_t end() const { return reader_.position(); }

 private:
  /// How deep a container nests, and whether it became part of another value: then it is complete, which rules out cycles.
  struct Nesting {
    uint32_t depth = 1;
    bool complete = false;
  };

  [[noreturn]] void fail(const std::string& why) const { throw Error(ErrorKind::malformed, place(why)); }
  [[noreturn]] void limit(const std::string& why) const { throw Error(ErrorKind::limit, place(why)); }
  std::string place(const std::string& why) const { return std::string(input_.name) + ": " + why + ", at byte " + std::to_string(at_); }

  // The stack. A MARK is the height at which it was made; nothing below the last one can be popped.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  void push(Value v) { stack_.push_back(std::move(v)); }
  Value& top() {
    if (stack_.size() == floor()) fail("the stack is empty");
    return stack_.back();
  }
  Value pop() {
    Value v = std::move(top());
    stack_.pop_back();
    return v;
  }
  void pop_or_unmark() {
    if (!marks_.empty() && stack_.size() == floor()) marks_.pop_back();
    else pop();
  }
  std::vector<Value> pop_to_mark() {
    if (marks_.empty()) fail("a MARK is missing");
    auto from = stack_.begin() + static_cast<ptrdiff_t>(marks_.back());
    std::vector<Value> values(std::make_move_iterator(from), std::make_move_iterator(stack_.end()));
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return values;
  }
  std::vector<Value> pop_values(size_t n) {
    std::vector<Value> values(n);
    while (n > 0) values[--n] = pop();
    return values;
  }
  std::string describe(const Value& v) const {
    if (auto* g = as_atom<GlobalAtom>(v)) return g->name;
    if (as_atom<StorageAtom>(v)) return "a bare storage";
    return std::string("a ") + tag_name(v.tag());
  }

  /// The depth of v as part of something; v is complete from here on.
  uint32_t use(const Value& v) {
    if (!v.is_tuple() && !v.is_list() && !v.is_dict() && !as_atom<TupleAtom>(v)) return 0;
    Nesting& n = nesting_[v.shared_object()];
    n.complete = true;
    return n.depth;
  }
  /// use(v) of a value that must not be an atom.
  uint32_t admit(const Value& v) {
    if (auto* g = as_atom<GlobalAtom>(v)) throw Error(ErrorKind::unsupported, place(unknown_global_text(g->name)));
    if (as_atom(v)) throw Error(ErrorKind::unsupported, place("holds " + describe(v) + ", which tsrun does not load by itself"));
    return use(v);
  }
  void set_depth(const RefCounted* container, uint32_t deepest_part) {
    Nesting& n = nesting_[container];
    n.depth = std::max(n.depth, deepest_part + 1);
    if (n.depth > input_.limits.depth) limit("containers nested deeper than allowed");
  }
  /// A new container: whatever had its address before is gone.
  Value fresh(Value container, uint32_t deepest_part = 0) {
    nesting_[container.shared_object()] = {};
    set_depth(container.shared_object(), deepest_part);
    return container;
  }
  void check_open(const Value& container) {
    if (nesting_[container.shared_object()].complete) fail("a container changes after it became part of another value");
  }

  Value tuple_of(std::vector<Value> elements) {
    uint32_t depth = 0;
    bool has_atom = false;
    for (const Value& e : elements) {
      depth = std::max(depth, use(e));
      has_atom = has_atom || as_atom(e);
    }
    return fresh(has_atom ? Value(Tag::capsule, make_ref<TupleAtom>(std::move(elements))) : make_tuple(std::move(elements)), depth);
  }
  void append(const Value& target, std::vector<Value> elements) {
    if (!target.is_list()) fail("APPEND needs a list, found " + describe(target));
    check_open(target);
    auto& list = target.to_list().elements;
    for (Value& e : elements) {
      // The list itself counts as complete once it is admitted, so its own cycle ends at the check above.
      const uint32_t depth = admit(e);
      check_open(target);
      set_depth(target.shared_object(), depth);
      list.push_back(std::move(e));
    }
  }
  void set_items(const Value& target, std::vector<Value> items) {
    if (!target.is_dict()) fail("SETITEM needs a dict, found " + describe(target));
    if (items.size() % 2) fail("a dict item lacks its value");
    check_open(target);
    DictObject& dict = target.to_dict();
    for (size_t i = 0; i < items.size(); i += 2) {
      const Value& key = items[i];
      if (!key.is_string() && !key.is_number() && !key.is_tensor())
        throw Error(ErrorKind::unsupported, place("a dict key is " + describe(key) + ", which tsrun does not support"));
      set_depth(target.shared_object(), admit(items[i + 1]));
      check_open(target);
      dict.set(key, std::move(items[i + 1]));
    }
  }

  void remember(uint64_t index) {
    if (index > input_.bytes.size()) fail("memo index " + std::to_string(index) + " is out of range");
    if (index >= memo_.size()) memo_.resize(index + 1);
    if (!memo_[index].used) ++memo_count_;
    memo_[index] = {top(), true};
  }
  const Value& recall(uint64_t index) {
    if (index >= memo_.size() || !memo_[index].used) fail("memo index " + std::to_string(index) + " was never set");
    return memo_[index].value;
  }

  /// Runs f; Errors that carry no place get this one.
  template <class F>
  Value placed(F&& f) {
    try {
      return f();
    } catch (const Error& e) {
      const ErrorKind kind = e.kind() == ErrorKind::limit || e.kind() == ErrorKind::unsupported ? e.kind() : ErrorKind::malformed;
      throw Error(kind, place(e.what()), e.trace());
    }
  }

  void call_reduce() {
    Value argument = pop(), function = pop();
    auto* global = as_atom<GlobalAtom>(function);
    if (!global) fail("REDUCE needs a constructor, found " + describe(function));
    if (global->callable == Callable::archive_class) {
      admit(argument);
      return push(builder_.make_enum(global->name, std::move(argument)));
    }
    const auto* atoms = as_atom<TupleAtom>(argument);
    if (!atoms && !argument.is_tuple()) fail("REDUCE needs a tuple of arguments, found " + describe(argument));
    Value result = placed([&] { return call(*global, atoms ? atoms->elements : argument.to_tuple().elements, builder_); });
    if (global->callable == Callable::ordered_dict) {
      uint32_t depth = 0;
      result.to_dict().for_each([&](const DictObject::Entry& e) { depth = std::max(depth, use(e.value)); });
      result = fresh(std::move(result), depth);
    } else if (result.is_list() && result.shared_object()->unique()) {
      result = fresh(std::move(result));
    }
    push(std::move(result));
  }

  void make_object() {
    Value arguments = pop(), cls = pop();
    auto* global = as_atom<GlobalAtom>(cls);
    if (!global) fail("NEWOBJ needs a class, found " + describe(cls));
    if (global->callable == Callable::ordered_dict) return push(fresh(make_ref<DictObject>()));
    if (global->callable != Callable::archive_class) throw Error(ErrorKind::unsupported, place(unknown_global_text(global->name)));
    if (!arguments.is_tuple() || !arguments.to_tuple().elements.empty()) fail("NEWOBJ got arguments");
    push(builder_.make_object(global->name));
  }

  void build_object() {
    Value state = pop();
    const Value object = top();
    if (object.is_dict()) return;  // attributes of an OrderedDict: `_metadata` of a state dict
    if (!object.is_object() && (object.tag() != Tag::capsule || as_atom(object))) fail("BUILD needs an object, found " + describe(object));
    admit(state);
    builder_.set_state(object, std::move(state));
  }

  void load_storage() {
    const Value id = pop();
    const auto* parts = as_atom<TupleAtom>(id);
    if (!parts || parts->elements.size() < 5) fail("a persistent id is no description of a storage");
    const auto& p = parts->elements;
    const auto* cls = as_atom<GlobalAtom>(p[1]);
    if (!p[0].is_string() || p[0].to_string() != "storage" || !cls || !p[2].is_string() || !p[3].is_string() || !p[4].is_int())
      fail("a persistent id is no description of a storage");
    if (cls->callable != Callable::storage_class && cls->callable != Callable::untyped_storage_class)
      throw Error(ErrorKind::unsupported, place("storages of class " + cls->name + " are not supported"));
    if (p[3].to_string() == "meta") throw Error(ErrorKind::unsupported, place("a tensor of device meta has no data"));
    if (!input_.storages) fail("a storage is not allowed here");

    const size_t item = item_size(cls->dtype);
    auto bytes_of = [&](int64_t count, const char* what) {
      if (count < 0 || static_cast<uint64_t>(count) > (uint64_t{1} << 47) / item) fail(std::string("a storage has an impossible ") + what);
      return static_cast<size_t>(count) * item;
    };
    StorageRequest request{p[2].to_string(), item, bytes_of(p[4].to_int(), "size")};
    if (p.size() > 5 && p[5].is_tuple()) {
      const auto& part = p[5].to_tuple().elements;
      if (part.size() != 3 || !part[1].is_int() || !part[2].is_int()) fail("a part of a storage is described wrongly");
      request.view_offset = bytes_of(part[1].to_int(), "offset");
      request.bytes = bytes_of(part[2].to_int(), "size");
    }
    push(Value(Tag::capsule, make_ref<StorageAtom>(input_.storages(request), cls->dtype)));
  }

  void push_string(std::string_view text) {
    if (text.size() > input_.limits.string_bytes) limit("a string is longer than allowed");
    push(Value(text));
  }

  void execute(const Instruction& i) {
    switch (i.opcode) {
      case Op::proto:
      case Op::frame: break;
      case Op::mark: marks_.push_back(stack_.size()); break;
      case Op::pop: pop_or_unmark(); break;
      case Op::pop_mark: pop_to_mark(); break;
      case Op::dup: push(Value(top())); break;

      case Op::none: push({}); break;
      case Op::newtrue: push(true); break;
      case Op::newfalse: push(false); break;
      case Op::binint:
      case Op::binint1:
      case Op::binint2:
      case Op::long1:
      case Op::long4:
      case Op::int_text:
      case Op::long_text:
        if (i.wide) fail("an integer does not fit 64 bits");
        push(i.number);
        break;
      case Op::binfloat:
      case Op::float_text: push(i.real); break;
      case Op::binunicode:
      case Op::short_binunicode:
      case Op::binunicode8:
      case Op::binstring:
      case Op::short_binstring:
      case Op::binbytes:
      case Op::short_binbytes:
      case Op::binbytes8:
      case Op::bytearray8: push_string(i.text); break;

      case Op::empty_tuple: push(tuple_of({})); break;
      case Op::tuple1: push(tuple_of(pop_values(1))); break;
      case Op::tuple2: push(tuple_of(pop_values(2))); break;
      case Op::tuple3: push(tuple_of(pop_values(3))); break;
      case Op::tuple: push(tuple_of(pop_to_mark())); break;
      case Op::empty_list:
      case Op::empty_set: push(fresh(make_list({}))); break;
      case Op::list:
      case Op::frozenset: {
        std::vector<Value> elements = pop_to_mark();
        push(fresh(make_list({})));
        append(top(), std::move(elements));
        break;
      }
      case Op::empty_dict: push(fresh(make_ref<DictObject>())); break;
      case Op::dict: {
        std::vector<Value> items = pop_to_mark();
        push(fresh(make_ref<DictObject>()));
        set_items(top(), std::move(items));
        break;
      }
      case Op::append: {
        std::vector<Value> one = pop_values(1);
        append(top(), std::move(one));
        break;
      }
      case Op::appends:
      case Op::additems: {
        std::vector<Value> elements = pop_to_mark();
        append(top(), std::move(elements));
        break;
      }
      case Op::setitem: {
        std::vector<Value> item = pop_values(2);
        set_items(top(), std::move(item));
        break;
      }
      case Op::setitems: {
        std::vector<Value> items = pop_to_mark();
        set_items(top(), std::move(items));
        break;
      }

      case Op::binput:
      case Op::long_binput: remember(static_cast<uint64_t>(i.number)); break;
      case Op::memoize: remember(memo_count_); break;
      case Op::binget:
      case Op::long_binget: push(recall(static_cast<uint64_t>(i.number))); break;

      case Op::global: push(find_global(i.text, i.name)); break;
      case Op::stack_global: {
        Value name = pop(), module = pop();
        if (!name.is_string() || !module.is_string()) fail("a global is not named by strings");
        push(find_global(module.to_string(), name.to_string()));
        break;
      }
      case Op::reduce: call_reduce(); break;
      case Op::newobj: make_object(); break;
      case Op::newobj_ex: fail("objects with keyword arguments are not allowed");
      case Op::build: build_object(); break;
      case Op::binpersid: load_storage(); break;
      case Op::stop: break;
    }
  }

  struct MemoEntry {
    Value value;
    bool used = false;
  };

  const PickleInput& input_;
  ByteReader reader_;
  PlainObjectBuilder plain_builder_;
  ObjectBuilder& builder_;
  size_t at_ = 0;
  std::vector<Value> stack_;
  std::vector<size_t> marks_;
  std::vector<MemoEntry> memo_;
  uint64_t memo_count_ = 0;
  std::unordered_map<const RefCounted*, Nesting> nesting_;
};

}  // namespace
}  // namespace pickle

Value read_pickle(const PickleInput& input, size_t* end) {
  pickle::Machine machine(input);
  Value result = machine.run();
  if (end) *end = machine.end();
  return result;
}

size_t skip_pickle(Bytes bytes, std::string_view name, size_t start) {
  ByteReader reader(bytes, name, start);
  while (pickle::next_instruction(reader, name).opcode != pickle::Op::stop) {}
  return reader.position();
}

Ref<Storage> part_of(const Ref<Storage>& whole, const StorageRequest& request, std::string_view file) {
  if (request.view_offset > whole->bytes() || request.bytes > whole->bytes() - request.view_offset)
    throw Error(ErrorKind::malformed, std::string(file) + ": storage " + std::string(request.key) + " holds " +
                                          std::to_string(whole->bytes()) + " bytes, a tensor needs " + std::to_string(request.bytes) +
                                          " from byte " + std::to_string(request.view_offset));
  if (!request.view_offset) return whole;
  return make_ref<Storage>(whole->data() + request.view_offset, request.bytes, whole);
}

namespace {

[[noreturn]] void refuse_class(std::string_view name) {
  throw Error(ErrorKind::unsupported, "an instance of " + std::string(name) + " is no plain value");
}

}  // namespace

Value PlainObjectBuilder::make_object(std::string_view qualified_name) { refuse_class(qualified_name); }
void PlainObjectBuilder::set_state(const Value&, Value) { refuse_class("a class"); }
Value PlainObjectBuilder::make_enum(std::string_view qualified_name, Value) { refuse_class(qualified_name); }
Value PlainObjectBuilder::restore_type(Value container, std::string_view) { return container; }

}  // namespace tsrun
