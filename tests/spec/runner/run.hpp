#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "spec/runner/document.hpp"
#include "spec/runner/subject.hpp"

namespace weir::spec {

using MakeSubject = std::function<std::unique_ptr<Subject>(Cutter&)>;

/// Runs a case whole, and where it asks for it at every split of its bytes and byte by byte.
/// Empty where all went as written; else a text for people: what differs, and the transcript as it
/// was.
std::string run_case(const Case& test, const MakeSubject& make);

}  // namespace weir::spec
