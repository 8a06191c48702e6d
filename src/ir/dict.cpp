// Dictionaries: entries in order, and an index into them by open addressing.
#include <cstring>
#include <functional>

#include "tsrun/error.h"
#include "tsrun/value.h"

namespace tsrun {
namespace {

uint64_t mix(uint64_t x) {
  x *= 0x9e3779b97f4a7c15u;
  return x ^ (x >> 32);
}

template <class T>
uint64_t load(const char* p) {
  T x;
  std::memcpy(&x, p, sizeof x);
  return x;
}

/// Up to eight bytes as a number; different texts of one length give different numbers.
uint64_t short_text(const char* p, size_t n) {
  if (n >= 4) return load<uint32_t>(p) << 32 | load<uint32_t>(p + n - 4);
  if (n >= 2) return load<uint16_t>(p) << 16 | load<uint16_t>(p + n - 2);
  return n ? static_cast<unsigned char>(*p) : 0;
}

uint64_t hash_text(std::string_view s) {
  uint64_t h = s.size();
  const char* p = s.data();
  size_t left = s.size();
  for (; left > 8; left -= 8, p += 8) h = mix(h ^ load<uint64_t>(p));
  return mix(h ^ short_text(p, left));
}

bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  return a.size() <= 8 ? short_text(a.data(), a.size()) == short_text(b.data(), b.size()) : std::memcmp(a.data(), b.data(), a.size()) == 0;
}

bool same_key(const Value& a, const Value& b) {
  if (a.tag() != b.tag()) return false;
  switch (a.tag()) {
    case Tag::string: return same_text(a.to_string(), b.to_string());
    case Tag::floating: return a.to_double() == b.to_double();
    case Tag::complex: return a.to_complex() == b.to_complex();
    default: return a.is(b);
  }
}

uint64_t hash_key(const Value& k) {
  switch (k.tag()) {
    case Tag::string: return hash_text(k.to_string());
    case Tag::floating: return mix(std::hash<double>()(k.to_double()));
    case Tag::complex: return mix(std::hash<double>()(k.to_complex().real()) * 31 + std::hash<double>()(k.to_complex().imag()));
    case Tag::boolean:
    case Tag::integer: return mix(static_cast<uint64_t>(k.int_unchecked()));
    case Tag::tensor: return mix(reinterpret_cast<uintptr_t>(k.shared_object()));
    default: throw Error(ErrorKind::model, std::string("a ") + tag_name(k.tag()) + " cannot be a dictionary key");
  }
}

// A place of the index: the entry's position + 1, 0 when free, and above it some bits of the key's hash.
static_assert(sizeof(size_t) == 8);
constexpr size_t position_mask = (size_t{1} << 40) - 1;
size_t position(size_t place) { return (place & position_mask) - 1; }
size_t place_of(size_t position, const Value& key) { return (position + 1) | (hash_key(key) & ~position_mask); }

}  // namespace

size_t* DictObject::slot_of(const Value& key) {
  if (index_.empty()) return nullptr;
  const size_t mask = index_.size() - 1, hash = hash_key(key), kept = hash & ~position_mask;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    size_t& place = index_[i];
    if (place == 0) return &place;
    if ((place & ~position_mask) != kept) continue;
    const Entry& e = entries_[position(place)];
    if (!is_hole(e) && same_key(e.key, key)) return &place;
  }
}

void DictObject::rebuild(size_t buckets) {
  std::erase_if(entries_, is_hole);
  head_ = 0;
  index_.assign(buckets, 0);
  for (size_t i = 0; i < entries_.size(); ++i) *slot_of(entries_[i].key) = place_of(i, entries_[i].key);
}

Value* DictObject::find(const Value& key) {
  size_t* place = slot_of(key);
  return place && *place ? &entries_[position(*place)].value : nullptr;
}

void DictObject::set(Value key, Value value) {
  if ((entries_.size() + 1) * 2 > index_.size()) {
    size_t buckets = 8;
    while (buckets < (live_ + 1) * 4) buckets *= 2;
    rebuild(buckets);
  }
  size_t* place = slot_of(key);
  if (*place) {
    entries_[position(*place)].value = std::move(value);
    return;
  }
  size_t filled = place_of(entries_.size(), key);
  entries_.push_back({std::move(key), std::move(value)});
  *place = filled;
  ++live_;
}

bool DictObject::erase(const Value& key) {
  size_t* place = slot_of(key);
  if (!place || !*place) return false;
  entries_[position(*place)] = {};
  --live_;
  return true;
}

void DictObject::clear() {
  entries_.clear();
  index_.clear();
  live_ = 0;
  head_ = 0;
}

const DictObject::Entry* DictObject::first() {
  while (head_ < entries_.size() && is_hole(entries_[head_])) ++head_;
  return head_ < entries_.size() ? &entries_[head_] : nullptr;
}

std::vector<DictObject::Entry> DictObject::items() const {
  std::vector<Entry> out;
  out.reserve(live_);
  for_each([&](const Entry& e) { out.push_back(e); });
  return out;
}

}  // namespace tsrun
