#pragma once

#include <memory>
#include <string_view>

#include "spec/runner/subject.hpp"

namespace weir::spec {

/// The subject a document's front matter names, or null. `cutter` outlives it.
std::unique_ptr<Subject> make_subject(std::string_view name, Cutter& cutter);

// One maker for each subject.
std::unique_ptr<Subject> make_anthropic(Cutter& cutter);
std::unique_ptr<Subject> make_azure(Cutter& cutter);
std::unique_ptr<Subject> make_bedrock(Cutter& cutter);
std::unique_ptr<Subject> make_dashscope(Cutter& cutter);
std::unique_ptr<Subject> make_dashscope_own(Cutter& cutter);
std::unique_ptr<Subject> make_google(Cutter& cutter);
std::unique_ptr<Subject> make_ollama(Cutter& cutter);
std::unique_ptr<Subject> make_openai(Cutter& cutter);
std::unique_ptr<Subject> make_openrouter(Cutter& cutter);
std::unique_ptr<Subject> make_relay(Cutter& cutter);
std::unique_ptr<Subject> make_research(Cutter& cutter);
std::unique_ptr<Subject> make_sse(Cutter& cutter);
std::unique_ptr<Subject> make_transport(Cutter& cutter);

}  // namespace weir::spec
