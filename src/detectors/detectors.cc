// In and out of force, and from events to those who listen.
#include "detectors/detectors.h"

#include <algorithm>

namespace marktwacht {
namespace {

void show(const Fill& fill, Occurrence& to) { to.fill = &fill; }
void show(const Withdrawn& withdrawn, Occurrence& to) { to.withdrawn = &withdrawn; }
void show(const OrderClosed& closed, Occurrence& to) { to.order_closed = &closed; }
void show(const Message& message, Occurrence& to) { to.message = &message; }

}  // namespace

void Detectors::publish(std::string_view rulebook_id, std::string_view cited,
                        std::span<const DetectorUse> uses, Time now) {
  const auto mine = [&](const std::unique_ptr<ActiveDetector>& one) {
    return one->rulebook_id == rulebook_id;
  };
  const auto place = std::ranges::find_if(active_, mine) - active_.begin();
  std::vector<std::unique_ptr<ActiveDetector>> others, before, next;
  for (auto& one : active_) {
    (mine(one) ? before : others).push_back(std::move(one));
  }
  for (const DetectorUse& use : uses) {
    const auto same = std::ranges::find_if(before, [&](const auto& one) {
      return one != nullptr && one->use.detector == use.detector && one->use.setup == use.setup;
    });
    auto one = same != before.end() ? std::move(*same) : std::make_unique<ActiveDetector>();
    if (one->detector == nullptr) {
      one->id = ++made_;
      one->use = use;
      one->rulebook_id = rulebook_id;
      one->detector = use.detector->make(use.setup, memories_);
    }
    one->cite(cited);
    open_.recite(*one);
    next.push_back(std::move(one));
  }
  for (const auto& gone : before) {
    if (gone != nullptr) {
      const bool changed =
          std::ranges::find(uses, gone->use.detector, &DetectorUse::detector) != uses.end();
      open_.speak_for(*gone, now, 0);
      open_.end_all_of(*gone, changed ? "detector_changed" : "detector_removed");
    }
  }
  others.insert(others.begin() + std::min(place, std::ssize(others)),
                std::make_move_iterator(next.begin()), std::make_move_iterator(next.end()));
  active_ = std::move(others);
  lay_out();
}

void Detectors::lay_out() {
  heard_ = {};
  by_kind_ = {};
  ahead_by_kind_ = {};
  for (const auto& one : active_) {
    heard_.add(one->spec().hears);
    for (std::size_t kind = 0; kind < by_kind_.size(); ++kind) {
      if (one->spec().hears.has(static_cast<EventKind>(kind))) {
        by_kind_[kind].push_back(one.get());
      }
      if (one->spec().looks_ahead.has(static_cast<EventKind>(kind))) {
        ahead_by_kind_[kind].push_back(one->detector.get());
      }
    }
  }
}

Listening Detectors::listening() const {
  Listening listening;
  listening.fill = heard_.has(EventKind::fill);
  listening.withdrawn = heard_.has(EventKind::withdrawn);
  listening.order_closed = heard_.has(EventKind::order_closed);
  listening.message = heard_.has(EventKind::message);
  listening.order_touched = heard_.any_of(
      {EventKind::order, EventKind::triggered, EventKind::replace, EventKind::cancel});
  for (const auto& one : active_) {
    listening.tape |= one->spec().asks_tape;
    listening.owned |= one->spec().asks_owned;
    listening.lockstep |= one->spec().asks_lockstep;
  }
  return listening;
}

// The line first, then what was derived from it.
void Detectors::tell(const Event& event, const Moment& moment) {
  Occurrence occurrence;
  occurrence.kind = kind_of(event.type);
  occurrence.moment = moment;
  occurrence.line = &event;
  if (heard_.has(occurrence.kind)) {
    const bool of_order = event.type == EventType::order || event.type == EventType::book_order ||
                          event.type == EventType::triggered || event.type == EventType::replace ||
                          event.type == EventType::cancel;
    if (const auto& touched = market_.touched(); of_order && touched && touched->counts) {
      occurrence.account = touched->account;
      occurrence.instrument = touched->instrument;
      occurrence.touched = &*touched;
      deliver(occurrence);
    } else if (!of_order) {
      deliver(occurrence);
    }
    occurrence.touched = nullptr;
  }
  for (const Derived& derived : market_.derived()) {
    tell_derived(derived, occurrence);
  }
}

void Detectors::tell_derived(const Derived& derived, Occurrence& occurrence) {
  static_assert(std::is_same_v<Derived, std::variant<Fill, Withdrawn, OrderClosed, Message>>);
  occurrence.kind =
      static_cast<EventKind>(static_cast<std::size_t>(EventKind::fill) + derived.index());
  if (!heard_.has(occurrence.kind)) {
    return;
  }
  std::visit(
      [&](const auto& one) {
        occurrence.account = one.account;
        occurrence.instrument = one.instrument;
        show(one, occurrence);
      },
      derived);
  deliver(occurrence);
  occurrence.fill = nullptr;
  occurrence.withdrawn = nullptr;
  occurrence.order_closed = nullptr;
  occurrence.message = nullptr;
}

void Detectors::deliver(const Occurrence& occurrence) {
  for (ActiveDetector* one : by_kind_[static_cast<std::size_t>(occurrence.kind)]) {
    open_.speak_for(*one, occurrence.now(), occurrence.moment.day);
    one->detector->on(occurrence, market_, open_);
  }
}

void Detectors::hear(const AlertOpened& alert, std::int64_t today) {
  Occurrence occurrence;
  occurrence.kind = EventKind::alert;
  occurrence.moment = {alert.at, alert.seq, today};
  occurrence.instrument = alert.instrument;
  occurrence.alert = &alert;
  for (ActiveDetector* one : by_kind_[static_cast<std::size_t>(EventKind::alert)]) {
    if (one->spec().id != alert.heard.detector) {
      open_.speak_for(*one, alert.at, today);
      one->detector->on(occurrence, market_, open_);
    }
  }
}

void Detectors::fire(Time due, std::int64_t today) {
  const OpenFindings::Timer timer = open_.take_timer();
  const auto one = std::ranges::find_if(
      active_, [&](const auto& active) { return active->id == timer.detector; });
  check(one != active_.end(), "timers go with their detector");
  open_.speak_for(**one, due, today);
  if (timer.ends) {
    open_.may_end(timer.key, due);
  } else {
    (*one)->detector->fire(timer.key, market_, open_);
  }
}

void Detectors::save(ByteWriter& out) const {
  out.varint(made_);
  out.varint(active_.size());
  for (const auto& one : active_) {
    out.varint(one->id);
    out.text(one->spec().id);
    out.text(one->rulebook_id);
    out.text(one->cited);
    out.varint(one->use.setup.params.size());
    for (const Param& param : one->use.setup.params) {
      out.zigzag(param.units);
    }
    out.varint(one->use.setup.entries_max);
    one->forgot.save(out);
    one->unjudged.save(out);
    one->detector->save(out);
  }
  memories_.save(out);
  open_.save(out);
}

bool Detectors::load_detector(ByteReader& in) {
  auto one = std::make_unique<ActiveDetector>();
  one->id = in.varint();
  one->use.detector = find_detector(in.text());
  one->rulebook_id = in.text();
  one->cited = in.text();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    one->use.setup.params.push_back({in.zigzag()});
  }
  one->use.setup.entries_max = static_cast<std::uint32_t>(in.varint());
  one->forgot = BlindSpot::load(in);
  one->unjudged = BlindSpot::load(in);
  if (!in.ok() || one->use.detector == nullptr || one->use.setup.entries_max == 0 ||
      one->use.setup.params.size() != one->spec().params.size()) {
    return false;
  }
  one->detector = one->use.detector->make(one->use.setup, memories_);
  active_.push_back(std::move(one));
  return active_.back()->detector->load(in, market_);
}

bool Detectors::load(ByteReader& in) {
  made_ = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    if (!load_detector(in)) {
      return false;
    }
  }
  lay_out();
  return memories_.load(in) && open_.load(in, active_);
}

}  // namespace marktwacht
