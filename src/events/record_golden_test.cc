// Records as the first release wrote them, and the numbers behind them. Journals live for years: a
// change that fails here makes old ones unreadable. New types, fields and words go to the end.
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "events/event_twin.h"
#include "events/record.h"

namespace marktwacht {
namespace {

struct Golden {
  std::string_view line;
  std::string_view record;  // hexadecimal
};

constexpr Golden golden[] = {
    {R"({"type":"tick","ts":1714510000000000000,"source":"feed-1","source_seq":300})",
     "240300e0dad9c229cb1706666565642d31ac0200"},
    {R"({"type":"order","ts":1714510000123456789,"source_seq":7,"order_id":"o-1","account_id)"
     R"(":"12345","instrument_id":"BTC-USDT","side":"sell","price":"27123.5","quantity":"0.2)"
     R"(5","time_in_force":"ioc","position_effect":"close","reduce_only":true,"channel":"api)"
     R"(","api_key_id":"key","leverage":"20"})",
     "110215ad36e1c229cb1707bfa613036f2d31053132333435084254432d5553445401868e2101320301020102"
     "036b65790402"},
    {R"({"type":"cancel","ts":0,"order_id":"o-1","reason":"self_match"})",
     "1400000000000000000005036f2d3107"},
    {R"({"type":"trade","ts":9223372036854775807,"source":"é","trade_id":"t","instrument_id)"
     R"(":"ETH-PERP","price":"-99999999999999999999999999999999999999","quantity":"0.0000000)"
     R"(0000000000001","buyer_id":"b","seller_id":"s","aggressor":"buy","kind":"adl","maker_)"
     R"(fee":"-0.001"})",
     "1801ffffffffffffff7f02c3a9cf170174084554482d50455250fdffffffff8f918a93e8a3ecd096d4ccf6ac"
     "020002270162017300040105"},
    {R"({"type":"instrument","ts":1,"instrument_id":"i","kind":"future","base":"BTC","quote")"
     R"(:"USD","tick_size":"0.5","lot_size":"100","contract_type":"inverse","daily_open_coun)"
     R"(t_limit":5000,"hft_forbidden":false,"settlement_times":["00:00","08:30","23:59"],"st)"
     R"(atus":"suspended"})",
     "02000100000000000000ffc01a01690203425443035553440a010204018827000300fe039f0b01"},
    {R"({"type":"account","ts":2,"account_id":"a","kyc_level":3,"opened_ts":1700000000000000)"
     R"(000,"roles":["market_maker","broker","internal"]})",
     "03000200000000000000a10301610300002a36fe9c971749"},
    {R"({"type":"control_group","ts":3,"group_id":"g","account_ids":["a","bc"],"status":"wit)"
     R"(hdrawn"})",
     "0400030000000000000007016702016102626301"},
    {R"({"type":"program","ts":4,"program_id":"p","volume_required":"0"})",
     "070004000000000000000301700000"},
    {R"({"type":"post","ts":5,"post_id":"p","author":"x","channel":"c","text":"to the moon )"
     R"(🚀\n\"now\"","instrument_ids":[]})",
     "1f0005000000000000005b01700178016316746f20746865206d6f6f6e20f09f9a800a226e6f772200"},
    {R"({"type":"decision","ts":6,"user_id":"u","kind":"refuse_change","alert_ids":["1","2"])"
     R"(,"amount":"-1500000","shadow":false,"on":true,"preview_seq":9223372036854775807,"tar)"
     R"(get":{"account_id":"a","list":[1,2.50,null]},"measure":"warn"})",
     "23000600000000000000a38080f43001751f02013101321d0a0001ffffffffffffffff7f277b226163636f75"
     "6e745f6964223a2261222c226c697374223a5b312c322e35302c6e756c6c5d7d06227761726e22"},
    {R"({"type":"alert","ts":7,"alert_id":"spoofing-1","revision":2,"state":"closed","body":)"
     R"({"numbers":{"x":"1.5"}}})",
     "250007000000000000000f0a73706f6f66696e672d310206636c6f736564177b226e756d62657273223a7b22"
     "78223a22312e35227d7d"},
};

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16)));
  }
  return bytes;
}

TEST(RecordGolden, OldRecordsAreReadForEver) {
  for (const Golden& each : golden) {
    Arena arena;
    const std::string record = from_hex(each.record);
    const Event* event = read_record(record, arena);
    ASSERT_NE(event, nullptr) << each.line;
    EXPECT_EQ(line_of(*event), each.line);
  }
}

TEST(RecordGolden, NewRecordsAreTheSameBytes) {
  for (const Golden& each : golden) {
    const DecodedLine line(each.line);
    ASSERT_EQ(line.outcome(), "accepted") << each.line;
    std::string record;
    write_record(*line.event(), record);
    EXPECT_EQ(hex(record), each.record) << each.line;
  }
}

// A type with its code, then its fields in order, each with its words in order.
constexpr std::string_view numbering[] = {
    "1 asset asset:0 decimals:7",
    "2 instrument instrument_id:0 kind:10,spot,perpetual,future base:0 quote:0 tick_size:5"
    " lot_size:5 contract_type:10,linear,inverse contract_multiplier:5 settle_asset:0"
    " underlying:0 max_order_quantity:5 large_order_quantity:5 daily_open_limit:5"
    " daily_open_count_limit:7 position_limit:5 hft_forbidden:9 leverage_max:5"
    " settlement_times:12 status:10,trading,suspended,delisted",
    "3 account account_id:0 person_id:0 master_id:0 referrer_id:0 desk_id:0 kyc_level:7"
    " country:0 opened_ts:8"
    " roles:11,market_maker,hedger,copy_leader,broker,omnibus,liquidator,internal",
    "4 control_group group_id:0 account_ids:1 status:10,active,withdrawn",
    "5 exemption account_id:0 instrument_id:0 kind:10,market_making,hedging until_ts:8",
    "6 address_label address:0 kind:10,exchange,custodian,mixer,contract,own",
    "7 program program_id:0 volume_required:6 from_ts:8 until_ts:8",
    "8 login account_id:0 result:10,ok,failed ip:0 ip_country:0 ip_asn:0"
    " ip_kind:10,residential,mobile,hosting,vpn device_id:0 user_agent:2",
    "9 credential account_id:0 kind:10,password,two_factor,email,phone,api_key,address_book"
    " api_key_id:0",
    "10 deposit account_id:0 asset:0 amount:5 status:10,completed,pending source_address:0"
    " tx_id:0",
    "11 withdrawal account_id:0 asset:0 amount:5 status:10,requested,completed,rejected"
    " destination:0 tx_id:0 withdrawal_id:0",
    "12 transfer from_account_id:0 to_account_id:0 asset:0 amount:5",
    "13 reward account_id:0 kind:10,bonus,commission,fee_rebate,voucher,airdrop asset:0"
    " amount:5 status:10,granted,released,revoked program_id:0 source_account_id:0",
    "14 ledger account_id:0 asset:0 amount:4"
    " kind:10,funding,fee,conversion,interest,loan,adjustment,insurance,deduction,claim ref:0",
    "15 balance account_id:0 asset:0 total:4 available:4 wallet:0",
    "16 valuation asset:0 currency:0 price:5",
    "17 order order_id:0 account_id:0 instrument_id:0 side:10,buy,sell price:4 quantity:5"
    " quote_quantity:5 display_quantity:5 time_in_force:10,gtc,ioc,fok,gtx,gtd"
    " position_effect:10,none,open,close position_side:10,long,short"
    " margin_mode:10,cross,isolated reduce_only:9 trigger_price:4"
    " channel:10,web,app,api,fix,copy,liquidation,system api_key_id:0 copied_from:0 ip:0"
    " leverage:5",
    "18 triggered order_id:0 instrument_id:0",
    "19 replace order_id:0 instrument_id:0 new_order_id:0 price:4 quantity:5",
    "20 cancel order_id:0 instrument_id:0"
    " reason:10,user,ioc,fok,expired,post_only,reduce_only,oco,self_match,disconnect,"
    "mmp,liquidation,admin,system ip:0",
    "21 reject order_id:0 account_id:0 instrument_id:0 side:10,buy,sell price:4 quantity:5"
    " time_in_force:10,gtc,ioc,fok,gtx,gtd"
    " reason:10,post_only,margin,limit,rate,self_match,other",
    "22 book_order order_id:0 account_id:0 instrument_id:0 side:10,buy,sell price:4"
    " quantity:5 quote_quantity:5 display_quantity:5 time_in_force:10,gtc,ioc,fok,gtx,gtd"
    " position_effect:10,none,open,close position_side:10,long,short"
    " margin_mode:10,cross,isolated reduce_only:9 trigger_price:4"
    " channel:10,web,app,api,fix,copy,liquidation,system api_key_id:0 copied_from:0 ip:0"
    " leverage:5",
    "23 book_reset instrument_id:0",
    "24 trade trade_id:0 instrument_id:0 price:4 quantity:5 maker_order_id:0 taker_order_id:0"
    " buyer_id:0 seller_id:0 aggressor:10,buy,sell kind:10,book,block,rfq,liquidation,adl"
    " liquidated:10,buy,sell maker_fee:4 taker_fee:4 maker_fee_asset:0 taker_fee_asset:0"
    " buyer_effect:10,none,open,close seller_effect:10,none,open,close",
    "25 trade_void trade_id:0",
    "26 position account_id:0 instrument_id:0 quantity:4 position_side:10,long,short"
    " entry_price:4 leverage:5",
    "27 index_price instrument_id:0 price:4 status:10,ok,stale,disturbed",
    "28 mark_price instrument_id:0 price:4",
    "29 settlement instrument_id:0 price:4 funding_rate:4",
    "30 announcement instrument_id:0 asset:0"
    " kind:10,listing,delisting,parameter,news,correction text:2 refutes_post_id:0",
    "31 post post_id:0 author:0 account_id:0 channel:0 text:2 repost_of:0 instrument_ids:1",
    "32 report account_id:0 measure_id:0 text:2",
    "33 appeal account_id:0 measure_id:0 text:2",
    "34 command_result command_id:0 account_id:0 instrument_id:0 revision:7"
    " result:10,applied,failed detail:2 amount:4",
    "35 decision user_id:0"
    " kind:10,adopt_proposal,propose,impose,withdraw_proposal,approve,refuse,lift,"
    "extend,set_amount,appeal_decide,assign,note,close_alert,attach_alert,"
    "detach_alert,merge_cases,close_case,reopen_case,snooze,unsnooze,link_confirm,"
    "link_refuse,raise_alert,grant_exemption,watch,publish_rulebook,publish_policy,"
    "set_automatic,reveal,mark_reported,approve_change,refuse_change,erase,hold,lift_hold,"
    "change_user,change_token,change_key reason:2 measure_id:0"
    " alert_id:0 alert_ids:1 case_id:0 case_ids:1 change_id:0 account_id:0 group_id:0"
    " account_ids:1 instrument_id:0 assignee_id:0 clause:0 rule:0 step:0 state:0 outcome:0"
    " exemption_kind:10,market_making,hedging from_ts:8 to_ts:8 until_ts:8 amount:4"
    " reported:9 shadow:9 on:9 preview_seq:7 preview_hash:0 ref:0 token:2 text:2 target:3"
    " measure:3",
    "36 tick",
    "37 alert alert_id:0 revision:7 state:0 body:3",
    "38 proposal proposal_id:0 case_id:0 measure:3",
    "39 timer kind:0 key:0 due_ts:8",
    "40 config name:0 text:2",
};

std::string numbering_of(const EventInfo& info) {
  std::string text = std::to_string(static_cast<int>(info.type)) + " " + std::string(info.word);
  for (const FieldInfo& field : info.fields) {
    text += " " + std::string(field.name) + ":" + std::to_string(static_cast<int>(field.kind));
    for (const std::string_view word : field.words) {
      text += "," + std::string(word);
    }
  }
  return text;
}

// The text of `old` with something added at the end of the list of fields or of a list of words.
bool only_appended(std::string_view old, std::string_view now) {
  for (;;) {
    const std::string_view old_field = old.substr(0, old.find(' '));
    const std::string_view now_field = now.substr(0, now.find(' '));
    const std::string_view rest = now_field.substr(std::min(old_field.size(), now_field.size()));
    if (!now_field.starts_with(old_field) || (!rest.empty() && rest[0] != ',')) {
      return false;
    }
    if (old_field.size() == old.size()) {
      return true;
    }
    if (now_field.size() == now.size()) {
      return false;
    }
    old.remove_prefix(old_field.size() + 1);
    now.remove_prefix(now_field.size() + 1);
  }
}

TEST(RecordGolden, NumbersNeverChange) {
  ASSERT_GE(event_types_end, std::size(numbering) + 1);
  for (std::size_t i = 0; i < std::size(numbering); ++i) {
    const std::string now = numbering_of(*event_info(i + 1));
    EXPECT_TRUE(only_appended(numbering[i], now)) << "was " << numbering[i] << "\nnow " << now;
  }
}

TEST(RecordGolden, WhatCountsAsAppended) {
  EXPECT_TRUE(only_appended("1 a x:1 y:10,p,q", "1 a x:1 y:10,p,q"));
  EXPECT_TRUE(only_appended("1 a x:1 y:10,p,q", "1 a x:1 y:10,p,q,r z:2"));
  EXPECT_FALSE(only_appended("1 a x:1 y:10,p,q", "1 a x:1"));
  EXPECT_FALSE(only_appended("1 a x:1 y:10,p,q", "1 a x:1 z:2 y:10,p,q"));
  EXPECT_FALSE(only_appended("1 a x:1 y:10,p,q", "1 a x:1 y:10,p,r,q"));
  EXPECT_FALSE(only_appended("1 a x:1", "1 a x:11"));
  EXPECT_FALSE(only_appended("1 a x:1", "2 a x:1"));
}

}  // namespace
}  // namespace marktwacht
