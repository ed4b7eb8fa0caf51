// From the entries that hold to an answer: the rules of the gate, without its memory. docs/gate.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "gate/question.h"

namespace marktwacht {

// The actions as which one question is judged: an order is all of three.
inline constexpr std::size_t asked_actions_max = 3;

// One entry that is in force and in the scope of a question, as far as judging needs it.
struct GateEntry {
  GateAction action{};
  MeasureKind reason{};
  std::uint64_t measure = 0;
  std::optional<Decimal> limit;
  bool of_asset = false;  // else of all assets, or of those without an entry of their own
  Duration held_min{0};
  bool device_allowed = false;  // login: the question's device is on the entry's list
};

// What one subject's entries say to a question.
class SubjectFindings {
 public:
  struct Denial {
    MeasureKind reason{};
    std::uint64_t measure = 0;
  };

  explicit SubjectFindings(const GateQuestion& question) : question_(&question) {}

  // In the order of a subject's restrictions: by action, instrument, asset.
  void take(const GateEntry& entry);
  // The first denial of the action with this place among those asked.
  std::optional<Denial> denial(std::size_t place) const;
  bool known() const { return known_; }

 private:
  bool denies(const GateEntry& entry) const;

  const GateQuestion* question_;
  std::array<std::optional<Denial>, asked_actions_max> denials_;
  // The limit of all other assets says no, and the asset's own limit was not seen yet.
  std::optional<Denial> others_;
  bool own_limit_ = false;
  bool known_ = false;
};

// Put together over the subjects that a question names, in the order of SubjectKind.
class Judgement {
 public:
  // The question must outlive it.
  explicit Judgement(const GateQuestion& question) : question_(&question) {}

  // False where the answer depends on no entry: then none needs to be looked for.
  bool needs_entries() const;
  void take(const SubjectFindings& findings);
  // `blind`: nobody keeps the entries up to date.
  GateAnswer answer(bool blind) const;

 private:
  GateAnswer order() const;

  const GateQuestion* question_;
  std::array<std::optional<SubjectFindings::Denial>, asked_actions_max> denials_;
  bool known_ = false;
};

// The place of `action` among those as which `question` is judged, if it is one of them.
std::optional<std::size_t> place_asked(const GateQuestion& question, GateAction action);

}  // namespace marktwacht
