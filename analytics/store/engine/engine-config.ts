/** The engine’s own configuration file: what cannot be set by a statement. */
import { writeFileSync } from 'node:fs';

/** Share of the machine’s memory that all queries together may use: the other processes live here too. */
const MEMORY_RATIO = 0.5;
const MARK_CACHE_BYTES = 512 * 1024 * 1024;

/**
 * Every insert is on the disk, not only in the page cache, before it is acknowledged: what NATS was told is stored is
 * not delivered again after a power cut. Measured: 15 ms more for 500 rows, 40 ms for 50,000.
 */
export function writeEngineConfig(path: string): void {
  const text = `<!-- Written by Sharp Eyes at every start; changes here are lost. -->
<clickhouse>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
  </merge_tree>
  <max_server_memory_usage_to_ram_ratio>${MEMORY_RATIO}</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>${MARK_CACHE_BYTES}</mark_cache_size>
</clickhouse>
`;
  writeFileSync(path, text, { mode: 0o600 });
}
