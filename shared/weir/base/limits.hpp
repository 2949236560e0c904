#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/time.hpp"

/// Every size and every wait that Weir bounds, by name, with its default. Sizes are bytes unless
/// the name says otherwise.
namespace weir::limits {

/// What a client may send in one ask (prompt/request.hpp).
struct Request {
  std::size_t body_bytes = 4 << 20;
  std::size_t json_depth = 32;
  std::size_t messages = 200;
  std::size_t message_bytes = 1 << 20;
  std::size_t tools = 128;            ///< offered; and called in one message
  std::size_t tool_bytes = 64 << 10;  ///< a tool's description, and its parameters; also a schema
  std::size_t stop_sequences = 4;
  std::size_t embedding_inputs = 2048;
  std::size_t embedding_tokens = 8192;  ///< of an input that comes as tokens
  std::size_t passages = 200;
  std::size_t passage_bytes = 64 << 10;
  std::size_t file_bytes = 256 << 10;   ///< of the file that the question is about
  std::size_t short_text_bytes = 4096;  ///< repo_url, filePath, provider, model, language
  std::size_t globs_bytes = 64 << 10;   ///< each of the four filter fields
  /// A longer question brings its own context: the repository is not searched with it.
  std::size_t searched_question_tokens = 8'000;
};

/// A research in turns (prompt/research.hpp).
struct Research {
  std::uint32_t turns = 5;               ///< at most, with the plan and the conclusion
  std::size_t queries = 4;               ///< that a turn may ask to look up
  std::size_t query_bytes = 512;         ///< each; what is longer is cut
  std::size_t passages = 12;             ///< given to a turn
  std::size_t cited = 12;                ///< by earlier turns: given to the conclusion beside them
  std::size_t finding_bytes = 16 << 10;  ///< of a turn's text, what later turns are told
  std::size_t signal_bytes = 4 << 10;    ///< of what a turn says about the next
};

/// What one answer and all of them together may hold at the edge (stream/answer_log.hpp, relay).
struct Answer {
  std::size_t log_bytes = 8 << 20;
  std::size_t all_logs_bytes = 512 << 20;
  std::size_t answers = 10'000;
  std::size_t readers_per_answer = 2'000;
  std::size_t joined_delta_bytes =
      16 << 10;                ///< deltas waiting for a slow reader are joined up to this
  Duration linger = 30s;       ///< a run without readers goes on this long
  Duration retention = 10min;  ///< an ended answer stays readable this long
};

/// Ended answers that are given to who asks the same (relay/answer_cache.hpp).
struct Cache {
  Duration keep = 10min;         ///< from an answer's end; 0: nobody is given another's answer
  std::size_t bytes = 64 << 20;  ///< of their logs; a part of Answer::all_logs_bytes
};

/// Which answers may run, and who waits (relay/admission.hpp). A count of 0 is no limit.
struct Admission {
  std::size_t running = 10'000;  ///< answers at a time
  /// Behind a proxy that does not say whose requests it passes on, all its clients look like one.
  std::size_t running_per_client = 2'000;
  std::size_t running_per_provider = 0;
  std::size_t running_per_model = 0;
  std::size_t requests_per_minute = 0;  ///< of a client
  std::size_t tokens_per_minute = 0;    ///< of a client: prompts by our count, answers by theirs
  std::size_t queue = 1'000;            ///< answers that wait
  std::size_t queue_per_client = 100;
  Duration queue_wait = 60s;
  Duration ageing = 20s;         ///< so long a wait is worth one class of priority
  std::size_t embeddings = 100;  ///< requests for them at a time: they do not wait
  std::size_t embeddings_per_client = 20;
  Duration retry_after = 5s;  ///< what is told to who finds the queue full
  Duration positions = 1s;    ///< so often those who wait are told their place, where it moved
};

/// How long the edge waits for a provider (relay).
struct Provider {
  Duration connect = 10s;  ///< DNS and TCP
  Duration tls = 10s;
  Duration first_byte = 120s;  ///< from the request's last byte; and again from the response's head
  Duration between_bytes = 60s;
  Duration whole_answer = 20min;
  Duration retrieval = 20s;                 ///< the edge's own search, for an ask without context
  Duration question_embedding = 1500ms;     ///< before it; then the search goes on without
  std::size_t error_body_bytes = 64 << 10;  ///< of a provider's error body, what is read
  std::size_t line_bytes = 4 << 20;         ///< one line of a provider's stream
  std::size_t embeddings_bytes = 32 << 20;  ///< the response to one batch of texts
};

/// What is done when a provider fails (relay/remedy.hpp).
struct Recovery {
  std::uint32_t retries = 2;     ///< of a call that failed, at the same provider
  Duration retry_first = 500ms;  ///< the pause before it, growing up to
  Duration retry_most = 8s;
  /// A provider that asks for a longer pause before the next call (Retry-After) is not waited for.
  Duration wait_most = 10s;
  Duration whole = 150s;  ///< from the first call on: no other call for the answer begins later
  std::uint32_t continuations = 2;     ///< behind a text that broke off, where the model can
  std::uint32_t breaker_failures = 5;  ///< in a row: then a provider is left out
  Duration breaker_rest = 30s;         ///< for so long
  Duration key_rest = 30s;             ///< a key that reached a limit, where nobody says how long
  Duration key_rest_most = 1h;
  /// So long without a word of the answer, and the next provider of the chain is asked beside the
  /// first: whoever says something first answers. Both may be paid for. 0: never.
  Duration hedge = 0s;
  Duration explanation = 5s;  ///< how long a provider is asked for more about its failure
};

/// The embeddings of a whole pack, and of the questions to it (relay/bulk_embedding.hpp).
struct BulkEmbedding {
  std::size_t calls = 4;               ///< at a time
  std::size_t call_bytes = 192 << 10;  ///< of texts in one call, unless one text has more
  std::uint32_t retries = 8;           ///< of a call that failed
  Duration retry_first = 1s;           ///< the pause before it, growing up to
  Duration retry_most = 60s;
  Duration wait_most = 10min;  ///< a provider that asks for a longer pause is given up
  Duration whole = 0s;         ///< for all of it; 0: as long as it takes
};

/// The edge's connections to providers (edge-server).
struct Upstream {
  std::size_t connections_per_origin = 4096;  ///< open at a time; further requests wait for one
  std::size_t idle_per_origin = 256;          ///< kept open for the next request
  std::size_t tls_sessions_per_origin = 8;    ///< kept, to make the next handshakes shorter
  /// Shorter than what most servers wait before they close an idle connection themselves.
  Duration idle = 4s;
  Duration response_end = 1s;             ///< from an answer's last word to its response's end
  std::size_t response_end_bytes = 4096;  ///< and so much of it may still come
  std::size_t header_bytes = 64 << 10;    ///< a response's
};

/// Who may ask (edge-server).
struct Access {
  std::size_t token_bytes = 8192;      ///< of a signed token, or a code
  std::size_t keys_bytes = 256 << 10;  ///< of the keys that tokens are signed with
  Duration refresh = 10min;            ///< so often they are fetched, where they have an address
  Duration refresh_least = 30s;        ///< and no more often, though a token names another one
  Duration fetch = 10s;                ///< how long that may take
  Duration leeway = 60s;               ///< by which a token's clock may differ from the edge's
  std::size_t wrong_per_minute = 20;   ///< codes, from an address: then it has to wait
};

/// The client's side of a connection (transport).
struct Transport {
  Duration socket_open = 2s;  ///< then HTTP is tried in its place
  Duration http_head = 15s;   ///< from a request's last byte to its response's header
  /// So long after a request's last byte, without a header, an inquiry goes out: something may hold
  /// responses back until they end.
  Duration http_inquiry = 3s;
  /// Where something does, a response without an event ends after this (whole seconds): less than
  /// http_head, so that its header comes in time.
  Duration http_wait = 10s;
  /// Without a byte or an alive frame a connection counts as cut: more than one keep-alive
  /// (Server::keep_alive) is missing. A socket is probed before that.
  Duration silence = 25s;
  Duration reply = 1s;   ///< without a sign that what was sent on a socket got there, it is probed
  Duration probe = 5s;   ///< without a reply to its probe a socket counts as cut
  Duration asleep = 5s;  ///< a host that comes so much later than it should was asleep
  /// A network slower than this may see a large ask fail.
  std::size_t upload_bytes_per_second = 64 << 10;
  Duration backoff_first = 250ms;
  Duration backoff_most = 10s;
  Duration socket_retry = 60s;  ///< after falling back, when the socket is tried again
  Duration resume = 10min;      ///< how long a cut answer is asked for before giving up
  Duration cancel = 5s;  ///< how long a Stop waits for the edge's word before ending by itself
  std::uint32_t fruitless_sockets = 2;  ///< sockets in a row that brought nothing: then HTTP
  /// An ask that reached nobody in so many rounds over both transports is handed back.
  std::uint32_t unreached_rounds = 2;
  std::size_t frame_bytes = 1 << 20;
};

/// The edge's own sockets (edge-server).
struct Server {
  std::size_t header_bytes = 16 << 10;
  std::size_t connections = 20'000;
  std::size_t answers_per_socket = 64;
  Duration request_read = 15s;   ///< a request's header and body
  Duration idle = 60s;           ///< a kept connection without a request
  Duration keep_alive = 15s;     ///< the pause after which an alive frame or comment is sent
  Duration first_event = 10ms;   ///< so long an answer's first event waits to be sent with the next
  Duration poll_most = 60s;      ///< how long an HTTP response may wait for events, where asked to
  Duration poll_gather = 500ms;  ///< after its first event such a response ends
  Duration write = 30s;          ///< a client that takes no byte for this long is cut
  Duration drain = 30s;          ///< on SIGTERM, for running answers to end
  /// On SIGTERM, for connections that are being made and for their first requests: longer than the
  /// round trip to the proxy in front, far shorter than the second after which a client sends again
  /// what a shared port held back.
  Duration handshake = 100ms;
  /// How long the edge waits, after each time it was woken, for more to do at once: less work for
  /// the machine, at the price of that much delay.
  Duration gather = 0s;
};

/// Archives of repositories that the edge fetches for its readers (edge-server/archive_face.hpp).
struct Archive {
  std::size_t bytes = 512 << 20;          ///< as it comes, compressed
  std::size_t waiting_bytes = 256 << 10;  ///< that a slow reader has not taken; then it waits
  std::size_t running = 16;               ///< at a time
  std::uint32_t redirects = 3;            ///< that are followed
  Duration head = 60s;                    ///< forges pack a large repository before they answer
  Duration between_bytes = 30s;
  Duration whole = 15min;
};

/// What is read into a pack, and what a pack may hold (retrieval).
struct Pack {
  std::size_t file_bytes = 1 << 20;  ///< larger files are skipped, with a reason
  std::size_t files = 1'000'000;
  std::size_t path_bytes = 4096;
  std::uint64_t text_bytes = 4ULL << 30;  ///< of all files together
  std::uint64_t pack_bytes = 4ULL << 30;
  std::uint32_t embedding_dimensions = 8192;
  std::size_t embedding_names_bytes = 1024;  ///< of the provider and the model
  std::size_t query_bytes = 16 << 10;
  std::size_t hits = 1000;
  std::size_t gitignore_bytes = 1 << 20;  ///< a larger .gitignore is not read
  /// Of the files left out for one reason, so many are named; all are counted.
  std::size_t reported_paths = 1000;
};

/// Those of an edge, which its operator may set.
struct Edge {
  Answer answer;
  Cache cache;
  Admission admission;
  Provider provider;
  Recovery recovery;
  Upstream upstream;
  Access access;
  Server server;
  Archive archive;
};

}  // namespace weir::limits
