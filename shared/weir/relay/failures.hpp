#pragma once

#include <string>
#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/prompt/builder.hpp"
#include "weir/relay/answer.hpp"
#include "weir/stream/event.hpp"

/// What the relay itself says when something goes wrong or is done about it. None of it quotes a
/// request.
namespace weir::relay {

// -- told to one reader
stream::Failed refused(Error error);
stream::Failed key_reused();
stream::Failed key_spent_by_cancel();
stream::Failed answer_unknown();
stream::Failed answer_forgotten();
stream::Failed not_this_answers_key();
stream::Failed cursor_beyond_log(stream::Cursor last);
stream::Failed edge_full(const limits::Answer& limits);
stream::Failed answer_crowded(const limits::Answer& limits);
stream::Failed lost_on_the_way();
stream::Failed not_admitted(const Admission::Outcome& refusal);
/// `until_allowed`: how long the client's minute is still used up.
stream::Failed turn_never_came(const limits::Admission& limits, Duration until_allowed);

// -- logged: these end an answer
stream::Failed cancelled_by_asker();
stream::Failed nobody_reading(Duration linger);
stream::Failed unreachable(const provider::Provider& provider, std::string_view message);
stream::Failed not_connected(const provider::Provider& provider, std::string_view message);
stream::Failed wait_over(Wait::For what, std::string_view provider, const limits::Provider& limits);
stream::Failed answer_too_slow(std::string_view provider, const limits::Provider& limits);
stream::Failed codec_never_ended(std::string_view provider);
/// Our own counts, to what the provider says of a prompt that is too long.
void add_counts(stream::Failed& failed, const Run& run);

// -- logged: the answer goes on
stream::Notice not_searched(const limits::Request& limits);
stream::Notice no_pack();
stream::Notice dropped_from(const prompt::Prompt& prompt);
/// `then`: what is done now, a sentence.
stream::Notice retrying(const stream::Failed& failed, std::string_view then);
/// `run` is with its new provider already.
stream::Notice switched(const std::string& why, const Run& run);
stream::Notice left_out_for_now(std::string_view provider, const Run& run);

}  // namespace weir::relay
