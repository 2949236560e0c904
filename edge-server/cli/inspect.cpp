#include "inspect.hpp"

#include <iomanip>
#include <ostream>

#include "arguments.hpp"
#include "files.hpp"
#include "weir/retrieval/whole_pack.hpp"

namespace weir::cli {
namespace {

std::string_view section_name(std::uint32_t kind) {
  constexpr std::string_view names[] = {"meta",     "layout", "paths",   "terms",      "term_index",
                                        "postings", "text",   "vectors", "embeddings", "phrases"};
  return kind >= 1 && kind <= std::size(names) ? names[kind - 1] : "unknown";
}

void print_list(std::ostream& output, std::string_view title,
                const std::vector<std::string>& list) {
  for (const std::string& item : list)
    output << std::left << std::setw(12) << title << item << '\n';
}

}  // namespace

int run_inspect(const InspectCommand& command, std::ostream& output, std::ostream& errors) {
  const auto bytes = read_file(command.pack);
  if (!bytes) {
    print(errors, bytes.error());
    return failure;
  }
  const auto whole = retrieval::WholePack::open(*bytes);
  if (!whole) {
    print(errors, whole.error());
    return failure;
  }
  const retrieval::Pack* const pack = &**whole;
  const retrieval::PackInfo& info = pack->info();
  output << "format      version " << pack->version() << ", " << pack->bytes() << " bytes\n"
         << "builder     " << info.builder << '\n'
         << "repository  " << info.repository << '\n'
         << "commit      " << (info.commit.empty() ? "unknown" : info.commit) << '\n'
         << "time        " << (info.time > 0 ? std::to_string(info.time) : "unknown") << '\n'
         << "files       " << pack->file_count() << '\n'
         << "chunks      " << pack->chunk_count() << '\n'
         << "terms       " << info.terms << '\n'
         << "text        " << info.text_bytes << " bytes\n";
  if (const retrieval::EmbeddingSpace* const space = pack->embeddings()) {
    output << "embeddings  " << space->provider << ':' << space->model << ", " << space->dimensions
           << " dimensions" << (space->shortened ? ", as asked for" : "") << '\n';
  }
  print_list(output, "include", info.include);
  print_list(output, "exclude", info.exclude);
  output << "\nsection          offset      length  crc32\n";
  for (const retrieval::SectionEntry& section : pack->sections()) {
    output << std::dec << std::setfill(' ') << std::right << std::setw(2) << section.kind << ' '
           << std::left << std::setw(10) << section_name(section.kind) << std::right
           << std::setw(10) << section.offset << std::setw(12) << section.length << "  " << std::hex
           << std::setfill('0') << std::setw(8) << section.crc32 << '\n';
  }
  return success;
}

}  // namespace weir::cli
