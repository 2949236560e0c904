#include "arguments.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

#include "count.hpp"
#include "index.hpp"
#include "inspect.hpp"
#include "search.hpp"
#include "weir/base/limits.hpp"

namespace weir::cli {
namespace {

void add_index(CLI::App& app, IndexCommand& command) {
  CLI::App* index = app.add_subcommand("index", "Make the pack of a repository");
  index->add_option("DIR", command.folder, "The repository's folder")->required();
  index->add_option("-o,--output", command.output, "The pack to write")->required();
  index->add_option("--include", command.include, "Only files that this glob matches (repeatable)")
      ->allow_extra_args(false);
  index->add_option("--exclude", command.exclude, "No files that this glob matches (repeatable)")
      ->allow_extra_args(false);
  index->add_option("--repository", command.repository,
                    "Its name, host/owner/name; else told from .git or the folder");
  index->add_option("--commit", command.commit, "Its commit; else told from .git");
  index->add_option("--time", command.time,
                    "When that was made, in seconds since 1970; else SOURCE_DATE_EPOCH");
  index
      ->add_option("--threads", command.threads, "Work on so many; else as many as there are cores")
      ->check(CLI::Range(1, 256));
  index->add_flag("!--no-forward", command.forward,
                  "Index afresh, and leave no PACK.forward behind, from which the next run takes "
                  "what has not changed");
  index->add_flag("--report", command.report,
                  "Name the files that were left out or converted, by reason");
  EmbedSettings& embed = command.embed;
  CLI::Option* const model =
      index
          ->add_option("--embed", embed.model,
                       "Have a provider's model embed the chunks, too; what was paid for is kept "
                       "in PACK.embeddings. Keys and addresses as for weir-edge")
          ->type_name("PROVIDER:MODEL");
  index
      ->add_option("--embed-dimensions", embed.dimensions,
                   "Vectors of so many dimensions; else as the model has them")
      ->check(CLI::Range(1U, limits::Pack().embedding_dimensions))
      ->needs(model);
  index->add_option("--config", embed.config, "weir-edge's file, for its providers and prices")
      ->needs(model);
  index
      ->add_flag("--yes", embed.yes,
                 "Agree to what embedding will cost; without, it is asked for, or nothing is "
                 "done (status 3)")
      ->needs(model);
}

void add_search(CLI::App& app, SearchCommand& command) {
  CLI::App* search = app.add_subcommand("search", "Ask a pack");
  search
      ->add_option("PACK", command.arguments,
                   "One or more packs (files that end in .weir), then the question's words")
      ->required();
  search->add_option("-k", command.limit, "How many passages")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  search->add_flag("--json", command.json, "One JSON object in place of text");
  search->add_flag("--batch", command.batch,
                   "Read {\"qid\",\"query\"} lines, write {\"qid\",\"hits\"} lines");
  QuestionSettings& questions = command.questions;
  CLI::Option* const offline =
      search->add_flag("--offline", questions.offline,
                       "Do not have questions embedded by the model of a pack's embeddings");
  search
      ->add_option("--edge", questions.edge,
                   "Have them embedded through a weir-edge, which is told WEIR_ACCESS; else by "
                   "the provider, as the environment has its key")
      ->type_name("URL")
      ->excludes(offline);
  search->add_option("--config", questions.config, "weir-edge's file, for its providers")
      ->excludes(offline);
}

void add_inspect(CLI::App& app, InspectCommand& command) {
  app.add_subcommand("inspect", "Say what a pack holds")
      ->add_option("PACK", command.pack, "The pack")
      ->required();
}

}  // namespace

void print(std::ostream& errors, const Error& error) {
  errors << "weir: " << error.message;
  if (!error.hint.empty()) errors << ' ' << error.hint;
  errors << '\n';
}

int run(const std::vector<std::string>& arguments, std::istream& input, std::ostream& output,
        std::ostream& errors) {
  // `count` reads its own arguments.
  if (!arguments.empty() && arguments.front() == "count") {
    return run_count(std::span(arguments).subspan(1), input, output, errors);
  }
  CLI::App app("Indexes code repositories, searches them and counts tokens.", "weir");
  app.require_subcommand(1);
  IndexCommand index;
  SearchCommand search;
  InspectCommand inspect;
  add_index(app, index);
  add_search(app, search);
  add_inspect(app, inspect);
  app.add_subcommand("count", "Count the tokens of the standard input [--encoding NAME] [--jsonl]");
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, output, errors) == 0 ? success : bad_usage;
  }
  if (app.got_subcommand("index")) return run_index(index, input, errors);
  if (app.got_subcommand("search")) return run_search(search, input, output, errors);
  return run_inspect(inspect, output, errors);
}

}  // namespace weir::cli
