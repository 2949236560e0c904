#pragma once

#include <memory>
#include <vector>

#include "activity.hpp"
#include "follower.hpp"
#include "forges.hpp"
#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// POST /v1/repositories/archive: a repository's .tar.gz, as its forge gives it, while it comes.
/// The body is {"url", "ref"?}, and the header Weir-Forge-Token may hold the reader's token for a
/// private repository, which goes to the forge's own interface and nowhere else, and is forgotten
/// with the request. What goes wrong before the archive has begun is an error as everywhere; an
/// archive that breaks off, or passes a limit, ends without its last chunk.
std::shared_ptr<Activity> serve_archive(Services& services, Follower& follower,
                                        const Request& request, bool keep_alive);

/// GET /v1/repositories/forges: [{"host", "kind"}].
Reply forges_reply(const std::vector<Forge>& forges);

}  // namespace weir::edge
