using System.Text;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories;

/// <summary>An entry as the log says it is.</summary>
internal readonly record struct FoldedEntry(string Value, int Partition, long Offset, long TimestampMs, bool IsQuarantined);

/// <summary>The oracle: what a cache must hold that has read a log up to an offset.</summary>
internal static class Fold
{
    /// <summary>For each record key what may stand. That is one state, but for a key whose last records below <paramref name="end"/> the
    /// cleaner took in favour of one beyond: whoever came by before the cleaner has read them, and who came later has not.</summary>
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

    // Its own key, and where a resolver yields what is only too large, the keys of that.
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
