using System.Text;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories;

/// <summary>An entry according to the log.</summary>
internal readonly record struct FoldedEntry(string Value, int Partition, long Offset, long TimestampMs, bool IsQuarantined);

/// <summary>The oracle of the histories: the entries of a cache that has read a log up to an offset.</summary>
internal static class Fold
{
    /// <summary>Returns the allowed states of each record key. There is only one, unless the cleaner removed the key's last records below
    /// <paramref name="end"/> because of a later record: a cache that read the log before the cleaner has read them, and one that read it
    /// afterwards has not.</summary>
    public static Dictionary<string, List<Dictionary<string, FoldedEntry>>> Of(
        ModelPartition log, long start, long end, HistoryRules rules, bool mayMissTombstones = false)
    {
        var visible = log.Records.Where(
            record =>
                record.Offset >= start && record.Offset < end && !record.IsHidden && record.Flaw is not (Flaw.NullKey or Flaw.BadKey));
        var allowed = new Dictionary<string, List<Dictionary<string, FoldedEntry>>>(StringComparer.Ordinal);
        foreach (var ofKey in visible.GroupBy(static record => Encoding.UTF8.GetString(record.Key!)))
        {
            var records = ofKey.ToList();
            var states = new List<Dictionary<string, FoldedEntry>> { StateAfter(records, rules) };
            while (records is [.., var last] && (last.IsSuperseded || (last.IsCleaned && mayMissTombstones)))
            {
                records.RemoveAt(records.Count - 1);
                states.Add(StateAfter(records, rules));
            }

            allowed.Add(ofKey.Key, states);
        }

        return allowed;
    }

    private static Dictionary<string, FoldedEntry> StateAfter(List<ModelRecord> ofOneKey, HistoryRules rules)
    {
        var state = new Dictionary<string, FoldedEntry>(StringComparer.Ordinal);
        foreach (var record in ofOneKey)
        {
            if (!rules.Refuses(record))
                state = Yields(record, rules);
            else if (rules.Policy == RecordErrorPolicy.Quarantine)
                state = Quarantined(record, rules);
        }

        return state;
    }

    private static Dictionary<string, FoldedEntry> Yields(ModelRecord record, HistoryRules rules)
    {
        if (record.Value is null)
            return [];
        var key = Encoding.UTF8.GetString(record.Key!);
        var value = Encoding.UTF8.GetString(record.Value);
        var keys = rules.Resolves ? HistoryRules.Yields(key, value) : [key];
        return keys.ToDictionary(
            static entry => entry, _ => new FoldedEntry(value, record.Partition, record.Offset, record.TimestampMs, IsQuarantined: false),
            StringComparer.Ordinal);
    }

    // The quarantined keys: the record's own key or, if a resolver yields a value that is too large, the keys that it yields.
    private static Dictionary<string, FoldedEntry> Quarantined(ModelRecord record, HistoryRules rules)
    {
        var key = Encoding.UTF8.GetString(record.Key!);
        var keys = rules.Resolves
            && record.Flaw == Flaw.Oversize ? HistoryRules.Yields(key, Encoding.UTF8.GetString(record.Value!)) : [key];
        return keys.ToDictionary(
            static entry => entry, _ => new FoldedEntry("", record.Partition, record.Offset, record.TimestampMs, IsQuarantined: true),
            StringComparer.Ordinal);
    }
}
