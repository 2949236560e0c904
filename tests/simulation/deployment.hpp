#pragma once

#include <memory>
#include <vector>

#include "simulation/edge.hpp"

namespace weir::simulation {

/// What stands behind the edge's address: one process after the other, each with a memory of its
/// own. While one drains the next may serve already.
class Deployment {
 public:
  Deployment(World& world, std::vector<Question>& questions, const limits::Answer& limits,
             const Policy& policy);

  /// The process that takes new connections; null while there is none.
  Edge* serving() { return serving_; }

  /// It dies, and another one comes after `pause`.
  void crash(Duration pause);
  /// It drains, and another one comes after `pause`: 0 is a rolling restart.
  void replace(Duration pause);

  /// There was another process before this one.
  bool changed() const { return edges_.size() > 1; }
  bool is_running(int question) const;
  /// Of all processes together.
  relay::Figures figures() const;

 private:
  void start();

  World& world_;
  std::vector<Question>& questions_;
  limits::Answer limits_;
  Policy policy_;
  std::vector<std::unique_ptr<Edge>> edges_;  ///< never fewer: connections refer to them
  Edge* serving_ = nullptr;
};

}  // namespace weir::simulation
