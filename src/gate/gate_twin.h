// The gate as docs/gate.md says it, slow and clear: plain lists of restrictions, looked through for
// each question. And random restrictions and questions to compare with.
#pragma once

#include <map>
#include <random>

#include "gate/question.h"
#include "measures/restrictions.h"

namespace marktwacht {

class GateTwin {
 public:
  void put(const SubjectRestrictions& subject) {
    subjects_[subject.subject] = subject.restrictions;
  }
  GateAnswer ask(const GateQuestion& question, bool blind) const;

 private:
  using Held = std::vector<const Restriction*>;

  // The entries in force for one action of one subject that are for the question.
  Held held(const GateQuestion& question, SubjectKind kind, GateAction action) const;
  // The first that says no, over all subjects named.
  const Restriction* denial(const GateQuestion& question, GateAction action) const;
  bool anything_held(const GateQuestion& question, GateAction action) const;
  GateAnswer order(const GateQuestion& question) const;

  std::map<GateSubject, std::vector<Restriction>> subjects_;
};

// Few names and round numbers, so that everything meets everything.
class RandomGate {
 public:
  explicit RandomGate(std::uint64_t seed) : random_(seed) {}

  SubjectRestrictions subject();
  // Its texts live as long as this object.
  GateQuestion question();
  bool one_in(std::uint32_t n) { return below(n) == 0; }

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  std::string_view name(SubjectKind kind, bool may_lack);
  Decimal decimal(bool signed_too);
  Restriction restriction();

  std::mt19937_64 random_;
};

}  // namespace marktwacht
