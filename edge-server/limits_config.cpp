#include "limits_config.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <variant>

namespace weir::edge {
namespace {

using Limit = std::variant<std::size_t*, std::uint32_t*, Duration*>;
using Group = std::map<std::string_view, Limit>;

std::map<std::string_view, Group> groups_of(limits::Edge& limits) {
  auto& [answer, cache, admission, provider, recovery, upstream, access, server, archive] = limits;
  return {
      {"answer",
       {{"log_bytes", &answer.log_bytes},
        {"all_logs_bytes", &answer.all_logs_bytes},
        {"answers", &answer.answers},
        {"readers_per_answer", &answer.readers_per_answer},
        {"joined_delta_bytes", &answer.joined_delta_bytes},
        {"linger", &answer.linger},
        {"retention", &answer.retention}}},
      {"cache", {{"keep", &cache.keep}, {"bytes", &cache.bytes}}},
      {"admission",
       {{"running", &admission.running},
        {"running_per_client", &admission.running_per_client},
        {"running_per_provider", &admission.running_per_provider},
        {"running_per_model", &admission.running_per_model},
        {"requests_per_minute", &admission.requests_per_minute},
        {"tokens_per_minute", &admission.tokens_per_minute},
        {"queue", &admission.queue},
        {"queue_per_client", &admission.queue_per_client},
        {"queue_wait", &admission.queue_wait},
        {"ageing", &admission.ageing},
        {"embeddings", &admission.embeddings},
        {"embeddings_per_client", &admission.embeddings_per_client},
        {"retry_after", &admission.retry_after},
        {"positions", &admission.positions}}},
      {"provider",
       {{"connect", &provider.connect},
        {"tls", &provider.tls},
        {"first_byte", &provider.first_byte},
        {"between_bytes", &provider.between_bytes},
        {"whole_answer", &provider.whole_answer},
        {"retrieval", &provider.retrieval},
        {"question_embedding", &provider.question_embedding},
        {"error_body_bytes", &provider.error_body_bytes},
        {"line_bytes", &provider.line_bytes},
        {"embeddings_bytes", &provider.embeddings_bytes}}},
      {"recovery",
       {{"retries", &recovery.retries},
        {"retry_first", &recovery.retry_first},
        {"retry_most", &recovery.retry_most},
        {"wait_most", &recovery.wait_most},
        {"whole", &recovery.whole},
        {"continuations", &recovery.continuations},
        {"breaker_failures", &recovery.breaker_failures},
        {"breaker_rest", &recovery.breaker_rest},
        {"key_rest", &recovery.key_rest},
        {"key_rest_most", &recovery.key_rest_most},
        {"hedge", &recovery.hedge},
        {"explanation", &recovery.explanation}}},
      {"upstream",
       {{"connections_per_origin", &upstream.connections_per_origin},
        {"idle_per_origin", &upstream.idle_per_origin},
        {"tls_sessions_per_origin", &upstream.tls_sessions_per_origin},
        {"idle", &upstream.idle},
        {"response_end", &upstream.response_end},
        {"response_end_bytes", &upstream.response_end_bytes},
        {"header_bytes", &upstream.header_bytes}}},
      {"access",
       {{"token_bytes", &access.token_bytes},
        {"keys_bytes", &access.keys_bytes},
        {"refresh", &access.refresh},
        {"refresh_least", &access.refresh_least},
        {"fetch", &access.fetch},
        {"leeway", &access.leeway},
        {"wrong_per_minute", &access.wrong_per_minute}}},
      {"server",
       {{"header_bytes", &server.header_bytes},
        {"connections", &server.connections},
        {"answers_per_socket", &server.answers_per_socket},
        {"request_read", &server.request_read},
        {"idle", &server.idle},
        {"keep_alive", &server.keep_alive},
        {"first_event", &server.first_event},
        {"poll_most", &server.poll_most},
        {"poll_gather", &server.poll_gather},
        {"write", &server.write},
        {"drain", &server.drain},
        {"handshake", &server.handshake},
        {"gather", &server.gather}}},
      {"archive",
       {{"bytes", &archive.bytes},
        {"waiting_bytes", &archive.waiting_bytes},
        {"running", &archive.running},
        {"redirects", &archive.redirects},
        {"head", &archive.head},
        {"between_bytes", &archive.between_bytes},
        {"whole", &archive.whole}}},
  };
}

void set(ConfigReader& reader, const Limit& limit, const std::string& path,
         const json::Value& value) {
  if (auto* const* size = std::get_if<std::size_t*>(&limit)) {
    constexpr std::uint64_t size_most = std::uint64_t{1} << 40;
    if (const auto given = reader.number(path, value, 0, size_most)) **size = *given;
  } else if (auto* const* count = std::get_if<std::uint32_t*>(&limit)) {
    constexpr std::uint32_t count_most = 1'000'000;
    const auto given = reader.number(path, value, 0, count_most);
    if (given) **count = static_cast<std::uint32_t>(*given);
  } else if (const auto seconds = reader.seconds(path, value)) {
    *std::get<Duration*>(limit) =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*seconds));
  }
}

}  // namespace

void read_limits(ConfigReader& reader, limits::Edge& limits, const std::string& path,
                 const json::Value& value) {
  ConfigReader::Members groups;
  for (const auto& [group_name, group] : groups_of(limits)) {
    ConfigReader::Members members;
    for (const auto& [name, limit] : group) {
      members.emplace_back(name,
                           [&reader, limit = limit](const std::string& where, const auto& given) {
                             set(reader, limit, where, given);
                           });
    }
    groups.emplace_back(group_name,
                        [&reader, members](const std::string& where, const auto& given) {
                          reader.object(where, given, members);
                        });
  }
  reader.object(path, value, groups);
}

}  // namespace weir::edge
