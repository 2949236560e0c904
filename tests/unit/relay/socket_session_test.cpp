#include "weir/relay/socket_session.hpp"

#include <gtest/gtest.h>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

const std::string request_json =
    R"({"repo_url":"https://github.com/a/b","messages":[{"role":"user","content":"Why?"}],)"
    R"("context":[]})";

class SocketSessionTest : public testing::Test {
 protected:
  Host host;
  std::uint8_t last_id = 200;
  SocketSession session{host.relay, [this] { return id_of(++last_id); }, limits::Server{},
                        limits::Request{}, host.now};

  void receive(const wire::ClientFrame& frame) { receive_text(wire::write_client_frame(frame)); }
  void receive_text(std::string_view text) {
    session.receive(text, host.now);
    settle();
  }
  void ask(wire::Ref ref, std::uint8_t key) {
    receive(wire::AskFrame{ref, id_of(key), request_json});
  }
  /// Carries out the relay's actions: the host's own tick passes the wakes on.
  void settle() {
    host.give(Tick{});
    for (const ReaderId reader : host.wakes) session.wake(reader);
    host.wakes.clear();
  }
  /// All frames there are: "ref cursor type ...", or "alive".
  Words frames() {
    settle();
    Words words;
    while (auto text = session.next_frame(host.now)) {
      const auto frame = wire::read_server_frame(*text);
      const auto* event = std::get_if<wire::EventFrame>(&**frame);
      words.push_back(event ? std::to_string(event->ref) + ": " + in_words(event->entry) : "alive");
    }
    return words;
  }
};

TEST_F(SocketSessionTest, JudgesEachAskByWhatItsClientHasSaidOfItself) {
  bool closed = false;
  SocketSession guarded(
      host.relay, [this] { return id_of(++last_id); }, limits::Server{}, limits::Request{},
      host.now,
      [&](std::string_view credential) -> Result<Client> {
        if (credential == "right" && !closed) return Client(7);
        return Error{ErrorCode::unauthorized, "No.", ""};
      });
  const auto say = [&](const wire::ClientFrame& frame) {
    guarded.receive(wire::write_client_frame(frame), host.now);
    const auto text = guarded.next_frame(host.now);
    if (!text) return std::string("nothing");
    const auto frame_back = wire::read_server_frame(*text);
    const auto& event = std::get<wire::EventFrame>(**frame_back);
    return std::to_string(event.ref) + ": " + in_words(event.entry);
  };
  const auto ask_as = [&](wire::Ref ref) {
    return say(wire::AskFrame{ref, id_of(static_cast<std::uint8_t>(ref)), request_json});
  };
  EXPECT_EQ(ask_as(1), "1: 0 error unauthorized");
  EXPECT_EQ(say(wire::AccessFrame{"wrong"}), "0: 0 error unauthorized");
  EXPECT_EQ(ask_as(2), "2: 0 error unauthorized");
  EXPECT_EQ(say(wire::AccessFrame{"right"}), "nothing");
  EXPECT_EQ(ask_as(3), "3: 1 accepted");
  closed = true;
  EXPECT_EQ(ask_as(4), "4: 0 error unauthorized") << "what was right may be so no longer";
  closed = false;
  EXPECT_EQ(say(wire::AccessFrame{""}), "nothing");
  EXPECT_EQ(ask_as(5), "5: 0 error unauthorized");
  guarded.close(host.now);
}

TEST_F(SocketSessionTest, CarriesManyAnswersUnderTheirRefs) {
  ask(1, 1);
  ask(2, 2);
  ASSERT_EQ(host.opened.size(), 2U);
  EXPECT_EQ(frames(), (Words{"1: 1 accepted", "2: 1 accepted"}));
  host.head(host.opened[1].run);
  host.say(host.opened[1].run, "b");
  EXPECT_EQ(frames(), (Words{"2: 2 delta b"}));
  host.head(host.opened[0].run);
  host.finish(host.opened[0].run);
  EXPECT_EQ(frames(), (Words{"1: 2 done stop"}));
  EXPECT_EQ(session.readers().size(), 1U);
}

TEST_F(SocketSessionTest, IsFairBetweenAnswers) {
  ask(1, 1);
  ask(2, 2);
  frames();
  for (const auto& opened : host.opened) {
    host.head(opened.run);
    for (int i = 0; i < 4; ++i) host.say(opened.run, std::string(10'000, 'x'));
  }
  settle();
  std::string turns;
  while (auto text = session.next_frame(host.now)) {
    const auto frame = wire::read_server_frame(*text);
    turns += std::to_string(std::get<wire::EventFrame>(**frame).ref);
  }
  EXPECT_EQ(turns, "12121212");
}

TEST_F(SocketSessionTest, ResumesFromACursor) {
  const ReaderId asker = host.ask(7);
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "a");
  host.say(host.opened[0].run, "b");
  receive(wire::ResumeFrame{5, *host.relay.answer_of(asker), 2});
  EXPECT_EQ(frames(), (Words{"5: 3 delta b"}));
  receive(wire::ResumeFrame{6, id_of(66), 0});
  EXPECT_EQ(frames(), (Words{"6: 0 error not_found"}));
}

TEST_F(SocketSessionTest, CancelsByKeyAlone) {
  ask(1, 1);
  receive(wire::CancelFrame{id_of(1), std::nullopt});
  EXPECT_EQ(frames(), (Words{"1: 1 accepted", "1: 2 error cancelled"}));
  receive(wire::CancelFrame{id_of(9), std::nullopt});
  EXPECT_EQ(frames(), Words{});
  ask(2, 9);
  EXPECT_EQ(frames(), (Words{"2: 0 error cancelled"}));
}

TEST_F(SocketSessionTest, SaysWhereACancelWasRefused) {
  ask(1, 1);
  const Id128 answer = id_of(last_id);
  frames();
  receive(wire::CancelFrame{id_of(2), answer});
  EXPECT_EQ(frames(), (Words{"0: 0 error unauthorized"}));
  EXPECT_EQ(host.relay.figures().running, 1U);
}

TEST_F(SocketSessionTest, GoesOnAfterAFrameItCannotRead) {
  receive_text("{");
  receive_text(R"({"type":"shout"})");
  receive_text(std::string((4 << 20) + 2000, 'x'));
  ask(1, 1);
  EXPECT_EQ(frames(), (Words{"0: 0 error invalid_request", "0: 0 error invalid_request",
                             "0: 0 error request_too_large", "1: 1 accepted"}));
}

TEST_F(SocketSessionTest, RefusesAWrongRequestUnderItsRef) {
  receive(wire::AskFrame{3, id_of(1), R"({"messages":[]})"});
  EXPECT_EQ(frames(), (Words{"3: 0 error invalid_request"}));
  ask(3, 1);
  EXPECT_EQ(frames(), (Words{"3: 1 accepted"}));
}

TEST_F(SocketSessionTest, NamesARefThatIsInUse) {
  ask(4, 1);
  ask(4, 2);
  settle();
  const auto frame = wire::read_server_frame(*session.next_frame(host.now));
  const auto& event = std::get<wire::EventFrame>(**frame);
  EXPECT_EQ(event.ref, 0U);
  EXPECT_EQ(std::get<stream::Failed>(event.entry.event).error.message, "The ref 4 is in use.");
  EXPECT_EQ(host.opened.size(), 1U);
}

TEST_F(SocketSessionTest, FreesARefWithItsAnswersLastEvent) {
  ask(4, 1);
  receive(wire::CancelFrame{id_of(1), std::nullopt});
  frames();
  ask(4, 2);
  EXPECT_EQ(frames(), (Words{"4: 1 accepted"}));
}

TEST_F(SocketSessionTest, CarriesNoMoreAnswersThanItMay) {
  for (std::uint8_t i = 1; i <= 64; ++i) ask(i, i);
  frames();
  ask(65, 65);
  EXPECT_EQ(frames(), (Words{"65: 0 error rate_limited"}));
}

TEST_F(SocketSessionTest, SendsAnAliveFrameAfterEveryPause) {
  EXPECT_EQ(frames(), Words{});
  EXPECT_EQ(session.deadline(), host.now + 15s);
  host.now += 15s;
  EXPECT_EQ(frames(), Words{"alive"});
  EXPECT_EQ(session.deadline(), host.now + 15s);
  host.now += 10s;
  ask(1, 1);
  EXPECT_EQ(frames(), (Words{"1: 1 accepted"}));
  EXPECT_EQ(session.deadline(), host.now + 15s);
}

TEST_F(SocketSessionTest, LeavesItsAnswersWhenItCloses) {
  std::vector<ReaderId> told;
  session.on_reader = [&](ReaderId reader) { told.push_back(reader); };
  ask(1, 1);
  ask(2, 2);
  EXPECT_EQ(told, session.readers());
  session.close(host.now);
  EXPECT_TRUE(session.readers().empty());
  EXPECT_EQ(host.relay.figures().readers, 0U);
  host.pass(30s);
  EXPECT_EQ(host.closed.size(), 2U);
}

TEST_F(SocketSessionTest, HoldsNoMoreErrorsThanItMay) {
  for (int i = 0; i < 5000; ++i) receive_text("{");
  EXPECT_EQ(frames().size(), 1024U);
}

}  // namespace
}  // namespace weir::relay
