#pragma once

#include <string>
#include <string_view>

#include "content.hpp"
#include "reply.hpp"
#include "weir/base/bytes.hpp"

namespace weir::edge {

/// The header fields that decide what of a file is sent; empty where not sent.
struct FileRequest {
  std::string_view range = {};
  std::string_view if_range = {};
  std::string_view if_none_match = {};
  std::string_view accept_encoding = {};
};

/// A file, and what is said of it.
struct FileContent {
  Content bytes;
  std::string etag;  ///< a strong one, with its quotes
  std::string type;
  std::string cache_control;
};

/// 200, 206, 304 or 416 (RFC 9110, 13 and 14).
Reply file_reply(const FileRequest& request, const FileContent& content);

/// A strong validator for these bytes.
std::string make_etag(Bytes bytes);

/// Whether Accept-Encoding takes `coding` ("br"), a weight of 0 being a refusal.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace weir::edge
