#pragma once

#include <cstddef>
#include <string>

#include "activity.hpp"
#include "http_io.hpp"
#include "reply.hpp"

namespace weir::edge {

/// A response whose body is known whole.
class Response : public Activity {
 public:
  Response(ResponseContext context, Reply reply);

  bool append(std::string& out) override;
  bool finished() const override { return head_sent_ && sent_ == body().size(); }
  bool keeps_connection() const override { return context_.keep_alive; }

 private:
  std::string_view body() const;

  ResponseContext context_;
  Reply reply_;
  bool head_sent_ = false;
  std::size_t sent_ = 0;  ///< of the body
};

}  // namespace weir::edge
