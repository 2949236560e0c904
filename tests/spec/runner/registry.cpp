#include "spec/runner/registry.hpp"

namespace weir::spec {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Subject> (*make)(Cutter&);
};

/// A new subject needs: a file in subjects/, its maker in registry.hpp, and a line here.
constexpr Entry subjects[] = {
    {"anthropic", make_anthropic},
    {"azure", make_azure},
    {"bedrock", make_bedrock},
    {"dashscope", make_dashscope},
    {"dashscope-own", make_dashscope_own},
    {"google", make_google},
    {"ollama", make_ollama},
    {"openai", make_openai},
    {"openrouter", make_openrouter},
    {"relay", make_relay},
    {"research", make_research},
    {"sse", make_sse},
    {"transport", make_transport},
};

}  // namespace

std::unique_ptr<Subject> make_subject(std::string_view name, Cutter& cutter) {
  for (const Entry& entry : subjects) {
    if (entry.name == name) return entry.make(cutter);
  }
  return nullptr;
}

}  // namespace weir::spec
