#include "simulation/deployment.hpp"

#include <algorithm>

namespace weir::simulation {

Deployment::Deployment(World& world, std::vector<Question>& questions, const limits::Answer& limits,
                       const Policy& policy)
    : world_(world), questions_(questions), limits_(limits), policy_(policy) {
  start();
}

void Deployment::start() {
  const int number = static_cast<int>(edges_.size()) + 1;
  edges_.push_back(std::make_unique<Edge>(world_, questions_, limits_, policy_, number));
  serving_ = edges_.back().get();
}

void Deployment::crash(Duration pause) {
  if (serving_ == nullptr) return;
  serving_->stop();
  serving_ = nullptr;
  world_.after(pause, [this] { start(); });
}

void Deployment::replace(Duration pause) {
  if (serving_ == nullptr) return;
  Edge* old = serving_;
  serving_ = nullptr;
  if (pause == 0s) {
    start();
  } else {
    world_.after(pause, [this] { start(); });
  }
  old->drain();
}

bool Deployment::is_running(int question) const {
  return std::any_of(edges_.begin(), edges_.end(),
                     [question](const auto& edge) { return edge->is_running(question); });
}

relay::Figures Deployment::figures() const {
  relay::Figures sum;
  for (const auto& edge : edges_) {
    const relay::Figures figures = edge->figures();
    sum.answers += figures.answers;
    sum.running += figures.running;
    sum.readers += figures.readers;
    sum.log_bytes += figures.log_bytes;
  }
  return sum;
}

}  // namespace weir::simulation
