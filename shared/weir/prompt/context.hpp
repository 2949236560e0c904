#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "weir/base/passage.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"
#include "weir/retrieval/pack.hpp"
#include "weir/retrieval/search_each.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::prompt {

/// What a repository has for a question.
struct Context {
  std::vector<Passage> passages;  ///< best first
  /// The one that the request's filePath names, where the repository has it: its first lines, as
  /// many as limits::Request::file_bytes holds.
  std::optional<Passage> file;
};

/// What an ask that brought no passages is searched for: its question, or what its turn of research
/// is to look up, under its filters, those of the file that it is about first.
std::vector<retrieval::Query> queries_for(const ChatRequest& request);

/// Searches a pack for that. Goes on and fails as retrieval::Search does.
class ContextSearch {
 public:
  /// `queries`: those of queries_for(), with embeddings where there are some. Request and pack must
  /// outlive it.
  ContextSearch(const ChatRequest& request, const std::vector<retrieval::Query>& queries,
                const retrieval::Pack& pack, const limits::Request& limits = {});

  /// True: there is a context.
  Result<bool> run();
  Context take() &&;

 private:
  Result<bool> find_file();

  const ChatRequest& request_;
  const retrieval::Pack& pack_;
  limits::Request limits_;
  retrieval::SearchEach search_;
  std::optional<Passage> file_;
};

/// The path of the file that the request is about, as packs have it; may be empty.
std::string_view file_path(const ChatRequest& request);
/// As many of a file's first lines as limits::Request::file_bytes holds.
std::optional<Passage> first_lines(retrieval::SourceFile file, const limits::Request& limits = {});

/// False where the text is longer than limits::Request::searched_question_tokens: a question of
/// that length brings its own context, and the repository is not searched for it.
bool is_searched(std::string_view text, const tokens::Encoding& encoding,
                 const limits::Request& limits = {});
/// True where the text is too short to have so many tokens, whatever the encoding.
bool is_surely_searched(std::string_view text, const limits::Request& limits = {});

}  // namespace weir::prompt
