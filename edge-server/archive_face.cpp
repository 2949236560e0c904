#include "archive_face.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "archive_errors.hpp"
#include "archive_request.hpp"
#include "clock.hpp"
#include "log.hpp"
#include "response.hpp"
#include "upstream.hpp"
#include "weir/json/json.hpp"

namespace weir::edge {
namespace {

constexpr std::string_view gzip_mark = "\x1f\x8b";

/// Where a redirect leads (RFC 9110, 10.2.2); nothing where that is no address.
std::optional<std::string> redirect_target(const std::string& from, std::string_view location) {
  const auto base = Address::parse(from);
  if (location.starts_with('/') && !location.starts_with("//") && base) {
    return (base->origin.tls ? "https://" : "http://") + base->header + std::string(location);
  }
  return std::string(location);
}

/// One archive on its way from its forge to a reader.
class ArchiveDownload : public Activity {
 public:
  ArchiveDownload(Services& services, Follower& follower, ResponseContext context,
                  ArchiveRequest request)
      : services_(services),
        follower_(follower),
        context_(std::move(context)),
        limits_(services.archive),
        forge_(*request.forge),
        request_(std::move(request.request)),
        repository_(std::move(request.repository)),
        with_token_(request.with_token),
        ends_at_(now() + limits_.whole) {
    ++services_.archives;
    fetch();
  }

  ~ArchiveDownload() override {
    let_go();
    --services_.archives;
  }
  ArchiveDownload(const ArchiveDownload&) = delete;
  ArchiveDownload& operator=(const ArchiveDownload&) = delete;

  bool append(std::string& out) override {
    if (!finished_ && now() >= due()) give_up();
    if (finished_) return false;
    if (failure_) return append_failure(out);
    if (!begun_) return false;
    const bool more = append_piece(out);
    if (!more && ended_) {
      append_last_chunk(out, context_);
      finished_ = true;
    }
    return more;
  }

  bool finished() const override { return finished_; }
  bool keeps_connection() const override { return context_.keep_alive; }
  std::optional<Instant> deadline() const override { return due(); }
  bool ends_with_client() const override { return true; }
  void close() override { let_go(); }

 private:
  // -- from the forge

  void fetch() {
    wait(limits_.head);
    upstream_ = std::make_shared<Upstream>(services_.forge_pool, relay::RunId{},
                                           [this](relay::Input input) { take(input); });
    upstream_->start(request_);
  }

  /// Serving the client may be the end of this.
  void take(const relay::Input& input) {
    const auto client = follower_.shared_from_this();
    if (const auto* head = std::get_if<relay::ProviderHead>(&input)) {
      take_head(*head);
    } else if (const auto* piece = std::get_if<relay::ProviderBytes>(&input)) {
      take_bytes(piece->bytes);
    } else if (const auto* end = std::get_if<relay::ProviderEnded>(&input)) {
      take_end(end->clean);
    } else if (const auto* failed = std::get_if<relay::ProviderFailed>(&input)) {
      fail({failed->timed_out ? ErrorCode::provider_timeout : ErrorCode::provider_unreachable,
            "The forge " + forge_.host + " was not reached: " + failed->message + ".",
            "Try again later."});
    }
    client->write();
  }

  void take_head(const relay::ProviderHead& head) {
    const std::string_view location = header_value(head.headers, "location");
    if (head.status >= 300 && head.status < 400 && !location.empty()) return redirect(location);
    if (head.status != 200) return fail(archive_refusal(head.status, head.headers, with_token_));
    request_ = {};  // the token among it
    const std::string_view length = header_value(head.headers, "content-length");
    std::uint64_t bytes = 0;
    std::from_chars(length.data(), length.data() + length.size(), bytes);
    if (bytes > limits_.bytes) return fail(too_large());
    if (!length.empty()) expected_ = bytes;
    wait(limits_.between_bytes);
  }

  void redirect(std::string_view location) {
    const std::optional<std::string> target = redirect_target(request_.url, location);
    const std::optional<Address> to = target ? Address::parse(*target) : std::nullopt;
    const std::optional<Address> from = Address::parse(request_.url);
    if (!to || !may_fetch(forge_, *to)) {
      return fail({ErrorCode::provider_error,
                   "The forge sends on to an address that is not on this edge's list.",
                   with_token_ ? "The edge's operator may add its host to `forges`."
                               : "A private repository needs an access token."});
    }
    if (++redirects_ > limits_.redirects) {
      return fail({ErrorCode::provider_error, "The forge sends on to ever more addresses.",
                   "Try again later."});
    }
    // A token is for the origin that it was meant for.
    if (from && to->origin != from->origin) {
      std::erase_if(request_.headers,
                    [](const provider::Header& header) { return header.name == "Authorization"; });
    }
    request_.url = *target;
    let_go();
    fetch();
  }

  void take_bytes(std::string_view bytes) {
    received_ += bytes.size();
    if (received_ > limits_.bytes) return begun_ ? cut("it is too large") : fail(too_large());
    waiting_ += bytes;
    if (!begun_ && waiting_.size() >= gzip_mark.size()) {
      if (!waiting_.starts_with(gzip_mark)) return fail(no_archive());
      begun_ = true;
    }
    wait(limits_.between_bytes);
    if (waiting_.size() > limits_.waiting_bytes) pause(true);
  }

  void take_end(bool clean) {
    upstream_.reset();
    if (!begun_) return fail(clean ? no_archive() : broken_off());
    if (!clean) return cut("it broke off");
    ended_ = true;
  }

  void pause(bool paused) {
    if (std::exchange(paused_, paused) == paused || !upstream_) return;
    upstream_->pause(paused);
    wait(limits_.between_bytes);
  }

  void let_go() {
    if (const auto upstream = std::exchange(upstream_, nullptr)) upstream->close();
  }

  // -- to the reader

  bool append_piece(std::string& out) {
    if (!std::exchange(head_sent_, true)) append_beginning(out);
    if (waiting_.empty()) return false;
    const std::string piece = std::exchange(waiting_, {});
    append_chunk(out, context_, piece);
    pause(false);
    return true;
  }

  void append_beginning(std::string& out) {
    Reply reply;
    reply.headers = {{"Content-Type", "application/gzip"},
                     {"Cache-Control", "no-store"},
                     {"X-Accel-Buffering", "no"},
                     {"Weir-Repository", repository_}};
    if (expected_) reply.headers.emplace_back("Weir-Archive-Bytes", std::to_string(*expected_));
    if (context_.http_1_0) context_.keep_alive = false;
    append_head(out, context_, reply, Body::in_chunks);
  }

  bool append_failure(std::string& out) {
    const Reply reply = error_reply(*failure_);
    append_head(out, context_, reply, Body::of_length, reply.text.size());
    out += reply.text;
    finished_ = true;
    return true;
  }

  // -- time and failures

  void wait(Duration limit) { silent_until_ = now() + limit; }

  /// While the reader is slower than the forge, the forge need not say anything.
  Instant due() const { return paused_ || ended_ ? ends_at_ : std::min(ends_at_, silent_until_); }

  void give_up() {
    if (begun_) return cut("it took too long");
    if (!failure_) {
      fail({ErrorCode::provider_timeout, "The forge did not give the archive in time.",
            "Try again later."});
    }
  }

  void fail(Error error) {
    let_go();
    failure_ = std::move(error);
  }

  /// The last chunk never comes: so the reader's side knows.
  void cut(std::string_view why) {
    log("archive: " + forge_.host + ": " + std::string(why));
    let_go();
    context_.keep_alive = false;
    finished_ = true;
  }

  Error too_large() const {
    constexpr std::size_t megabyte = 1'000'000;
    return {ErrorCode::request_too_large,
            "The archive has more than " + std::to_string(limits_.bytes / megabyte) + " MB.",
            "Check the repository out, and index the part that questions are about."};
  }

  /// A page to sign in, most likely.
  Error no_archive() const {
    return {ErrorCode::not_found, "The forge answers with something that is no archive.",
            with_token_ ? "Check the address, and what the token may read."
                        : "Check the address. A private repository needs an access token."};
  }

  static Error broken_off() {
    return {ErrorCode::provider_cut, "The forge broke off before the archive had begun.",
            "Try again."};
  }

  Services& services_;
  Follower& follower_;
  ResponseContext context_;
  const limits::Archive& limits_;
  const Forge& forge_;
  provider::HttpRequest request_;
  std::string repository_;
  bool with_token_;
  Instant ends_at_;
  Instant silent_until_;
  std::shared_ptr<Upstream> upstream_;
  std::string waiting_;  ///< has come, and was not yet taken
  std::optional<std::uint64_t> expected_;
  std::size_t received_ = 0;
  std::uint32_t redirects_ = 0;
  std::optional<Error> failure_;
  bool paused_ = false;
  bool begun_ = false;  ///< it is an archive
  bool head_sent_ = false;
  bool ended_ = false;  ///< all of it has come
  bool finished_ = false;
};

Result<ArchiveRequest> read_request(const Services& services, const Request& request) {
  const Result<json::Value> body = json::parse(request.body());
  if (!body) return body.error();
  ArchiveQuery query;
  query.url = json::string_or(*body, "url");
  query.ref = json::string_or(*body, "ref");
  query.token = field(request, "Weir-Forge-Token");
  if (services.archives >= services.archive.running) {
    return Error{ErrorCode::queue_full, "This edge is fetching as many archives as it may.",
                 "Try again in a while."};
  }
  return archive_request(services.forges, query);
}

}  // namespace

std::shared_ptr<Activity> serve_archive(Services& services, Follower& follower,
                                        const Request& request, bool keep_alive) {
  const ResponseContext context = ResponseContext::of(request, keep_alive);
  Result<ArchiveRequest> archive = read_request(services, request);
  if (!archive) return std::make_shared<Response>(context, error_reply(archive.error()));
  return std::make_shared<ArchiveDownload>(services, follower, context, *std::move(archive));
}

Reply forges_reply(const std::vector<Forge>& forges) {
  json::Value list = json::Value::array();
  for (const Forge& forge : forges) {
    list.push_back({{"host", forge.host}, {"kind", name(forge.kind)}});
  }
  return json_reply(list);
}

}  // namespace weir::edge
