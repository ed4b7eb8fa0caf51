// From text to formula: names, types, words and functions are checked, all at once per expression.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/formula.h"
#include "rules/syntax.h"

namespace marktwacht {

// What a name means where it stands.
struct Meaning {
  struct Let {
    std::uint32_t place;
  };
  struct Absent {  // another event in `on` has it, this one does not
    ValueType type{};
  };
  struct Word {  // a word that is known when compiling: the event's own
    std::string_view word;
  };
  std::variant<Field, Number, Let, Absent, Word> is;
};

// An aggregate or baseline in the text: the node that calls it. `place` is where its value will be.
struct CallMeaning {
  Op op{};
  std::uint32_t place = 0;
};

struct CompileNames {
  // An error says what is allowed instead.
  std::function<std::expected<Meaning, std::string>(std::string_view name)> name;
  std::function<std::expected<CallMeaning, SyntaxErrors>(const Syntax&, const SyntaxNode&)> call;
};

// With several events in `on`, an expression is compiled for each of them, and what cannot hold for
// one of them is left out there. This remembers which nodes had a meaning for any of them.
class CompileTrace {
 public:
  explicit CompileTrace(const Syntax& syntax) : notes_(syntax.nodes.size()) {}
  void fits(std::uint32_t node) { notes_[node].fits = true; }
  // A word that the field has, or has not, for one event.
  void word_fits(std::uint32_t node) { notes_[node].word_fits = true; }
  void word_unfit(std::uint32_t node, std::string why) { notes_[node].why = std::move(why); }
  // Once compiled for all events: the words that no event's field has. Compiled anew, what stands
  // beside them is checked too.
  SyntaxErrors refuse_words(const Syntax& syntax);
  bool is_refused(std::uint32_t node) const { return notes_[node].refused; }
  // The topmost nodes at or below `root` that had no meaning for any event.
  SyntaxErrors idle(const Syntax& syntax, std::uint32_t root) const;

 private:
  struct Note {
    bool fits = false, word_fits = false, refused = false;
    std::string why;
  };
  std::vector<Note> notes_;
};

// `wanted` is number, truth, or text: then any value will do (Formula::text).
// All errors of the expression, in the order in which they were met.
std::expected<Formula, SyntaxErrors> compile(const Syntax& syntax, std::uint32_t root,
                                             ValueType wanted, const CompileNames& names,
                                             CompileTrace& trace);

}  // namespace marktwacht
