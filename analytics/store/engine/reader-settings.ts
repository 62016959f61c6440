/**
 * Which settings an account that only reads may send: limits of its own, how rows come out, how a query is worked out.
 * All others are refused, since among 1,500 some reach outside in spite of `readonly` (measured on 26.7:
 * format_template_row and format_schema read any file, output_format_schema writes one) and some take more than a share
 * (max_final_threads, os_thread_priority, max_untracked_memory).
 */
import { storeError } from './store-error.ts';

const FAMILIES = [
  'max_',
  'min_',
  'output_format_',
  'format_csv_',
  'format_custom_',
  'date_time_',
  'join_',
  'group_by_',
  'distinct_',
  'optimize_',
  'query_plan_',
  'aggregate_functions_',
  'cast_',
  'force_',
  'use_skip_indexes',
];

const NAMES = new Set([
  'allow_experimental_analyzer',
  'allow_suspicious_types_in_group_by',
  'allow_suspicious_types_in_order_by',
  'any_join_distinct_right_table_keys',
  'compile_expressions',
  'count_distinct_implementation',
  'do_not_merge_across_partitions_select_final',
  'empty_result_for_aggregation_by_empty_set',
  'enable_analyzer',
  'except_default_mode',
  'extremes',
  'final',
  'intersect_default_mode',
  'joined_subquery_requires_alias',
  'limit',
  'load_balancing',
  'log_queries',
  'low_cardinality_allow_in_native_format',
  'network_compression_method',
  'offset',
  'prefer_column_name_to_alias',
  'read_overflow_mode',
  'receive_timeout',
  'result_overflow_mode',
  'send_logs_level',
  'send_timeout',
  'session_timezone',
  'short_circuit_function_evaluation',
  'skip_unavailable_shards',
  'sort_overflow_mode',
  'timeout_overflow_mode',
  'totals_mode',
  'transform_null_in',
  'union_default_mode',
  'use_client_time_zone',
  'use_uncompressed_cache',
]);

/** Inside the families: what names a file or another machine, and what takes more than the account’s share. */
const OUTSIDE = /schema|path|file|url|untracked|_threads|external|temporary|insert|overcommit|concurrent|connections/;

/** Throws READONLY, in words, for the first that is not let through; parameters of the query always are. */
export function refuseReaderSettings(names: Iterable<string>): void {
  for (const name of names) {
    if (name.startsWith('param_') || name === 'max_threads' || NAMES.has(name)) continue;
    if (FAMILIES.some((family) => name.startsWith(family)) && !OUTSIDE.test(name)) continue;
    throw storeError(
      'READONLY',
      `The setting ${name} is refused: this account sets limits, how rows come out and how queries are worked out, nothing else.`,
    );
  }
}
