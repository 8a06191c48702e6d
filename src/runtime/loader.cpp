// Opening a TorchScript archive: constants, then the object graph, classes compiled as they are met.
#include <algorithm>

#include "runtime/gradients.h"
#include "runtime/module_impl.h"

namespace tsrun {
namespace {

/// Builds class instances while the pickle is read.
class InstanceBuilder : public ObjectBuilder {
 public:
  InstanceBuilder(Module::Impl& module) : module_(module) {}

  Value make_object(std::string_view name) override {
    TypeRef t = type(name);
    size_t slots = t->is(TypeKind::class_) ? as_class(*t).attributes.size() : 1;
    if (!t->is(TypeKind::class_) && !t->is(TypeKind::quantized_params)) fail(std::string(name) + " is no class that can be instantiated");
    return make_ref<ClassObject>(t, slots);
  }

  void set_state(const Value& object, Value state) override {
    ClassObject& o = object.to_object();
    if (o.type->is(TypeKind::quantized_params)) {
      o.slots[0] = std::move(state);
      return;
    }
    const ClassType& c = as_class(*o.type);
    Function* setter = c.find_method("__setstate__");
    if (setter && c.find_method("__getstate__")) {
      run_setter(*setter, object, std::move(state));
      for (size_t i = 0; i < c.attributes.size(); ++i)
        if (o.slots[i].is_none() && !admits_none(*c.attributes[i].type))
          fail("__setstate__ of " + c.name + " left attribute '" + c.attributes[i].name + "' unset");
      return;
    }
    if (!state.is_dict()) fail("the state of an instance of " + c.name + " is no dictionary");
    DictObject& d = state.to_dict();
    for (size_t i = 0; i < c.attributes.size(); ++i) {
      const Attribute& a = c.attributes[i];
      Value* v = d.find(Value(a.name));
      if (!v) fail("an instance of " + c.name + " lacks attribute '" + a.name + "'");
      if (a.type->is(TypeKind::floating) && v->is_int()) *v = static_cast<double>(v->to_int());
      push_type(*v, *a.type);
      if (!value_is(*v, *a.type))
        fail("attribute '" + a.name + "' of " + c.name + " is declared " + to_text(*a.type) + " and holds " + to_text(*type_of(*v)));
      o.slots[i] = *v;
    }
  }

  Value make_enum(std::string_view name, Value value) override {
    TypeRef t = type(name);
    if (!t->is(TypeKind::enumeration)) fail(std::string(name) + " is no enum");
    for (const Value& m : as_enum(*t).members) {
      const Value& v = m.to_enum().value;
      bool same = v.tag() == value.tag() && (v.is_string()   ? v.to_string() == value.to_string()
                                             : v.is_double() ? v.to_double() == value.to_double()
                                                             : v.is(value));
      if (same) return m;
    }
    fail("enum " + std::string(name) + " has no member of the value given");
  }

  Value restore_type(Value container, std::string_view text) override {
    push_type(container, *module_.unit->resolve_type(text));
    return container;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw Error(ErrorKind::malformed, module_.archive->file_name() + ": " + why); }

  TypeRef type(std::string_view name) {
    TypeRef t = module_.unit->find_type(std::string(name));
    if (!t) fail("the archive has no code for class " + std::string(name));
    return t;
  }

  void run_setter(Function& setter, const Value& object, Value state) {
    Session::Impl session(std::shared_ptr<Module::Impl>(&module_, [](Module::Impl*) {}), module_.options);
    if (setter.schema.arguments.size() != 2) fail("__setstate__ of " + setter.owner->name + " takes the wrong number of arguments");
    push_type(state, *setter.schema.arguments[1].type);
    Value arguments[] = {object, std::move(state)};
    session.interpreter.run(module_.programs.program_of(setter), arguments, session.context);
  }

  Module::Impl& module_;
};

}  // namespace

static Module open_archive(Ref<FileBytes> file, const Options& options) {
  auto module = std::make_shared<Module::Impl>();
  module->options = options;
  module->archive = std::make_unique<Archive>(Archive::open(std::move(file)));
  Archive& archive = *module->archive;
  if (archive.kind() != ArchiveKind::torchscript)
    throw Error(ErrorKind::malformed, archive.file_name() + (archive.kind() == ArchiveKind::tensors
                                                                 ? " holds tensors saved by torch.save, not a TorchScript module; save the "
                                                                   "model with torch.jit.save(torch.jit.script(model), ...)"
                                                                 : " holds a torch.export program, which this version does not run; save "
                                                                   "it with torch.jit.save(torch.jit.trace(...), ...)"));
  if (options.check_sums) archive.verify();
  UnitEnvironment environment = operator_environment();
  if (archive.version() < newest_changed_version)
    environment.old_meaning = [version = archive.version()](const std::string& name) { return old_meaning(name, version); };
  environment.load_source = [a = module->archive.get()](const std::string& path) -> SourceRef {
    if (!a->has(path)) return nullptr;
    return std::make_shared<Source>(Source{path, a->text(path)});
  };
  module->unit = std::make_unique<CompilationUnit>(std::move(environment));
  for (const std::string& name : archive.code_names())
    module->follow_gradients = module->follow_gradients || asks_for_gradients(archive.text(name));
  InstanceBuilder builder(*module);
  if (archive.has("constants.pkl")) {
    Value constants = archive.read("constants", builder);
    if (constants.is_tuple()) module->unit->constants = constants.to_tuple().elements;
  }
  Value root = archive.read("data", builder);
  if (!root.is_object() || !root.to_object().type->is(TypeKind::class_))
    throw Error(ErrorKind::malformed, archive.file_name() + ": data.pkl does not hold a module");
  module->root = Ref<ClassObject>(&root.to_object());
  return Module(std::move(module));
}

Module load(const std::string& path, const Options& options) { return open_archive(FileBytes::open(path), options); }
Module load(std::span<const std::byte> bytes, const Options& options) { return open_archive(FileBytes::copy(bytes), options); }

}  // namespace tsrun
