# Runs the whole table once, small, without the network: each row must be there, with a figure unless
# its peer is not installed.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${TABLE} --marktwacht ${PROGRAM} --quick
                OUTPUT_VARIABLE output ERROR_VARIABLE error RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "bench/table ended with ${code}: ${error}")
endif()
set(expected
    everything_over_books_only_tight everything_over_books_only_deep books_deep_over_tight
    journal_rate ndjson_rate ndjson_over_simdjson ndjson_run_over_simdjson duckdb_five duckdb_five_rules duckdb_rings
    duckdb_memory accounts_growth instruments_growth one_more_rule_tight alert_out_p50
    alert_out_p999 durable_over_fdatasync gate_p99 gate_check_over_miss gate_check_batched
    links_evidence ingestion_rate streams what_if restart idle_account_bytes idle_person_bytes
    live_order_bytes)
foreach(name ${expected})
  if(NOT output MATCHES "\n${name} [^\n]*\n")
    message(FATAL_ERROR "no row ${name}:\n${output}")
  endif()
  if(CMAKE_MATCH_0 MATCHES "skipped" AND NOT name MATCHES "^duckdb_")
    message(FATAL_ERROR "${name} has no figure:\n${output}")
  endif()
endforeach()
if(output MATCHES "NOT EQUAL")
  message(FATAL_ERROR "DuckDB answers otherwise:\n${output}")
endif()
foreach(outside CppTrader wash-trade "--to itch")
  if(NOT output MATCHES "${outside}")
    message(FATAL_ERROR "nothing about ${outside}:\n${output}")
  endif()
endforeach()
