// Evidence in snapshots: what expires in the order in which it does, then what does not, by
// account.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tuple>

#include "links/evidence.h"

namespace marktwacht {
namespace {

constexpr std::uint64_t fresh_value = 0;  // its kind and text follow; else its number, from 1

// Whether what stands for accounts stands for accounts there are.
bool sound(SharedKind what, std::string_view text, std::uint32_t accounts) {
  const std::size_t named = is_pair(what) ? 2 : what == SharedKind::referrer ? 1 : 0;
  if (named == 0) {
    return !text.empty();
  }
  ByteReader in(text);
  bool known = text.size() == named * sizeof(std::uint32_t);
  for (std::size_t i = 0; i < named; ++i) {
    known = known && in.fixed<std::uint32_t>() < accounts;
  }
  return known;
}

}  // namespace

// Values are numbered as they are met.
struct EvidenceStore::Saving {
  ByteWriter& out;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> numbers;  // by value
  std::uint32_t last = 0;
};

struct EvidenceStore::Loading {
  ByteReader& in;
  std::uint32_t accounts;
  std::vector<std::uint32_t> values;  // by number - 1
};

void EvidenceStore::save_piece(const Piece& piece, Saving& saving) const {
  std::uint32_t& number = saving.numbers[piece.value];  // 0: not met yet
  if (number == 0) {
    number = ++saving.last;
    saving.out.varint(fresh_value);
    saving.out.byte(static_cast<std::uint8_t>(values_[piece.value].what()));
    saving.out.text(values_[piece.value].text());
  } else {
    saving.out.varint(number);
  }
  saving.out.varint(piece.account.value);
  saving.out.zigzag(piece.created.ns);
}

// Of referrals `created` is the opening of the account as it was when the referral was stated.
void EvidenceStore::save(ByteWriter& out) const {
  table_.save(out);
  Saving saving{out, {}, 0};
  std::vector<std::uint32_t> unqueued_pieces;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    visit_pieces(AccountIndex{i}, [&](std::uint32_t at) {
      if (!is_queued(at)) {
        unqueued_pieces.push_back(at);
      }
    });
  }
  out.varint(pieces_live_ - unqueued_pieces.size());
  for (const Queue& queue : queues_) {
    for (const std::uint32_t at : queue) {
      if (!gone_.contains(at) && is_queued(at)) {
        save_piece(pieces_[at], saving);
      }
    }
  }
  std::ranges::sort(unqueued_pieces, {}, [this](std::uint32_t at) {
    const Value& value = values_[pieces_[at].value];
    return std::tuple(pieces_[at].account, value.what(), value.text());
  });
  out.varint(unqueued_pieces.size());
  for (const std::uint32_t at : unqueued_pieces) {
    save_piece(pieces_[at], saving);
  }
  std::vector<std::uint32_t> stated;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].links_nobody == 1 || opened(AccountIndex{i}) != Time{}) {
      stated.push_back(i);
    }
  }
  out.varint(stated.size());
  for (const std::uint32_t account : stated) {
    out.varint(account);
    out.byte(static_cast<std::uint8_t>(rows_[account].links_nobody));
    out.zigzag(opened(AccountIndex{account}).ns);
  }
  save_stars(saving);
}

void EvidenceStore::save_stars(const Saving& saving) const {
  std::vector<std::tuple<SharedKind, std::uint32_t, Time>> all;
  for (const auto& [key, since] : stars_) {
    const auto [what, number] = key;
    all.emplace_back(what, what == SharedKind::transfer ? number : saving.numbers.at(number),
                     since);
  }
  std::ranges::sort(all);
  saving.out.varint(all.size());
  for (const auto& [what, number, since] : all) {
    saving.out.byte(static_cast<std::uint8_t>(what));
    saving.out.varint(number);
    saving.out.zigzag(since.ns);
  }
}

// The piece that comes next, or none where that is malformed.
std::uint32_t EvidenceStore::load_piece(Loading& loading) {
  const std::uint64_t number = loading.in.varint();
  if (number == fresh_value) {
    const std::uint8_t what = loading.in.byte();
    const std::string_view text = loading.in.text();
    if (!loading.in.ok() || what >= shared_kinds || text.size() > ValueStore::text_bytes_max ||
        !sound(static_cast<SharedKind>(what), text, loading.accounts) ||
        find_value(static_cast<SharedKind>(what), text) != none) {
      return none;
    }
    loading.values.push_back(make_value(static_cast<SharedKind>(what), text));
  } else if (number > loading.values.size()) {
    return none;
  }
  const std::uint32_t value =
      number == fresh_value ? loading.values.back() : loading.values[number - 1];
  const std::uint64_t account = loading.in.varint();
  const Time created{loading.in.zigzag()};
  if (!loading.in.ok() || account >= loading.accounts) {
    return none;
  }
  const AccountIndex of{static_cast<std::uint32_t>(account)};
  const bool stranger = is_pair(values_[value].what()) && account_in(values_[value].text()) != of &&
                        account_in(values_[value].text().substr(4)) != of;
  return stranger || find_piece(value, of) != none ? none : add_piece(value, of, created);
}

bool EvidenceStore::load(ByteReader& in, std::uint32_t accounts) {
  if (!table_.load(in)) {
    return false;
  }
  Loading loading{in, accounts, {}};
  for (const bool expires : {true, false}) {
    for (std::uint64_t left = in.varint(); left > 0; --left) {
      const std::uint32_t piece = load_piece(loading);
      if (piece == none) {
        return false;
      }
      const bool referral = kind_of(values_[pieces_[piece].value].what()) == EvidenceKind::referral;
      if (!expires) {
        if (!referral) {
          kept_.emplace(piece, false);
        }
        continue;
      }
      const Queue& queue = queue_of(pieces_[piece]);
      if (referral || (!queue.empty() && pieces_[queue.back()].created > pieces_[piece].created)) {
        return false;
      }
      enqueue(piece);
    }
  }
  for (std::uint64_t left = in.varint(); left > 0; --left) {
    const std::uint64_t account = in.varint();
    const std::uint8_t links_nobody = in.byte();
    const Time opened{in.zigzag()};
    if (!in.ok() || account >= accounts || links_nobody > 1) {
      return false;
    }
    Row& row = row_of(AccountIndex{static_cast<std::uint32_t>(account)});
    row.links_nobody = links_nobody & 1U;
    if (opened != Time{}) {
      opened_[static_cast<std::uint32_t>(account)] = opened;
    }
  }
  return load_stars(loading);
}

bool EvidenceStore::load_stars(Loading& loading) {
  for (std::uint64_t left = loading.in.varint(); left > 0; --left) {
    const std::uint8_t code = loading.in.byte();
    const std::uint64_t number = loading.in.varint();
    const Time since{loading.in.zigzag()};
    const auto what = static_cast<SharedKind>(code);
    if (!loading.in.ok() || code >= shared_kinds) {
      return false;
    }
    if (what == SharedKind::transfer ? number >= rows_.size()
                                     : number == 0 || number > loading.values.size()) {
      return false;
    }
    const std::uint32_t at = what == SharedKind::transfer ? static_cast<std::uint32_t>(number)
                                                          : loading.values[number - 1];
    const std::uint32_t degree =
        what == SharedKind::transfer ? rows_[at].counterparties + 1 : values_[at].degree;
    if ((what != SharedKind::transfer && values_[at].what() != what) ||
        degree <= table_.of(what).degree_cut) {
      return false;
    }
    stars_.try_emplace({what, at}, since);
  }
  return loading.in.ok();
}

}  // namespace marktwacht
