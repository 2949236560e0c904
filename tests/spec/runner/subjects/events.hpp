#pragma once

#include <string>

#include "weir/stream/event.hpp"

namespace weir::spec {

/// An event as transcripts show it: its type, "#cursor" where it has one, its main members.
std::string print(const stream::Entry& entry);
std::string print(const stream::Event& event);

}  // namespace weir::spec
