#include "question_embedding.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace weir::edge {

QuestionEmbedding::QuestionEmbedding(retrieval::EmbeddingSpace space, Queries queries, Done done)
    : space_(std::move(space)), queries_(std::move(queries)), done_(std::move(done)) {}

void QuestionEmbedding::begin(UpstreamPool& pool, relay::Relay& relay, relay::Client client,
                              Duration most) {
  wire::EmbeddingRequest asked;
  asked.provider = space_.provider;
  asked.model = space_.model;
  if (space_.shortened) asked.dimensions = space_.dimensions;
  for (const retrieval::Query& query : queries_) asked.texts.push_back(query.text);
  until_ = now() + most;
  timer_.emplace(pool.executor());
  calls_.emplace(pool, relay, std::move(asked), std::move(client), [this] { look(); });
  // It may have been refused at once.
  asio::post(pool.executor(), [self = weak_from_this()] {
    if (const auto there = self.lock()) there->look();
  });
}

void QuestionEmbedding::look() {
  if (!done_) return;
  if (calls_->session().ended() || now() >= until_) return end();
  wait();
}

void QuestionEmbedding::wait() {
  const auto deadline = calls_->session().deadline();
  timer_->expires_at(to_steady(deadline ? std::min(*deadline, until_) : until_));
  timer_->async_wait([self = weak_from_this()](error_code error) {
    const auto there = self.lock();
    if (error || !there || !there->done_) return;
    there->calls_->tick(now());
    there->look();
  });
}

void QuestionEmbedding::end() {
  const auto& vectors = calls_->session().vectors();
  const bool whole = calls_->session().ended() && vectors.size() == queries_.size();
  for (std::size_t i = 0; whole && i < queries_.size(); ++i) {
    auto embedded = retrieval::QuestionEmbedding::of(space_, vectors[i]);
    if (embedded) queries_[i].embeddings.push_back(*std::move(embedded));
  }
  calls_->let_go();
  timer_->cancel();
  std::exchange(done_, nullptr)(std::move(queries_));
}

}  // namespace weir::edge
