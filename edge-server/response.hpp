#pragma once

#include <cstdint>
#include <string>

#include "activity.hpp"
#include "http_io.hpp"
#include "reply.hpp"

namespace weir::edge {

/// A response whose body is known whole. Where that lies in a file that is cut short meanwhile, the
/// connection ends before the body does, or an error is said in its place.
class Response : public Activity {
 public:
  Response(ResponseContext context, Reply reply);

  bool append(std::string& out) override;
  bool finished() const override { return broken_ || (head_sent_ && sent_ == body().size()); }
  bool keeps_connection() const override { return context_.keep_alive; }

 private:
  Content body() const;
  bool break_off(std::string& out);

  ResponseContext context_;
  Reply reply_;
  bool head_sent_ = false;
  bool broken_ = false;     ///< the rest of the body is not there
  std::uint64_t sent_ = 0;  ///< of the body
};

}  // namespace weir::edge
