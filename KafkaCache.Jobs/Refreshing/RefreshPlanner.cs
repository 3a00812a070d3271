using System.Buffers;
using System.Globalization;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Compares the fetched rows with those in the topic. Rows that break a limit or have an invalid ID are refused.</summary>
internal sealed class RefreshPlanner<TKey, TRow>(
    IReadOnlyKafkaCache<string, TableValue> table, CacheCodec<TKey, TRow> codec, Func<TRow, TKey> keyOf, RefreshLimits limits)
    where TKey : notnull
{
    /// <param name="rows">All rows of the new version.</param>
    /// <param name="before">The number of rows of the previous version; <see langword="null"/> if there is none.</param>
    /// <exception cref="RefreshFailedException">The rows are refused. The message states the reason.</exception>
    public RefreshPlan Plan(IReadOnlyCollection<TRow> rows, long? before)
    {
        CheckCount(rows.Count, before);
        var records = new List<FencedRecord>();
        var seen = new HashSet<string>(rows.Count, StringComparer.Ordinal);
        var current = new ArrayBufferWriter<byte>();
        UInt128 hash = 0;
        long added = 0, changed = 0, total = 0, written = 0, number = 0;
        foreach (var row in rows)
        {
            number++;
            var key = KeyOf(row, number);
            var value = codec.EncodeValue(row);
            var text = TableCodec.KeyOf(key);
            var bytes = (long)key.Length + value.Length;
            CheckRow(text, bytes, number, isNew: seen.Add(text));
            total += bytes + RefreshLimits.EntryOverhead;
            unchecked
            {
                hash += RowHash.Of(key, value);
            }

            current.ResetWrittenCount();
            var isThere = table.TryGetBytes(text, current);
            if (isThere && current.WrittenSpan.SequenceEqual(value))
                continue;
            (added, changed) = isThere ? (added, changed + 1) : (added + 1, changed);
            written += bytes;
            records.Add(new FencedRecord(key, value));
        }

        CheckSizes(total, written);
        var removed = AddTombstones(records, seen);
        return new RefreshPlan(records, seen.Count, hash, added, changed, removed, written);
    }

    private long AddTombstones(List<FencedRecord> records, HashSet<string> seen)
    {
        var before = records.Count;
        foreach (var key in table.Keys)
        {
            if (!ReservedKeys.Has(key) && !seen.Contains(key))
                records.Add(new FencedRecord(TableCodec.BytesOf(key), Value: null));
        }

        return records.Count - before;
    }

    private byte[] KeyOf(TRow row, long number)
    {
        if (row is null)
            throw Refused($"row {number} is null");
        var key = keyOf(row);
        return key is null ? throw Refused($"the ID of row {number} is null") : codec.EncodeKey(key);
    }

    private void CheckCount(long count, long? before)
    {
        if (count == 0 && !limits.AllowEmpty)
            throw Refused($"it has no rows, and AllowEmpty is off");
        if (limits.MaxShrink is { } most && before - count > before * (decimal)most)
            throw Refused($"it has {count} rows, and the previous version has {before}; MaxShrink allows a loss of at most {most:P0}");
    }

    private void CheckRow(string key, long bytes, long number, bool isNew)
    {
        if (!isNew)
            throw Refused($"the ID of row {number} occurs twice");
        if (ReservedKeys.Has(key))
            throw Refused($"the ID of row {number} begins with the prefix of the keys that the cache reserves");
        if (bytes > limits.RowBytes)
            throw Refused($"row {number} has {bytes} bytes, and MaxRowBytes is {limits.RowBytes}");
    }

    private void CheckSizes(long total, long written)
    {
        if (total > limits.SnapshotBytes)
            throw Refused($"its rows take {total} bytes in memory, and MaxSnapshotBytes allows {limits.SnapshotBytes}");
        if (written > limits.TransactionBytes)
            throw Refused($"its new and changed rows have {written} bytes, and MaxTransactionBytes is {limits.TransactionBytes}");
    }

    private static RefreshFailedException Refused(FormattableString reason) =>
        new($"The fetched version is refused: {reason.ToString(CultureInfo.InvariantCulture)}.");
}
