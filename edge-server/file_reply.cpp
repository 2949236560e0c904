#include "file_reply.hpp"

#include <algorithm>

#include "byte_range.hpp"
#include "weir/base/hash.hpp"

namespace weir::edge {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls `visit` with each element of a comma-separated list until it returns true.
template <class Visit>
bool any_of_list(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const std::string_view element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    if (visit(trim(element))) return true;
  }
  return false;
}

bool matches_none(std::string_view if_none_match, std::string_view etag) {
  return !any_of_list(if_none_match, [&](std::string_view candidate) {
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    return candidate == "*" || candidate == etag;
  });
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
  const std::string whole = "/" + std::to_string(size);
  if (range.kind == ByteRange::Kind::unsatisfiable) return "bytes *" + whole;
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + whole;
}

}  // namespace

std::string make_etag(Bytes bytes) {
  return "\"" + std::to_string(bytes.size()) + "-" + std::to_string(fnv1a(as_text(bytes))) + "\"";
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  return any_of_list(accept_encoding, [&](std::string_view element) {
    const std::size_t semicolon = element.find(';');
    if (trim(element.substr(0, semicolon)) != coding) return false;
    if (semicolon == element.npos) return true;
    const std::string_view weight = trim(element.substr(semicolon + 1));
    return weight.find_first_not_of("q=0. ") != weight.npos;
  });
}

Reply file_reply(const FileRequest& request, const FileContent& content) {
  Reply reply;
  reply.headers = {{"ETag", content.etag}, {"Cache-Control", content.cache_control}};
  if (!matches_none(request.if_none_match, content.etag)) {
    reply.status = 304;
    return reply;
  }
  reply.headers.emplace_back("Accept-Ranges", "bytes");
  reply.headers.emplace_back("Content-Type", content.type);
  reply.file = content.bytes;
  const bool same_file = request.if_range.empty() || request.if_range == content.etag;
  const ByteRange range =
      same_file ? parse_range(request.range, content.bytes.size()) : ByteRange{};
  if (range.kind == ByteRange::Kind::whole) return reply;

  reply.headers.emplace_back("Content-Range", content_range(range, content.bytes.size()));
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    reply.status = 416;
    reply.file = {};
  } else {
    reply.status = 206;
    reply.file = content.bytes.part(range.first, range.last - range.first + 1);
  }
  return reply;
}

}  // namespace weir::edge
