// A small JSON reader: a value tree of numbers, strings, arrays and objects. Throws std::runtime_error with the offset.
#pragma once
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

struct Json {
  enum Kind { Null, Bool, Number, String, Array, Object } kind = Null;
  double number = 0;
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json> fields;

  const Json &operator[](const std::string &key) const {
    static const Json none;
    auto it = fields.find(key);
    return it == fields.end() ? none : it->second;
  }
  const Json &operator[](size_t i) const {
    static const Json none;
    return i < items.size() ? items[i] : none;
  }
  bool has(const std::string &key) const { return fields.count(key) > 0; }
  double as(double fallback) const { return kind == Number || kind == Bool ? number : fallback; }
  std::string textOr(const char *fallback) const { return kind == String ? text : fallback; }
};

struct JsonReader {
  const std::string &s;
  size_t at = 0;

  [[noreturn]] void fail(const char *what) const { throw std::runtime_error("JSON: " + std::string(what) + " at byte " + std::to_string(at)); }
  void skip() {
    while (at < s.size() && (s[at] == ' ' || s[at] == '\n' || s[at] == '\t' || s[at] == '\r')) at++;
  }
  char peek() {
    skip();
    if (at >= s.size()) fail("ends early");
    return s[at];
  }
  bool take(char c) {
    if (peek() != c) return false;
    at++;
    return true;
  }
  std::string readString() {
    std::string out;
    at++;
    while (at < s.size() && s[at] != '"') {
      char c = s[at++];
      if (c != '\\') {
        out += c;
        continue;
      }
      char e = s[at++];
      if (e == 'n') out += '\n';
      else if (e == 't') out += '\t';
      else if (e == 'u') {
        out += '?';
        at += 4;
      } else out += e;
    }
    at++;
    return out;
  }
  Json read() {
    Json j;
    char c = peek();
    if (c == '{') {
      j.kind = Json::Object;
      at++;
      if (take('}')) return j;
      do {
        if (peek() != '"') fail("expected a key");
        std::string key = readString();
        if (!take(':')) fail("expected ':'");
        j.fields[key] = read();
      } while (take(','));
      if (!take('}')) fail("expected '}'");
    } else if (c == '[') {
      j.kind = Json::Array;
      at++;
      if (take(']')) return j;
      do j.items.push_back(read());
      while (take(','));
      if (!take(']')) fail("expected ']'");
    } else if (c == '"') {
      j.kind = Json::String;
      j.text = readString();
    } else if (s.compare(at, 4, "true") == 0) {
      j.kind = Json::Bool;
      j.number = 1;
      at += 4;
    } else if (s.compare(at, 5, "false") == 0) {
      j.kind = Json::Bool;
      at += 5;
    } else if (s.compare(at, 4, "null") == 0) {
      at += 4;
    } else {
      const char *start = s.c_str() + at;
      char *end = nullptr;
      j.kind = Json::Number;
      j.number = strtod(start, &end);
      if (end == start) fail("expected a value");
      at += (size_t)(end - start);
    }
    return j;
  }
};
