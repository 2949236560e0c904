#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/base/random.hpp"
#include "weir/relay/admission.hpp"
#include "weir/relay/answer_cache.hpp"
#include "weir/relay/answers.hpp"
#include "weir/relay/health.hpp"
#include "weir/relay/relay.hpp"
#include "weir/relay/remedy.hpp"
#include "weir/relay/spent_keys.hpp"

namespace weir::relay {

/// The relay behind its door. readers.cpp holds what readers do, runs.cpp what becomes of runs,
/// sharing.cpp when askers share one, recovery.cpp what is done when a provider fails, hedge.cpp
/// when one is slow, queue.cpp whose turn it is, reconfigure.cpp what a new configuration changes,
/// report.cpp what is written down.
class Relay::Core {
 public:
  explicit Core(Config config);

  ReaderId open_reader();
  void handle(Input& input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;
  std::optional<stream::EntryView> next(ReaderId id);
  std::vector<stream::Entry> read(ReaderId id, std::size_t bytes_most);
  std::optional<Id128> answer_of(ReaderId id) const;
  std::optional<stream::Failed> enter_embedding(const Client& client, std::uint64_t tokens,
                                                Instant now);
  void leave_embedding(const Client& client) { admission_.leave_embedding(client.id); }
  CallClock begin_embedding(const provider::Provider& provider, std::string_view model,
                            Instant now);
  Figures figures() const;
  const Meters& meters() const { return meters_; }
  const Config& config() const { return config_; }

 private:
  struct Reader {
    Asker* asker = nullptr;          ///< null: not attached, refused, or the answer was let go
    std::optional<Id128> id;         ///< of the answer it was attached to, the asker's
    stream::Cursor after = 0;        ///< read up to here
    bool waiting = true;             ///< is to be woken when there is something to read
    std::vector<stream::Entry> own;  ///< entries that stand in no log, to be read first
  };

  // -- inputs
  void on(Ask& input);
  void on(Attach& input);
  void on(Detach& input);
  void on(Cancel& input);
  void on(Retrieved& input);
  void on(ProviderSent& input);
  void on(ProviderHead& input);
  void on(ProviderBytes& input);
  void on(ProviderEnded& input);
  void on(ProviderFailed& input);
  void on(Reconfigure& input);
  void on(Tick& input);

  // -- readers
  Reader* find_reader(ReaderId id);
  void attach(ReaderId id, Asker& asker, stream::Cursor after);
  void tell(ReaderId id, stream::Entry entry);
  void refuse(ReaderId id, stream::Failed failed);
  void wake(ReaderId id, Reader& reader);
  std::optional<stream::EntryView> show_own(Reader& reader);
  void show_as_its_own(stream::EntryView& entry, const Asker& asker);
  void moved(Answer& answer, stream::Cursor after);
  void wake_or_wait(ReaderId id, Reader& reader, Answer& answer);
  void read_again(Answer& answer);
  void left(Answer& answer);
  void find_asked(const Ask& input, Asker& asker);
  void cancel_unknown(const Cancel& input);

  // -- runs
  struct Plan {  ///< a run that can begin
    Run run;
    std::optional<prompt::Prompt> prompt;        ///< none: passages are to be searched for first
    const provider::Provider* wanted = nullptr;  ///< the provider that was asked for
  };
  Result<Plan> plan(prompt::ChatRequest&& request);
  bool is_too_long_to_search(const prompt::ChatRequest& request,
                             const provider::Model& model) const;
  Result<prompt::Prompt> build(prompt::ChatRequest request, const provider::Model& model);
  Result<prompt::Prompt> build(prompt::ChatRequest request, const provider::Model& model,
                               const prompt::Budget& budget);
  std::pair<const tokens::Encoding*, bool> encoding_of(const provider::Model& model) const;
  Asker& begin(const Ask& input, std::uint64_t fingerprint, Plan&& plan);
  void search(Answer& answer);
  void start(Answer& answer, const prompt::Prompt& prompt);
  void call_provider(Answer& answer, const prompt::Prompt& prompt, std::string prefix = {});
  provider::Attempt attempt_of(const Run& run) const;
  void open(Answer& answer, provider::Start&& started);
  void announce(Answer& answer, const prompt::Prompt& prompt);
  Answer* running(RunId id) const;
  void step(Answer& answer, Trigger trigger);
  void append(Answer& answer, stream::Event&& event);
  bool append_all(Answer& answer, Trigger at_end);
  void keep_within_reach(Answer& answer);
  void fail(Answer& answer, stream::Failed failed, Trigger trigger);
  void let_go(Run& run, bool response_ended);
  void end_run(Answer& answer, Trigger trigger);
  void wait_for(Answer& answer, Wait::For what, Duration limit);
  void compose();

  // -- answers that several have
  bool find_alike(Answer& own, const prompt::Prompt& prompt);
  void join(Answer& own, const std::shared_ptr<Answer>& alike);
  void part(Asker& asker, stream::Failed why);
  void move_readers(Answer& from, Asker& asker);

  // -- turns
  Admission::Ask admission_ask(const Run& run, std::uint32_t prompt_tokens) const;
  void admit(Answer& answer, const prompt::Prompt& prompt);
  void hold_place(const Run& run, bool held);
  void serve_queue();
  void begin_turn(Answer& answer);
  void tell_positions();
  std::optional<Instant> queue_deadline() const;
  void charge_answer(const Answer& answer);

  // -- calls that fail
  void note_shown(Run& run, const stream::Event& event);
  bool take_failure(Answer& answer, stream::Failed& failed, Trigger at_end);
  void fail_call(Answer& answer, stream::Failed failed, Trigger trigger);
  bool recover(Answer& answer, const stream::Failed& failed, bool response_ended);
  Progress progress_of(const Answer& answer) const;
  void note_health(const provider::Provider& provider, std::size_t key,
                   const stream::Failed& failed);
  static void keep_explained(const Run& run, stream::Failed& failed);
  bool ask_for_more(Answer& answer, const stream::Failed& failed, bool response_ended);
  void end_call(Answer& answer, bool response_ended);
  void call_later(Answer& answer, const stream::Failed& failed);
  void call_again(Answer& answer);
  void call_stand_in(Answer& answer, const stream::Failed& failed);
  const provider::Provider* stand_in(const Run& run) const;
  bool call_with_less(Answer& answer, bool response_ended);
  Result<prompt::Prompt> build_shorter(const Run& run);
  std::optional<std::string> text_so_far(const Answer& answer) const;

  // -- calls beside slow ones
  void hedge_later(Run& run);
  void call_rival(Answer& answer);
  bool is_rivals(const Answer& answer, RunId id) const;
  void take_from_rival(Answer& answer, bool ended);
  void replace_by_rival(Answer& answer, const std::string& why);
  void drop_rival(Run& run, bool response_ended = false);

  // -- records
  CallClock clock_call(const provider::Provider& provider, const provider::Model& model);
  OpenProvider to_open(const Run& run, RunId id, provider::HttpRequest&& request);
  void account_for(const Answer& answer, stream::Done& done) const;
  void report_end(Answer& answer);
  void report(const Asker& asker, const Run& run, std::string_view outcome, bool pays);

  // -- time and room
  void arm(Run& run);
  void disarm(const Run& run);
  void expire();
  void expire_run(Answer& answer);
  bool make_room();
  bool forget_oldest();
  void forget_oldest_ended();

  /// A catalog that no new answer is asked of.
  struct Retired {
    provider::Catalog catalog;
    std::uint32_t generation = 0;
  };

  Config config_;
  std::uint32_t generation_ = 0;  ///< of the configuration
  std::vector<Retired> retired_;  ///< catalogs that running answers may still point into
  Instant now_;
  Answers answers_;
  AnswerCache cache_;
  Admission admission_;
  bool queue_moved_ = false;
  std::optional<Instant> queue_due_;  ///< when it moves by itself
  Instant positions_told_;
  SpentKeys spent_keys_;
  Health health_;
  Random random_;
  std::unordered_map<ReaderId, Reader> readers_;
  std::unordered_map<RunId, Answer*> runs_;
  std::set<std::pair<Instant, RunId>> timers_;
  std::deque<RunId> composing_;  ///< runs made in place, in the order of their turns
  std::vector<Action> actions_;
  std::size_t next_action_ = 0;  ///< those before it were polled
  prompt::OwnTextCounts own_text_counts_;
  std::vector<stream::Event> events_;  ///< what a codec has just given; empty between inputs
  std::string joined_;                 ///< the text of the entry shown last, where it was joined
  stream::Entry shown_;                ///< the entry shown last, where it stands in no log
  ReaderId last_reader_ = 0;
  RunId last_run_ = 0;
  std::uint64_t runs_started_ = 0;
  Meters meters_;
};

}  // namespace weir::relay
