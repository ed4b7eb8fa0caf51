# Runs `bench` once, small: it must succeed and print JSON with every result.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${PROGRAM} bench --events 20000 --rounds 1 --json
                OUTPUT_VARIABLE output RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "bench ended with ${code}")
endif()
set(expected
    books_tight books_deep books_deep_over_tight books_tight_over_reference engine_tight engine_deep
    engine_over_books_tight engine_over_books_deep ndjson_read ndjson_read_bytes simdjson_lines
    simdjson_many ndjson_over_simdjson record_read journal_write journal_read
    alert_out_p50 alert_out_p999
    links_evidence links_memory_over_allowed
    memory_miss gate_check gate_check_over_miss gate_check_batched gate_change_seen_p99)
string(JSON size LENGTH "${output}" results)
set(names "")
math(EXPR last "${size} - 1")
foreach(at RANGE ${last})
  string(JSON name GET "${output}" results ${at} name)
  string(JSON median GET "${output}" results ${at} median)
  # A difference of two measurements: on a busy machine noise may exceed it.
  if(NOT median GREATER 0 AND NOT name MATCHES "^one_more_rule_")
    message(FATAL_ERROR "${name} is ${median}")
  endif()
  list(APPEND names ${name})
endforeach()
foreach(name ${expected})
  if(NOT name IN_LIST names)
    message(FATAL_ERROR "no result ${name}")
  endif()
endforeach()
string(JSON live GET "${output}" streams deep live_orders)
string(JSON processor GET "${output}" machine processor)
