#pragma once

#include <vector>

#include "weir/json/members.hpp"
#include "weir/prompt/request.hpp"
#include "weir/prompt/request_reader.hpp"

namespace weir::prompt {

/// Reads the member `messages`, and sees to it that they hold a question.
void read_messages(RequestReader& reader, json::ValueView value, RequestForm form,
                   std::vector<Message>& out);

}  // namespace weir::prompt
